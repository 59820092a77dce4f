import { createServer, type ServerResponse } from 'node:http';
import { readFile } from 'node:fs/promises';
import { portOf } from '../../wire/tcp.ts';
import { AUDIO_FIXTURES } from '../../scenario/speech/fixtures.ts';
import type { TraceContext } from '../../wire/trace.ts';

type Known = Pick<TraceContext, 'source' | 'fetched'>;

const MP3 = 'audio/mpeg';
const HLS = 'application/vnd.apple.mpegurl';
/** In the form in which a storage account signs URLs (S2:133). */
const SIGNATURE = 'sv=2024-11-04&sr=b&sp=r&sig=c3R1ZHk%2Fc3R1ZHk%3D';

interface Entry {
  readonly source?: Known['source'];
  readonly fetched?: Known['fetched'];
  readonly file?: string;
  readonly type: string;
  readonly status?: number;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** The query without which a request is refused. */
  readonly query?: string;
}

const ENGLISH = { recording: 'en-appointment.mp3', ms: 7704 };
const DUTCH = { recording: 'nl-afspraak.mp3', ms: 7704 };
/** The length of the first segment of each playlist, which can be decoded alone. */
const SEGMENT_MS = 3024;

const segment = (file: string, fetched?: Known['fetched']): Readonly<Record<string, Entry>> => ({
  [`/${file}`]: { file, type: MP3, ...(fetched === undefined ? {} : { fetched }) },
});

/** The files that a server may be asked to fetch. Another base URL must have files of the same names. */
const ENTRIES: Readonly<Record<string, Entry>> = {
  '/en-appointment.mp3': { source: 'mp3', fetched: ENGLISH, file: 'en-appointment.mp3', type: MP3 },
  '/nl-afspraak.mp3': { source: 'mp3', fetched: DUTCH, file: 'nl-afspraak.mp3', type: MP3 },
  '/en-appointment-hls/media.m3u8': {
    source: 'hls',
    fetched: ENGLISH,
    file: 'en-appointment-hls/media.m3u8',
    type: HLS,
  },
  ...segment('en-appointment-hls/segment-0.mp3', { ...ENGLISH, ms: SEGMENT_MS }),
  ...segment('en-appointment-hls/segment-1.mp3'),
  ...segment('en-appointment-hls/segment-2.mp3'),
  ...segment('nl-afspraak-hls/segment-0.mp3', { ...DUTCH, ms: SEGMENT_MS }),
  '/recordings/en-appointment.mp3': {
    source: 'blob',
    fetched: ENGLISH,
    file: 'en-appointment.mp3',
    type: 'application/octet-stream',
    headers: { 'x-ms-blob-type': 'BlockBlob', 'accept-ranges': 'bytes' },
    query: SIGNATURE,
  },
  '/missing.mp3': { source: 'missing', status: 404, type: 'text/plain', body: 'Not found\n' },
  '/protected.mp3': {
    source: 'forbidden',
    status: 401,
    type: 'text/plain',
    body: 'Unauthorized\n',
    headers: { 'www-authenticate': 'Basic realm="recordings"' },
  },
  '/notes.txt': { source: 'text', type: 'text/plain', body: 'This is not audio.\n'.repeat(200) },
};

/** What is known about the audio behind the URL of a stream in a scenario, if the file is ours. */
export function knownOf(url: string | false | undefined): Known {
  if (url === undefined || url === false) return {};
  const [path = ''] = url.split('?');
  const { source, fetched } = (Object.hasOwn(ENTRIES, path) ? ENTRIES[path] : undefined) ?? {};
  return { ...(source === undefined ? {} : { source }), ...(fetched === undefined ? {} : { fetched }) };
}

/** A running server of the files for stream mode. */
export interface StreamSource extends AsyncDisposable {
  /** Its origin, without a trailing slash. */
  readonly url: string;
}

/** The URL of a recording with a query, which a client must preserve (S2:133). */
export function signedStream(base: string): string {
  return `${base}/recordings/en-appointment.mp3?${SIGNATURE}`;
}

/** Serves the sources for stream mode, on loopback. */
export async function serveStreams(): Promise<StreamSource> {
  const server = createServer((request, response) => {
    const [path = '', query] = (request.url ?? '').split('?');
    const entry = Object.hasOwn(ENTRIES, path) ? ENTRIES[path] : undefined;
    void answer(entry, query, response);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${portOf(server)}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function answer(
  entry: Entry | undefined,
  query: string | undefined,
  response: ServerResponse,
): Promise<void> {
  if (entry === undefined) return void response.writeHead(404).end();
  if (entry.query !== undefined && query !== entry.query) return void response.writeHead(403).end();
  const body = entry.file === undefined ? entry.body : await readFile(new URL(entry.file, AUDIO_FIXTURES));
  response.writeHead(entry.status ?? 200, { 'content-type': entry.type, ...entry.headers }).end(body);
}
