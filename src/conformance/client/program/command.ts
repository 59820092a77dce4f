import { keysOf } from '../../../runtime/json/fields.ts';

/** What a client needs to know about the fake that it connects to. */
export interface ClientValues {
  /** The endpoint, with the path and without a query. In stream mode the path includes the token. */
  readonly url: string;
  /** The origin of the endpoint, `ws://host:port`. */
  readonly baseUrl: string;
  /** The base of the REST API. */
  readonly apiUrl: string;
  readonly token: string;
  /** The path of a file with speech. */
  readonly audio: string;
  readonly language: string;
  /** Audio that the fake can fetch, for stream mode. */
  readonly streamUrl?: string;
  readonly scenario: string;
}

const PLACEHOLDERS: Readonly<Record<string, keyof ClientValues>> = {
  url: 'url',
  api: 'apiUrl',
  token: 'token',
  audio: 'audio',
  language: 'language',
  'stream-url': 'streamUrl',
};

/** The variables that a program finds its values in. */
export const VARIABLES: Readonly<Record<keyof ClientValues, string>> = {
  url: 'UNDERSTUDY_URL',
  baseUrl: 'UNDERSTUDY_BASE_URL',
  apiUrl: 'UNDERSTUDY_API_URL',
  token: 'UNDERSTUDY_TOKEN',
  audio: 'UNDERSTUDY_AUDIO',
  language: 'UNDERSTUDY_LANGUAGE',
  streamUrl: 'UNDERSTUDY_STREAM_URL',
  scenario: 'UNDERSTUDY_SCENARIO',
};

/** The prefix of the variables that the runner sets. */
const OURS = 'UNDERSTUDY_';

/** The arguments, with placeholders replaced if they have a value. Other braces belong to the client and stay. */
export function argumentsFor(args: readonly string[], values: ClientValues): readonly string[] {
  return args.map((argument) =>
    argument.replace(/\{([a-z-]+)\}/g, (all, name: string) => {
      const key = Object.hasOwn(PLACEHOLDERS, name) ? PLACEHOLDERS[name] : undefined;
      return (key === undefined ? undefined : values[key]) ?? all;
    }),
  );
}

/**
 * The environment of a client: ours without the variables meant for us (they may hold keys of real services), plus
 * those of the contract.
 */
export function environmentFor(
  inherited: Readonly<Record<string, string | undefined>>,
  values: ClientValues,
): Readonly<Record<string, string>> {
  const result: Record<string, string> = {};
  for (const [name, value] of Object.entries(inherited)) {
    if (value !== undefined && !name.toUpperCase().startsWith(OURS)) result[name] = value;
  }
  for (const key of keysOf(VARIABLES)) {
    const value = values[key];
    if (value !== undefined) result[VARIABLES[key]] = value;
  }
  return result;
}

const SECRET_NAME = /(?:^|_)(?:TOKEN|KEY|APIKEY|SECRET|PASSWORD|PASSWD|CREDENTIALS?)$/i;
/** A shorter value may be an ordinary word. */
const SHORTEST_SECRET = 8;

/** Values of variables whose names suggest secrets: a client that fails may print its environment. */
export function secretsOf(environment: Readonly<Record<string, string | undefined>>): readonly string[] {
  return Object.entries(environment).flatMap(([name, value]) =>
    SECRET_NAME.test(name) && value !== undefined && value.length >= SHORTEST_SECRET ? [value] : [],
  );
}
