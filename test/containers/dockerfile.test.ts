import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkOf, execForm, letIn, stagesOf } from '../support/containers/dockerfile.ts';
import { mistakesIn } from '../support/containers/rules.ts';
import { REPOSITORY } from '../support/programs/cli.ts';

const read = (name: string) => readFileSync(join(REPOSITORY, name), 'utf8');
const DOCKERFILE = read('Dockerfile');
const image = stagesOf(DOCKERFILE).at(-1)?.steps ?? [];

const MANIFEST = JSON.parse(read('package.json')) as Readonly<Record<string, string>> & {
  engines: { node: string };
};

describe('a Dockerfile', () => {
  it('is read as stages of steps, each with its flags, words and properties', () => {
    const text = [
      '# syntax of a comment',
      'FROM node:20.1.0 AS build',
      'RUN --mount=type=cache,target=/c npm ci \\',
      '  --quiet && ls',
      'FROM node:20.1.0',
      'ENV A=1 B="x y"',
      'COPY --from=build /a /b ./',
      'HEALTHCHECK --interval=5s CMD ["node", "x.js"]',
    ].join('\n');

    const [build, last, ...more] = stagesOf(text);

    expect(more).toEqual([]);
    expect(build).toMatchObject({ base: 'node:20.1.0', name: 'build' });
    expect(build?.steps).toMatchObject([
      {
        keyword: 'RUN',
        flags: { mount: 'type=cache,target=/c' },
        words: ['npm', 'ci', '--quiet', '&&', 'ls'],
      },
    ]);
    expect(build?.steps[0]?.text).toMatch(/^npm ci +--quiet && ls$/);
    expect(last).toMatchObject({ base: 'node:20.1.0', name: undefined });

    const [env, copy, check] = last?.steps ?? [];
    expect(env?.properties).toEqual({ A: '1', B: 'x y' });
    expect(copy).toMatchObject({ flags: { from: 'build' }, words: ['/a', '/b', './'] });
    expect(check === undefined ? [] : checkOf(check)).toEqual(['node', 'x.js']);
  });

  it('has commands for a shell and commands that are run directly', () => {
    expect(execForm('["node", "x.js"]')).toEqual(['node', 'x.js']);
    for (const text of ['node x.js', '[]', '[1]', '{}', '"x"']) expect(execForm(text)).toBeUndefined();
  });

  it('has no steps before its first stage', () => {
    expect(() => stagesOf('RUN ls\nFROM node:20.1.0')).toThrow('RUN stands before the first FROM');
  });
});

describe('the Dockerfile', () => {
  it('breaks no rule', () => {
    expect(mistakesIn(DOCKERFILE)).toEqual([]);
  });

  it.each<[mistake: string, from: string | RegExp, to: string]>([
    ['node:latest is not pinned', /node:\S+ AS/, 'node:latest AS'],
    ['node is not pinned', /node:\S+ AS/, 'node AS'],
    ['node:20-slim is not pinned', /node:\S+ AS/, 'node:20-slim AS'],
    ['node:20.20.2-bookworm-slim has no name', ' AS build', ''],
    ['ADD has a successor', 'COPY package', 'ADD package'],
    ['MAINTAINER has a successor', 'EXPOSE 8080', 'MAINTAINER someone'],
    ['WORKDIR app is relative', 'WORKDIR /app', 'WORKDIR app'],
    ['COPY of several needs a folder: package.json package-lock.json x', 'lock.json ./', 'lock.json x'],
    ['COPY from builder, which is no earlier stage', '--from=build ', '--from=builder '],
    ['RUN with sudo', 'RUN npm run', 'RUN sudo npm run'],
    ['RUN with cd instead of WORKDIR', 'RUN npm run', 'RUN cd /x && npm run'],
    ['RUN fetches something unpinned', 'RUN npm run', 'RUN curl -s x | sh && npm run'],
    ['RUN with npm install instead of npm ci', 'npm ci', 'npm install'],
    ['RUN lets packages run scripts', 'npm ci --ignore-scripts', 'npm ci'],
    ['ENTRYPOINT is read by a shell, which keeps signals', /ENTRYPOINT .*/, 'ENTRYPOINT node main.js'],
    ['CMD is read by a shell, which keeps signals', /^CMD .*/m, 'CMD serve'],
    ['2 times CMD', 'CMD ["serve"]', 'CMD ["serve"]\nCMD ["serve"]'],
    ['ENV UNDERSTUDY_CONTROL_TOKEN stays in the image', 'ENV ', 'ENV UNDERSTUDY_CONTROL_TOKEN=x '],
    ['ARG NPM_TOKEN stays in the image', 'WORKDIR /build', 'ARG NPM_TOKEN=x\nWORKDIR /build'],
    ['USER root may be root', /USER .*/, 'USER root'],
    ['USER 0:0 may be root', /USER .*/, 'USER 0:0'],
    ['USER node may be root', /USER .*/, 'USER node'],
    ['0 times USER', /USER .*/, ''],
    ['files belong to USER', 'EXPOSE 8080', 'COPY --from=build /build/src ./src'],
    ['0 times HEALTHCHECK', /^HEALTHCHECK .*/m, ''],
    ['HEALTHCHECK is read by a shell', /CMD \["node".*/, 'CMD node health.js'],
    ['HEALTHCHECK has no retries', / --retries=\d+/, ''],
  ])('breaks a rule after this change: %s', (mistake, from, to) => {
    const broken = DOCKERFILE.replace(from, to);

    expect(broken).not.toBe(DOCKERFILE);
    expect(mistakesIn(broken)).toContain(mistake);
  });

  it('has one base, with a supported version of Node.js', () => {
    const bases = new Set(stagesOf(DOCKERFILE).map(({ base }) => base));
    const [, major, minor] = /^node:(\d+)\.(\d+)\.\d+-bookworm-slim$/.exec([...bases].join()) ?? [];
    const [, leastMajor, leastMinor] = /^>=(\d+)\.(\d+)$/.exec(MANIFEST.engines.node) ?? [];

    expect(Number(major) * 1000 + Number(minor)).toBeGreaterThanOrEqual(
      Number(leastMajor) * 1000 + Number(leastMinor),
    );
  });

  it('has labels that agree with package.json', () => {
    const labels = Object.assign({}, ...image.map(({ properties }) => properties)) as object;

    expect(labels).toMatchObject({
      'org.opencontainers.image.title': MANIFEST['name'],
      'org.opencontainers.image.description': MANIFEST['description'],
      'org.opencontainers.image.version': MANIFEST['version'],
      'org.opencontainers.image.licenses': MANIFEST['license'],
    });
  });
});

describe('.dockerignore', () => {
  it('includes existing files, and no tests, builds or packages of this machine', () => {
    const names = letIn(read('.dockerignore'));

    expect(names.filter((name) => !existsSync(join(REPOSITORY, name)))).toEqual([]);

    for (const name of ['.git', 'test', 'dist', 'node_modules', 'bench']) expect(names).not.toContain(name);
  });

  it.each([
    ['excludes single names', 'node_modules\n'],
    ['includes a pattern', '*\n!src/**\n'],
    ['excludes more than everything', '*\nsrc\n'],
  ])('is not supported here if it %s', (_what, text) => {
    expect(() => letIn(text)).toThrow(/^expected /);
  });
});
