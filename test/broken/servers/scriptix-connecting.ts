import type { Broken } from '../harness/broken.ts';
import {
  fetches,
  is,
  isError,
  isMicrophone,
  isStream,
  onEach,
  refusing,
  saying,
} from '../harness/changes.ts';
import { taking, withQuery } from '../harness/changes.ts';
import type { Asked, Behaviour, HttpReply, Mutation } from '../harness/mutation.ts';
import { PATIENCE } from '../harness/patience.ts';

const NOT_FOUND: HttpReply = { status: 404, body: { detail: 'Not Found' } };
const UNAUTHORIZED: HttpReply = { status: 401, body: { detail: 'Not authenticated' } };

function asks(name: string, value: string): (asked: Asked) => boolean {
  return (asked) => asked.query.get(name) === value;
}

function refusesHeader(name: string): Mutation {
  return refusing(({ headers }) => headers[name] !== undefined, UNAUTHORIZED);
}

/** Connections of microphones (S0; S1:7-16; S2:1-30). */
export const scriptixConnecting: readonly Broken[] = [
  {
    id: 'SX-CONN-002',
    dialect: 'scriptix',
    breaks: 'serves nothing at /v2/realtime for one of the languages',
    mutation: refusing((asked) => isMicrophone(asked) && asks('language', 'nl')(asked), NOT_FOUND),
  },
  {
    id: 'SX-CONN-003',
    dialect: 'scriptix',
    breaks: 'serves nothing at /v2/client/{token} for the model quality',
    mutation: refusing((asked) => isStream(asked) && asks('type', 'quality')(asked), NOT_FOUND),
  },
  {
    id: 'SX-CONN-005',
    dialect: 'scriptix',
    breaks: 'does not accept the token as a query parameter',
    mutation: refusing((asked) => isMicrophone(asked) && asked.query.has('token'), UNAUTHORIZED),
  },
  {
    id: 'SX-CONN-006',
    dialect: 'scriptix',
    breaks: 'does not accept the token in x-zoom-s2t-key',
    mutation: refusesHeader('x-zoom-s2t-key'),
  },
  {
    id: 'SX-CONN-007',
    dialect: 'scriptix',
    breaks: 'does not accept the token in x-api-key',
    mutation: refusesHeader('x-api-key'),
  },
  {
    id: 'SX-CONN-008',
    dialect: 'scriptix',
    breaks: 'does not accept the token in api-key',
    mutation: refusesHeader('api-key'),
  },
  {
    id: 'SX-CONN-010',
    dialect: 'scriptix',
    breaks: 'accepts clients without a token',
    mutation: taking(isAnonymous, (asked) => withQuery(asked, { token: 'right-key' })),
  },
  {
    id: 'SX-CONN-011',
    dialect: 'scriptix',
    breaks: 'does not check whether a token is valid',
    mutation: taking(asks('token', 'invalid-key'), (asked) => withQuery(asked, { token: 'right-key' })),
  },
  {
    id: 'SX-CONN-013',
    dialect: 'scriptix',
    breaks: 'requires a language for the model quality',
    mutation: refusing(
      (asked) => isMicrophone(asked) && asks('type', 'quality')(asked) && !asked.query.has('language'),
      { status: 400, body: { detail: 'language is required' } },
    ),
  },
  {
    id: 'SX-CONN-016',
    dialect: 'scriptix',
    breaks: 'requires a type with a language, and none without: two readings of A1 at once',
    isDoubtful: true,
    mutation: refusing(({ query }) => query.has('language') && !query.has('type'), {
      status: 400,
      body: { detail: 'type is required' },
    }),
  },
  {
    id: 'SX-CONN-017',
    dialect: 'scriptix',
    breaks: 'accepts any type',
    mutation: taking(asks('type', 'turbo'), (asked) => withQuery(asked, { type: 'fast' })),
  },
  {
    id: 'SX-CONN-019',
    dialect: 'scriptix',
    breaks: 'takes too long to answer the upgrade with the token in api-key',
    mutation: {
      admit: ({ headers }) =>
        headers['api-key'] === undefined
          ? undefined
          : { kind: 'patient', afterMs: PATIENCE.establishMs + 500 },
    },
  },
];

function isAnonymous({ path, query, headers }: Asked): boolean {
  const names = ['x-zoom-s2t-key', 'x-api-key', 'api-key'];
  return (
    isMicrophone({ path, query, headers }) && !query.has('token') && !names.some((name) => name in headers)
  );
}

/** Ends the connection without an error, as if all were well. */
function closesInstead(where: (asked: Asked) => boolean): Mutation {
  return onEach(where, (): Behaviour => {
    return {
      onSaid(message, line) {
        if (isError(message)) line.close(1000);
        else line.say(message);
      },
    };
  });
}

function failing(where: (asked: Asked) => boolean): Mutation {
  return onEach(where, () => ({
    onOpen(line) {
      line.say({ error: 'Unsupported source' });
      line.close(1000);
    },
    onSaid: () => undefined,
  }));
}

/** Streams that the server fetches (S1:25-30; S2:11-23,95-135). */
export const scriptixStreams: readonly Broken[] = [
  {
    id: 'SX-STR-002',
    dialect: 'scriptix',
    breaks: 'closes without an error when there is no url',
    mutation: closesInstead((asked) => isStream(asked) && !asked.query.has('url')),
  },
  {
    id: 'SX-STR-007',
    dialect: 'scriptix',
    breaks: 'does not play MP3 files',
    mutation: failing(fetches('[0-9]/en-appointment\\.mp3$')),
  },
  {
    id: 'SX-STR-008',
    dialect: 'scriptix',
    breaks: 'does not play playlists',
    mutation: failing(fetches('m3u8$')),
  },
  {
    id: 'SX-STR-009',
    dialect: 'scriptix',
    breaks: 'does not accept URLs with a signature',
    mutation: failing(fetches('sig=')),
  },
  {
    id: 'SX-STR-010',
    dialect: 'scriptix',
    breaks: 'closes without an error when nothing is behind the URL',
    mutation: closesInstead(fetches('missing')),
  },
  {
    id: 'SX-STR-011',
    dialect: 'scriptix',
    breaks: 'closes without an error when what it fetches is not audio',
    mutation: closesInstead(fetches('notes')),
  },
  {
    id: 'SX-STR-012',
    dialect: 'scriptix',
    breaks: 'closes without an error when the source requires a password',
    mutation: closesInstead(fetches('protected')),
  },
  {
    id: 'SX-STR-007',
    dialect: 'scriptix',
    breaks: 'begins a stream only when the client sends something',
    mutation: onEach(
      (asked) => isStream(asked) && !asked.query.has('type'),
      () => ({ onSaid: () => undefined, onEnd: () => undefined }),
    ),
  },
  {
    id: 'SX-STR-014',
    dialect: 'scriptix',
    breaks: 'does not send listening for a stream',
    mutation: saying(is('listening'), () => [], isStream),
  },
];
