import { mkdir, mkdtemp, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { codeOf } from '../../../src/runtime/errors.ts';
import { REPOSITORY } from './cli.ts';
import type { UsablePackage } from './installed.ts';

/** The compilers that users have: TypeScript 7, and 6, which takes five times as long. */
const COMPILERS = { 7: 'typescript-native', 6: 'typescript' } as const;

/**
 * The output of a version of TypeScript, called as by a user of the package, for a strict program that uses every
 * declaration and has no types other than those of Node.js.
 */
export async function compiledAgainst(
  place: UsablePackage,
  version: keyof typeof COMPILERS,
  module: 'nodenext' | 'preserve',
  files: readonly string[],
): Promise<string> {
  const project = await mkdtemp(join(place.folder, 'typed-'));
  for (const file of files) await writeFile(join(project, file), TYPED);
  await writeFile(join(project, 'tsconfig.json'), JSON.stringify(strict(module, files)));
  await typesOfNode(place.folder);
  const compiler = join(REPOSITORY, 'node_modules', COMPILERS[version], 'bin/tsc');
  return await place.run(process.execPath, [compiler, '-p', project]);
}

/** The packages that a program needs for the types of this package, according to package.json. */
async function typesOfNode(folder: string): Promise<void> {
  const types = join(folder, 'node_modules/@types');
  await mkdir(types, { recursive: true });
  // On Windows, a junction is the kind of link that every user may create; other systems have only one kind.
  const target = join(REPOSITORY, 'node_modules/@types/node');
  await symlink(target, join(types, 'node'), 'junction').catch((error: unknown) => {
    if (codeOf(error) !== 'EEXIST') throw error;
  });
}

const TYPED = `
import { startMockServer, UserError, type MockServer, type MockServerOptions, type ServerEvent, type Session } from 'asr-understudy';
import { recording, type PageMicrophone } from 'asr-understudy/microphone';

const events: ServerEvent[] = [];
const options: MockServerOptions = { port: 0, keys: ['secret:user'], clock: 'manual', onEvent: (event) => events.push(event) };

export async function use(): Promise<string> {
  const fake: MockServer = await startMockServer(options);
  const session: Session = await fake.nextSession();
  await session.received('audio', { count: 2 });
  const closeCode: number | undefined = session.closeCode;
  session.abort('reset');
  await fake.clock.advance(15_000);
  fake.service.set('scaled_down');
  await fake[Symbol.asyncDispose]();
  // @ts-expect-error A port is a number.
  await startMockServer({ port: '8080' }).catch((error: unknown) => error instanceof UserError);
  const page: PageMicrophone = globalThis.understudyMicrophone;
  await page.say((await recording('en-appointment.wav')).toString('base64'));
  // @ts-expect-error There is no such way to end a connection.
  session.abort('politely');
  return fake.urls.scriptix.realtime + String(closeCode);
}
`;

/** `types` is empty, as it is by default since TypeScript 6. */
const strict = (module: string, files: readonly string[]) => ({
  compilerOptions: {
    strict: true,
    noEmit: true,
    module,
    target: 'es2023',
    lib: ['es2023'],
    skipLibCheck: false,
    exactOptionalPropertyTypes: true,
    types: [],
  },
  files,
});
