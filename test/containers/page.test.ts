import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { startMockServer } from '../../src/mock-server/server.ts';
import { composed } from '../support/containers/compose.ts';
import { dockerRun, runsOf } from '../support/containers/docker-run.ts';
import { REPOSITORY } from '../support/programs/cli.ts';
import { blocksOf, pageText } from '../support/programs/page.ts';

const PAGE = 'docs/containers.md';
const IMAGE = composed()['understudy']?.image;

const yaml = (info: string): unknown => {
  const found = blocksOf(PAGE).filter((block) => block.language === 'yaml' && block.info === info);
  expect(found).toHaveLength(1);
  return parse(found[0]?.text ?? '');
};

it('a docker run command is parsed', () => {
  const line = 'docker run --rm --env A=1,b:c --volume "$PWD/x:/y:ro" name serve --port 1';

  expect(dockerRun(line)).toEqual({
    line,
    image: 'name',
    variables: { A: '1,b:c' },
    volumes: [{ from: '$PWD/x', to: '/y' }],
    command: ['serve', '--port', '1'],
  });
  expect(() => dockerRun('docker run --privileged name')).toThrow('--privileged is not known here');
});

// test/debian/container.test.ts runs the commands; the samples need Docker, so only what they name is checked.
describe('docs/containers.md', () => {
  it('is linked from the README', () => {
    expect(pageText('README.md')).toContain(`](${PAGE})`);
  });

  it('has one name for the image, and no command that mounts a writable folder', () => {
    const runs = runsOf(PAGE);

    expect(runs.length).toBeGreaterThan(4);

    for (const { line, image } of runs) {
      expect([line, image]).toEqual([line, IMAGE]);
      expect(line).toContain(' --read-only ');
    }
    expect(pageText(PAGE)).toContain(`docker build --tag ${String(IMAGE)} .`);
  });

  it('has a command for Compose with an existing file', () => {
    const [, file = ''] = /^docker compose --file (\S+) /m.exec(pageText(PAGE)) ?? [];

    expect(file).not.toBe('');
    expect(existsSync(join(REPOSITORY, file))).toBe(true);
  });

  it('has a job for GitHub whose tests get the address of the service', () => {
    expect(yaml('github')).toMatchObject({
      jobs: {
        test: {
          services: {
            understudy: {
              image: expect.stringMatching(`/${String(IMAGE)}$`) as unknown,
              ports: ['8080:8080'],
            },
          },
          steps: [{}, { env: { UNDERSTUDY_URL: 'ws://127.0.0.1:8080/v2/realtime' } }],
        },
      },
    });
  });

  it('has a container for Kubernetes with probes on its port', () => {
    const [container] = (yaml('kubernetes') as { containers: readonly unknown[] }).containers;

    expect(container).toMatchObject({
      image: IMAGE,
      ports: [{ containerPort: 8080 }],
      readinessProbe: { httpGet: { path: '/__understudy/ready', port: 8080 } },
      securityContext: { runAsNonRoot: true, readOnlyRootFilesystem: true },
    });
  });

  it.each(['java', 'go', 'csharp', 'python'])('has a container for tests in %s', (language) => {
    const samples = blocksOf(PAGE).filter((block) => block.language === language);

    expect(samples).toHaveLength(1);

    for (const { text } of samples) {
      expect(text).toContain(`"${String(IMAGE)}"`);
      expect(text).toContain('8080');
      expect(text).toContain('"/__understudy/health"');
      expect(text).toContain('/v2/realtime?token=any-token');
    }
  });

  it('names only addresses that answer', async () => {
    await using fake = await startMockServer();
    const paths = new Set(pageText(PAGE).match(/\/__understudy\/\w+/g));

    expect(paths.size).toBe(2);

    for (const path of paths) expect([path, (await fetch(fake.urls.url + path)).status]).toEqual([path, 200]);
  });
});
