import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  DIALECT_NAMES,
  dialectOfPath,
  dialectsOf,
  isSocket,
  mainSocketOf,
  vendorOf,
  VENDORS,
} from '../../src/protocol/dialects.ts';

/** The files to which a new dialect of a known vendor adds a line. The compiler asks for all but the first. */
const REGISTRIES = [
  'protocol/dialects.ts',
  'scenario/dialects/dialects.ts',
  'scenario/dialects/calls.ts',
  'mock-server/dialects/dialects.ts',
  'conformance/dialects/dialects.ts',
  'conformance/client/suites/suites.ts',
  'load/dialects.ts',
];

/** Other files that name a dialect, and why a new one does not change them. */
const ALLOWED: Readonly<Record<string, string>> = {
  'protocol/transport/requirements.ts': 'whose sockets WebSocket itself is judged on',
  'protocol/transport/observations.ts': 'whose sockets WebSocket itself is observed on',
  'conformance/conversation/read-message.ts': 'what is at a path of no dialect is read as this one',
  'conformance/causes/fate.ts': 'the two calls of the REST API are of this dialect',
  'conformance/explore/legal-sessions.ts':
    'generated sessions, by vendor: a new vendor is asked for by the compiler',
  'conformance/causes/other-edition.ts':
    'what each service looks like in an edition: a new vendor is asked for by the compiler',
  'conformance/client/causes/places.ts':
    'how a sentence names the calls of a service: a new dialect of calls is asked for by the compiler',
  'protocol/editions.ts': 'how each service behaves: a new vendor is asked for by the compiler',
  'mock-server/fleet/said/rest.ts': 'only the REST API of this dialect starts a service',
  'mock-server/rest/scenarios.ts': 'only the REST API of this dialect starts a service',
  'mock-server/rest/app.ts': 'its calls are of this dialect',
  'mock-server/journal/usage.ts': 'what each service has heard, by vendor: a new one needs nothing',
  'mock-server/addresses.ts': 'the addresses that users read by the name of their vendor',
  'cli/demo/demo.ts': 'the demo shows one of each vendor',
  'page/speak/services.ts': 'how a client speaks to each socket: the page may not import the list',
  'page/speak/speak.tsx': 'the one that is chosen at first',
  'page/text.ts': 'the names of endpoints for people: one without is shown as it is',
};

/** The own files of a dialect, which are named after it or in a folder that is. */
const OWN = /(?:^|\/)(?:scriptix|reson8)[^/]*(?:\/|\.ts$)|suites\/(?:microphone|stream|rest)\.ts$/;

/** The name as a value or a key, or of a table, but not in a sentence, an example or a comment. */
const NAMED = new RegExp(
  [
    `'(?:${DIALECT_NAMES.join('|')})'`,
    `^\\s+(?:readonly )?(?:${VENDORS.join('|')}):`,
    'Record<(?:Dialect|SocketDialect|Vendor),',
  ].join('|'),
  'm',
);

const SRC = join(import.meta.dirname, '../../src');

describe('the list of dialects', () => {
  it('is the only one: apart from the registries, few files name a dialect, each for a reason', () => {
    const naming = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.tsx?$/.test(name) && !OWN.test(name))
      .filter((name) => NAMED.test(readFileSync(join(SRC, name), 'utf8')));

    expect(naming.sort()).toEqual([...REGISTRIES, ...Object.keys(ALLOWED)].sort());
  });

  it('has the vendor of each dialect, and the main socket of each vendor', () => {
    expect(VENDORS.flatMap(dialectsOf)).toEqual(DIALECT_NAMES);
    expect(VENDORS.map(mainSocketOf)).toEqual(['scriptix', 'reson8']);
    expect(DIALECT_NAMES.filter((dialect) => !isSocket(dialect)).map(vendorOf)).toEqual([
      'scriptix',
      'reson8',
    ]);
  });

  it.each([
    ['/v2/realtime', 'scriptix'],
    ['/behind/a/proxy/v2/realtime', 'scriptix'],
    ['/v2/client/some-token', 'scriptix-stream'],
    ['/v2/client/', 'scriptix-stream'],
    ['/api/v4/realtime/status', 'scriptix-rest'],
    ['/api/v4/realtime/other', undefined],
    ['/v1/speech-to-text/realtime', 'reson8'],
    ['/realtime', 'scriptix'],
    ['/behind/a/proxy/realtime', 'scriptix'],
    ['/v1/auth/token', 'reson8-rest'],
    ['/v1/speech-to-text', undefined],
    ['', undefined],
  ])('has the dialect that is served at %s: %s', (path, expected) => {
    expect(dialectOfPath(path)).toBe(expected);
  });
});
