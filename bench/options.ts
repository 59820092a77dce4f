import { parseArgs } from 'node:util';

/** What is measured by default, in about six minutes. */
const USUAL = ['realtime', 'memory', 'unpaced', 'start', 'idle', 'workers', 'runner', 'judging'] as const;
export const MEASURES = [...USUAL, 'scale', 'control', 'file', 'pack', 'load', 'page', 'redis'] as const;
export type Measure = (typeof MEASURES)[number];

export interface Options {
  readonly sessions: number;
  readonly seconds: number;
  readonly rounds: number;
  readonly only: readonly Measure[];
  readonly json: boolean;
  /** A directory for a processor profile of the fake, instead of a comparison. */
  readonly profile: string | undefined;
  /**
   * The number of sessions to play through all scenarios, instead of a comparison; afterwards the server must hold
   * nothing of them.
   */
  readonly soak: number | undefined;
  /**
   * Compares the fake with servers of other projects, which come from the npm registry, instead of the usual
   * comparison.
   */
  readonly peers: boolean;
  /** Only prints the list of aims; nothing is measured. */
  readonly aims: boolean;
}

export const USAGE = `npm run bench -- [--sessions 1000] [--seconds 20] [--rounds 2] [--only ${USUAL.join(',')}] (also: ${MEASURES.slice(USUAL.length).join(',')}) [--json]
npm run bench -- --profile DIR [--sessions 1000] [--seconds 20]
npm run bench -- --soak 10000
npm run bench -- --peers [--sessions 1000] [--rounds 2] [--json]
npm run bench -- --aims`;

/** Reads the command line; throws an Error whose message describes the mistake. */
export function readOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      sessions: { type: 'string', default: '1000' },
      seconds: { type: 'string', default: '20' },
      rounds: { type: 'string', default: '2' },
      only: { type: 'string' },
      json: { type: 'boolean', default: false },
      profile: { type: 'string' },
      soak: { type: 'string' },
      peers: { type: 'boolean', default: false },
      aims: { type: 'boolean', default: false },
    },
  });
  const instead = [
    ...(values.profile === undefined ? [] : ['--profile']),
    ...(values.soak === undefined ? [] : ['--soak']),
    ...(values.peers ? ['--peers'] : []),
    ...(values.aims ? ['--aims'] : []),
  ];
  const [mode, other = values.only === undefined ? undefined : '--only'] = instead;
  if (mode !== undefined && other !== undefined)
    throw new Error(`${mode} takes the place of a comparison: it goes without ${other}`);
  return {
    sessions: whole('sessions', values.sessions, 10_000),
    seconds: whole('seconds', values.seconds, 600),
    rounds: whole('rounds', values.rounds, 10),
    only: (values.only ?? USUAL.join(',')).split(',').map(measure),
    json: values.json,
    profile: values.profile,
    soak: values.soak === undefined ? undefined : whole('soak', values.soak, 10_000_000),
    peers: values.peers,
    aims: values.aims,
  };
}

function whole(flag: string, text: string, most: number): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1 && value <= most) return value;
  throw new Error(`--${flag} is a whole number from 1 to ${most}, not ${JSON.stringify(text)}`);
}

function measure(name: string): Measure {
  const found = MEASURES.find((known) => known === name);
  if (found === undefined)
    throw new Error(`--only takes ${MEASURES.join(', ')}, not ${JSON.stringify(name)}`);
  return found;
}
