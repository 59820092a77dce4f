import { expect, it } from 'vitest';
import { CLI } from '../../support/programs/cli.ts';
import { blocksOf } from '../../support/programs/page.ts';
import { Program } from '../../support/programs/program.ts';
import { Redis } from './redis.ts';

it('the commands of docs/fleet.md start replicas', async () => {
  await using redis = await Redis.start();
  const commands = blocksOf('docs/fleet.md')
    .filter(({ language }) => language === 'sh')
    .flatMap(({ text }) => text.trim().split('\n'));

  expect(commands).toHaveLength(3);

  for (const command of commands) {
    const here = command
      .replace('npx understudy', `exec node '${CLI}'`)
      .replace(/--port \d+/, '--port 0')
      .replace('redis://localhost:6379', redis.url)
      .replace('localhost:9080', 'localhost');
    await using program = new Program('sh', ['-c', here]);
    await program.said(/Understudy listens on/);
  }
});
