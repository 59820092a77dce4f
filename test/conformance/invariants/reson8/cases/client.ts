import { at, audio, close, context, events, heard, play, request, response, said } from '../../../play.ts';
import {
  confirmed,
  end,
  flush,
  INTERIM,
  KEY,
  report,
  session,
  SMALL,
  switched,
  transcript,
  upgrade,
  type Case,
} from './building.ts';

const RAW = 'encoding=pcm_s16le';
const NOTHING = session('', audio(20));
const UNKNOWN_TYPE = heard({ type: 'hint', text: 'louder please' });
const bytes = (byteCount: number, frameCount?: number) =>
  ({
    kind: 'binary',
    from: 'client',
    byteCount,
    ...(frameCount === undefined ? {} : { frameCount }),
  }) as const;
const queried = (query: string) => play(events([upgrade(query)]));
const interim = (text: string) => transcript(text, { is_final: false });
const shows = (text: string) => report({ event: 'display', text });
const BASE64 = 'UklGRiQAAABXQVZFZm10'.repeat(20);

/** What only a client can break. */
export const CLIENT_CASES: readonly Case[] = [
  {
    id: 'R8-QRY-001',
    held: queried('encoding=pcm_s16le'),
    broken: queried('encoding=pcm_s16be'),
    evidence: [0],
    actual: 'encoding: "pcm_s16be"',
    silent: queried(''),
  },
  {
    id: 'R8-QRY-002',
    held: queried('sample_rate=44100'),
    broken: queried('sample_rate=0'),
    evidence: [0],
    actual: 'sample_rate: "0"',
    silent: queried(''),
  },
  {
    id: 'R8-QRY-003',
    held: queried('channels=2'),
    broken: queried('channels=1.5'),
    evidence: [0],
    actual: 'channels: "1.5"',
    silent: queried(''),
  },
  {
    id: 'R8-QRY-004',
    held: queried('include_words=false'),
    broken: queried('include_words=True'),
    evidence: [0],
    actual: 'include_words: "True"',
    silent: queried(''),
  },
  {
    id: 'R8-QRY-006',
    held: session(`${RAW}&channels=2`, bytes(640)),
    broken: session(`${RAW}&channels=2`, bytes(642)),
    evidence: [3],
    actual: '642 bytes in one frame',
    silent: session('', bytes(641)),
  },
  {
    id: 'R8-MSG-003',
    held: NOTHING,
    broken: session('', said({ type: 'audio', data: BASE64 })),
    evidence: [3],
    actual: 'text that looks like audio',
    silent: session('', flush()),
  },
  {
    id: 'R8-MSG-004',
    held: session('', flush()),
    broken: session('', said({ type: 'stop' })),
    evidence: [3],
    actual: '{\\"type\\":\\"stop\\"}',
    silent: NOTHING,
  },
  {
    id: 'R8-MSG-005',
    held: session(
      '',
      heard({ ...SMALL, language: 'en' }),
      audio(20),
      at(1000, close('client')),
      end('client'),
    ),
    broken: session('', heard({ ...SMALL, language: 'en' }), close('client', 1008), end('client')),
    evidence: [3, 4],
    actual: 'Close 1008, 10 ms after it',
    silent: session('', heard(SMALL), close('client', 1008)),
  },
  {
    id: 'R8-TR-016',
    held: session(INTERIM, interim('the'), shows('the'), interim('the patient'), shows('the patient')),
    broken: session(INTERIM, interim('the'), shows('the'), interim('the patient'), shows('the the patient')),
    evidence: [3, 5, 6],
    actual: 'with what came in its place: "the the patient"',
    silent: session(INTERIM, interim('the'), interim('the patient')),
  },
  {
    id: 'R8-ERR-002',
    held: play(events([upgrade(), response(401), report({ event: 'error', kind: 'auth' })])),
    broken: play(events([upgrade(), response(401), report({ event: 'state', state: 'listening' })])),
    evidence: [1],
    actual: 'no report of an error',
    silent: play(events([upgrade(), response(401)])),
  },
];

/** Requirements on both sides, broken by the client. */
export const CLIENT_SIDE_CASES: readonly Case[] = [
  {
    id: 'R8-CONN-001',
    held: NOTHING,
    broken: play(
      events([context({ dialect: 'reson8' }), request('/v1/speech-to-text/realtime/', KEY), switched()]),
    ),
    evidence: [1],
    actual: 'the path "/v1/speech-to-text/realtime/"',
    silent: play(events([context({ dialect: 'reson8' }), switched()])),
  },
  {
    id: 'R8-AUTH-001',
    held: NOTHING,
    broken: play(events([upgrade('token=redacted-1', {})])),
    evidence: [0],
    actual: 'none of them',
    silent: play(events([context({ dialect: 'reson8' }), switched()])),
  },
  {
    id: 'R8-MSG-005',
    held: session('', UNKNOWN_TYPE, audio(20), flush('a'), at(1000, confirmed('a')), close('client')),
    broken: session('', UNKNOWN_TYPE, shows('louder please'), flush('a'), confirmed('a')),
    evidence: [3, 4],
    actual: 'it showed "louder please"',
    also: ['R8-MSG-002'],
    silent: NOTHING,
  },
  {
    id: 'R8-FL-011',
    held: session('', audio(20), flush(), at(1000, confirmed(null)), close('client')),
    broken: session('', flush(), confirmed(null), close('client', 1011)),
    evidence: [3, 4, 5],
    actual: 'Close 1011, 10 ms after it',
    silent: session('', flush()),
  },
];
