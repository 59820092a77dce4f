import { describe, expect, it } from 'vitest';
import { RESON8_INVARIANTS } from '../../../../src/conformance/invariants/reson8/reson8.ts';
import { INCLUDE_FLAGS, type IncludeFlag } from '../../../../src/protocol/reson8/handshake.ts';
import { audio, heard, outcomes } from '../../play.ts';
import { titled } from '../../../support/titled.ts';
import { FULL, FULL_WORDS, session, SMALL, without } from './cases/building.ts';

type Message = Record<string, unknown>;

/** The fields of each flag, with the requirements that ask for them and that forbid them. */
const FIELDS = [
  { flag: 'include_interim', of: 'transcript', name: 'is_final', asked: 'R8-TR-002', unasked: 'R8-TR-003' },
  {
    flag: 'include_timestamps',
    of: 'transcript',
    name: 'start_ms',
    asked: 'R8-TR-005',
    unasked: 'R8-TR-006',
  },
  {
    flag: 'include_timestamps',
    of: 'transcript',
    name: 'duration_ms',
    asked: 'R8-TR-005',
    unasked: 'R8-TR-006',
  },
  { flag: 'include_words', of: 'transcript', name: 'words', asked: 'R8-TR-007', unasked: 'R8-TR-008' },
  { flag: 'include_timestamps', of: 'word', name: 'start_ms', asked: 'R8-W-002', unasked: 'R8-W-003' },
  { flag: 'include_timestamps', of: 'word', name: 'duration_ms', asked: 'R8-W-002', unasked: 'R8-W-003' },
  { flag: 'include_confidence', of: 'word', name: 'confidence', asked: 'R8-W-004', unasked: 'R8-W-005' },
] as const satisfies readonly { flag: IncludeFlag; [key: string]: string }[];

const COMBINATIONS = Array.from({ length: 2 ** INCLUDE_FLAGS.length }, (_, bits) =>
  INCLUDE_FLAGS.filter((_flag, at) => (bits & (1 << at)) !== 0),
);

/** The document's transcript, with only the fields of these flags. */
function conforming(flags: readonly IncludeFlag[]): Message {
  const lacking = (of: string) =>
    FIELDS.filter((field) => field.of === of && !flags.includes(field.flag)).map(({ name }) => name);
  const words = FULL_WORDS.map((word) => without(word, ...lacking('word')));
  return without({ ...FULL, words }, ...lacking('transcript'));
}

const played = (flags: readonly IncludeFlag[], message: Message) =>
  session(flags.map((flag) => `${flag}=true`).join('&'), audio(4000), heard(message));
const brokenBy = (flags: readonly IncludeFlag[], message: Message) => {
  const play = played(flags, message);
  return RESON8_INVARIANTS.map(({ id }) => id).filter((id) => outcomes(id, play).includes('broken'));
};

const byFlags = titled<readonly IncludeFlag[]>(COMBINATIONS, (flags) =>
  flags.length === 0 ? 'no flags' : flags.join(', '),
);
describe.each(byFlags)('with %s', (_title, flags) => {
  const right = conforming(flags);

  it('exactly the fields of these flags break nothing', () => {
    expect(brokenBy(flags, right)).toEqual([]);
  });

  it.each(FIELDS.filter(({ of }) => of === 'transcript'))(
    'a transcript has $name if and only if $flag asks for it',
    ({ flag, name, asked, unasked }) => {
      const isAsked = flags.includes(flag);
      const wrong = isAsked ? without(right, name) : { ...right, [name]: FULL[name] };
      expect(brokenBy(flags, wrong)).toContain(isAsked ? asked : unasked);
    },
  );

  it.each(FIELDS.filter(({ of }) => of === 'word'))(
    'a word has $name if and only if $flag asks for it',
    ({ flag, name, asked, unasked }) => {
      const isAsked = flags.includes(flag);
      const words = FULL_WORDS.map((word) => {
        const plain = Object.fromEntries(
          Object.entries(word).filter(([key]) =>
            FIELDS.every((field) => field.of !== 'word' || field.name !== key || flags.includes(field.flag)),
          ),
        );
        return isAsked ? without(plain, name) : { ...plain, [name]: word[name] };
      });

      expect(brokenBy(flags, { ...right, words })).toContain(isAsked ? asked : unasked);
    },
  );
});

describe('flags that cannot be read', () => {
  it.each(['include_words=1', 'include_words=true&include_words=false'])(
    '%s neither asks for words nor forbids them',
    (query) => {
      for (const message of [SMALL, { ...SMALL, words: [] }]) {
        const play = session(query, audio(4000), heard(message));
        expect(outcomes('R8-TR-007', play)).toEqual([]);
        expect(outcomes('R8-TR-008', play)).toEqual([]);
      }
    },
  );
});
