import { parseArgs } from 'node:util';
import { Failure, UsageError } from './failure.mjs';
import { user } from './report.mjs';

/**
 * Command-line flags; a flag that is not given is read from the environment. A key is read only from the environment,
 * because every user of the machine can see the command line.
 *
 * @param {Record<string, { variable?: string, otherwise?: string, help: string }>} flags
 */
function readFlags(usage, flags) {
  const options = Object.fromEntries(Object.keys(flags).map((name) => [name, { type: 'string' }]));
  let values;
  try {
    ({ values } = parseArgs({ options: { ...options, help: { type: 'boolean' } } }));
  } catch (error) {
    throw new UsageError(`${error.message}\n\n${helpOf(usage, flags)}`);
  }
  if (values.help) {
    process.stdout.write(helpOf(usage, flags));
    process.exit(0);
  }
  const settings = { token: process.env.UNDERSTUDY_TOKEN || undefined };
  for (const [name, { variable, otherwise }] of Object.entries(flags)) {
    settings[name] = values[name] || (variable && process.env[variable]) || otherwise;
  }
  return settings;
}

function helpOf(usage, flags) {
  const lines = Object.entries(flags).map(([name, { variable, otherwise, help }]) => {
    const places = [variable && `$${variable}`, otherwise].filter(Boolean).join(', ');
    return `  --${name.padEnd(12)} ${help}${places === '' ? '' : ` (${places})`}`;
  });
  return `${usage}\n\n${lines.join('\n')}\n  $UNDERSTUDY_TOKEN  the key or token; not a flag, where others could see it\n`;
}

/** Throws unless all these settings are present and `url` is a WebSocket URL. */
export function need(settings, ...names) {
  for (const name of names) {
    if (settings[name] === undefined) {
      throw new UsageError(name === 'token' ? 'UNDERSTUDY_TOKEN is not set' : `--${name} is missing`);
    }
    if (name === 'url' && !(/^wss?:/i.test(settings.url) && URL.canParse(settings.url))) {
      throw new UsageError('--url: expected a URL that begins with ws:// or wss://');
    }
  }
}

/**
 * Runs a program. Its exit code is 0 if the session ended normally, 1 if it failed (stderr says why) and 2 for wrong
 * usage.
 */
export async function run(usage, flags, main) {
  try {
    await main(readFlags(usage, flags));
    process.exitCode = 0;
  } catch (error) {
    if (error instanceof UsageError) {
      user.note(error.message);
      process.exitCode = 2;
    } else if (error instanceof Failure) {
      user.error(error.kind, error.message);
      process.exitCode = 1;
    } else throw error;
  }
}
