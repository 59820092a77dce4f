import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { version } from '../../src/runtime/version.ts';
import { readFileAs } from '../../src/scenario/catalog.ts';
import {
  KUBERNETES,
  manifest,
  manifestOfFleet,
  patched,
  variablesOf,
  type Container,
  type Pod,
} from '../support/containers/kubernetes.ts';
import { mistakesOf } from '../support/containers/kubernetes-schema.ts';
import { execForm, stagesOf } from '../support/containers/dockerfile.ts';
import { CLI } from '../support/programs/cli.ts';
import { folder } from '../support/programs/folder.ts';
import { pageText } from '../support/programs/page.ts';
import { Program, serve } from '../support/programs/program.ts';
import { ask } from '../support/clients/ask.ts';
import { connect } from '../support/clients/client.ts';
import { control } from '../support/clients/control.ts';

interface Deployment {
  readonly spec: {
    readonly replicas: number;
    readonly selector: { readonly matchLabels: Readonly<Record<string, string>> };
    readonly template: Pod;
  };
}
interface Job {
  readonly spec: {
    readonly completionMode: string;
    readonly completions: number;
    readonly parallelism: number;
    readonly backoffLimit: number;
    readonly template: Pod;
  };
}
interface Kustomization {
  readonly resources: readonly string[];
  readonly configMapGenerator: readonly [{ readonly name: string; readonly files: readonly string[] }];
  readonly secretGenerator: readonly [{ readonly name: string; readonly envs: readonly string[] }];
}

const deployment = (manifest('deployment.yaml') as Deployment).spec;
const JOBS = ['jobs/load.yaml', 'jobs/conformance.yaml'];
const pods: readonly (readonly [string, Pod])[] = [
  ['deployment.yaml', deployment.template],
  ...JOBS.map((file) => [file, (manifest(file) as Job).spec.template] as const),
];
const steps = stagesOf(pageText('Dockerfile')).at(-1)?.steps ?? [];
const inImage = (keyword: string) => steps.find((step) => step.keyword === keyword)?.text;

const FILES = ['deployment.yaml', 'service.yaml', 'disruption.yaml', ...JOBS];

describe('deploy/kubernetes', () => {
  it.each(FILES)('has a valid %s, by the schema of the Kubernetes API', async (file) => {
    expect(await mistakesOf(manifest(file) as object)).toEqual([]);
  });

  it.each([
    ['a field is missing', { selector: undefined }, /^\/spec: required .*selector/],
    ['a number is a word', { replicas: 'one' }, /^\/spec\/replicas: type .*integer/],
    ['a field is misspelt', { replica: 1 }, /^\/spec\/replica: the API has no such field$/],
  ])('would not be accepted if %s', async (_what, change, expected) => {
    const wrong = { ...(manifest('deployment.yaml') as object), spec: { ...deployment, ...change } };

    expect((await mistakesOf(wrong)).join()).toMatch(expected);
  });

  it.each(pods)(
    'has %s with no more rights than it needs, and the user and version of the image',
    (_file, pod) => {
      const { securityContext, containers } = pod.spec;
      const [{ image, securityContext: own }] = containers;

      expect(`${securityContext.runAsUser}:${securityContext.runAsGroup}`).toBe(inImage('USER'));
      expect(securityContext).toMatchObject({
        runAsNonRoot: true,
        seccompProfile: { type: 'RuntimeDefault' },
      });
      expect(own).toEqual({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      });
      expect(pod.spec).toMatchObject({ automountServiceAccountToken: false });
      expect(image).toBe(`registry.example.com/asr-understudy:${version()}`);
    },
  );

  it('has parts whose references to each other match', () => {
    const { matchLabels } = deployment.selector;
    const [{ ports, volumeMounts = [] }] = deployment.template.spec.containers;
    const service = (manifest('service.yaml') as { spec: { selector: object; ports: readonly object[] } })
      .spec;
    const budget = (manifest('disruption.yaml') as { spec: { selector: object } }).spec;

    expect(deployment.template.metadata.labels).toMatchObject(matchLabels);
    expect(service.selector).toEqual(matchLabels);
    expect(budget.selector).toEqual({ matchLabels });
    expect(ports).toEqual([{ name: 'http', containerPort: Number(inImage('EXPOSE')) }]);
    expect(service.ports).toEqual([{ name: 'http', port: 8080, targetPort: 'http' }]);
    const mounted = volumeMounts.map(({ name }) => name);
    expect(deployment.template.spec.volumes?.map(({ name }) => name)).toEqual(mounted);
  });

  it('makes the ConfigMap from scenarios without mistakes, and the Secret from a file that is not committed', async () => {
    const kustomization = manifest('kustomization.yaml') as Kustomization;
    const [scenarios] = kustomization.configMapGenerator;
    const [secret] = kustomization.secretGenerator;
    const found = readdirSync(join(KUBERNETES, 'scenarios')).map((name) => `scenarios/${name}`);

    expect(kustomization.resources).toEqual(['deployment.yaml', 'service.yaml', 'disruption.yaml']);
    expect(deployment.template.spec.volumes?.[0]?.configMap?.name).toBe(scenarios.name);
    expect(scenarios.files).toEqual(found);
    for (const file of found) await readFileAs(join(KUBERNETES, file));
    const [container] = deployment.template.spec.containers;
    expect(variablesOf(container, { [secret.name]: { UNDERSTUDY_CONTROL_TOKEN: 'x' } })).toEqual({
      UNDERSTUDY_CONTROL_TOKEN: 'x',
    });
    expect(readFileSync(join(KUBERNETES, '../../.gitignore'), 'utf8').split('\n')).toContain(
      `deploy/kubernetes/${secret.envs.join()}`,
    );
  });

  it.each(JOBS)('has %s with one part for each pod, and no part is started twice', (file) => {
    const { completionMode, completions, parallelism, backoffLimit, template } = (manifest(file) as Job).spec;
    const [container]: readonly [Container] = template.spec.containers;

    expect({ completionMode, backoffLimit }).toEqual({ completionMode: 'Indexed', backoffLimit: 0 });
    expect(template.spec.restartPolicy).toBe('Never');
    expect(parallelism).toBeLessThanOrEqual(completions);
    expect(variablesOf(container, { 'understudy-service': { UNDERSTUDY_TOKEN: 'x' } })).toMatchObject({
      PARTS: String(completions),
      UNDERSTUDY_TOKEN: 'x',
    });
  });
});

describe('deploy/kubernetes-fleet', () => {
  const { resources, patches } = manifestOfFleet('kustomization.yaml') as {
    readonly resources: readonly string[];
    readonly patches: readonly { readonly path: string }[];
  };
  const fleet = patched(manifest('deployment.yaml'), manifestOfFleet('deployment.yaml')) as {
    readonly spec: Deployment['spec'];
  };

  it('has valid files in its kustomization, by the schema of the Kubernetes API', async () => {
    const [base, ...own] = resources;
    const files = readdirSync(join(KUBERNETES, '../kubernetes-fleet'));

    expect([base, patches]).toEqual(['../kubernetes', [{ path: 'deployment.yaml' }]]);
    expect(files.sort()).toEqual(['kustomization.yaml', 'deployment.yaml', ...own].sort());
    for (const file of own) expect(await mistakesOf(manifestOfFleet(file) as object), file).toEqual([]);
    expect(await mistakesOf(fleet)).toEqual([]);
  });

  it('has several pods with the same settings and rights as the single pod', () => {
    const [container] = fleet.spec.template.spec.containers;
    const [alone] = deployment.template.spec.containers;

    expect(fleet.spec.replicas).toBeGreaterThan(1);
    expect({ ...container, args: [], env: [] }).toEqual({ ...alone, args: [], env: [] });
    expect(container.env.slice(0, alone.env.length)).toEqual(alone.env);
    const redis = (manifestOfFleet('redis.yaml') as Deployment).spec.template.spec;
    expect(redis).toMatchObject({
      automountServiceAccountToken: false,
      securityContext: { runAsNonRoot: true },
    });
    expect(redis.containers[0].securityContext).toEqual(alone.securityContext);
  });

  it('has a Redis that only its pods can reach', () => {
    const redis = (manifestOfFleet('redis.yaml') as Deployment).spec;
    const service = manifestOfFleet('redis-service.yaml') as {
      metadata: { name: string };
      spec: { selector: object; ports: readonly { port: number; targetPort: string }[] };
    };
    const [port] = service.spec.ports;
    const { spec } = manifestOfFleet('network.yaml') as {
      spec: { podSelector: object; ingress: readonly { from: readonly { podSelector: object }[] }[] };
    };
    const [container] = fleet.spec.template.spec.containers;

    expect(container.args).toContain(`redis://${service.metadata.name}:${String(port?.port)}`);
    expect(service.spec.selector).toEqual(redis.selector.matchLabels);
    expect(redis.template.metadata.labels).toMatchObject(redis.selector.matchLabels);
    expect(redis.template.spec.containers[0].ports).toEqual([
      { name: port?.targetPort, containerPort: port?.port },
    ]);
    expect(spec.podSelector).toEqual({ matchLabels: redis.selector.matchLabels });
    expect(spec.ingress.flatMap(({ from }) => from)).toEqual([
      { podSelector: { matchLabels: deployment.selector.matchLabels } },
    ]);
  });
});

/** The command and environment of a container from the image and from Kubernetes, with the paths of this package. */
function started(
  container: Container,
  secrets: Parameters<typeof variablesOf>[1],
  more: Readonly<Record<string, string>>,
): Program {
  const image = steps.filter(({ keyword }) => keyword === 'ENV').map(({ properties }) => properties);
  const env = Object.assign({}, ...image, variablesOf(container, secrets), more) as Record<string, string>;
  const words = [...(container.command ?? execForm(inImage('ENTRYPOINT') ?? '') ?? []), ...container.args];
  const [program = '', ...args] = words.map((word) =>
    word
      .replace('/app/dist/cli/main.js', CLI)
      .replace('node dist/cli/main.js', `node ${CLI}`)
      .replace(/^\/scenarios$/, join(KUBERNETES, 'scenarios')),
  );
  const path = process.env['PATH'] ?? '';
  return new Program(program, args, { PATH: path, ...env });
}

describe.skipIf(process.platform === 'win32')('the containers of deploy/kubernetes', () => {
  it('start a fake that its probes reach, with its scenarios and its token', async () => {
    const [container] = deployment.template.spec.containers;
    const token = 'a-token-of-the-secret';
    await using place = await folder();
    const secrets = { understudy: { UNDERSTUDY_CONTROL_TOKEN: token } };
    // The port of the image may be taken here, and tests do not listen on all addresses.
    const here = {
      UNDERSTUDY_PORT: '0',
      UNDERSTUDY_HOST: '127.0.0.1',
      UNDERSTUDY_JSON: '1',
      TMPDIR: place.path(''),
    };
    await using program = started(container, secrets, here);
    const urls = JSON.parse(await program.line()) as {
      url: string;
      control: string;
      scriptix: { realtime: string };
    };

    for (const probe of [container.startupProbe, container.readinessProbe, container.livenessProbe]) {
      const { path = '', port } = probe?.httpGet ?? {};
      expect(port).toBe(container.ports?.[0]?.name);
      expect([path, (await ask(`${urls.url}${path}`)).status]).toEqual([path, 200]);
    }
    const fake = { urls: urls as never };
    expect((await control(fake, 'GET sessions')).status).toBe(401);
    const headers = { authorization: `Bearer ${token}` };
    const { json } = await control(fake, 'GET scenarios', undefined, { headers });
    expect((json as { scenarios: unknown }).scenarios).toContainEqual({
      dialect: 'scriptix',
      name: 'third-drops',
    });
    // Files are written only to the one writable folder; Node.js 22 and later keep their own there, too.
    const written = readdirSync(place.path('')).filter((name) => name !== 'node-compile-cache');
    expect(written).toHaveLength(1);

    await using client = connect(`${urls.scriptix.realtime}?token=any`);
    await client.open;
    program.signal('SIGTERM');
    await expect.poll(async () => (await ask(`${urls.url}/__understudy/ready`)).status).toBe(503);
    client.close();
    expect(await program.exit).toEqual({ code: 0, signal: null });
  });

  it.each([
    ['jobs/load.yaml', { RATE: '3/s', FOR: '1s', HOLD: '1s', MORE: '' }, ['load', 'merge']],
    [
      'jobs/conformance.yaml',
      { DIALECT: 'reson8', RUNS: '3', MORE: '--only R8-MSG-001' },
      ['conformance', 'merge'],
    ],
  ])('run parts of %s that can be merged', async (file, variables, merge) => {
    await using fake = await serve();
    const { completions, template } = (manifest(file) as Job).spec;
    const [container] = template.spec.containers;
    await using place = await folder();
    const secrets = {
      'understudy-service': { UNDERSTUDY_TOKEN: 'any-token', UNDERSTUDY_BAD_TOKEN: 'invalid-key' },
    };
    const reports = [];
    for (let index = 0; index < completions; index++) {
      const URL = fake.urls.url.replace('http', 'ws');
      const here = { ...variables, URL, FOLDER: place.path(''), JOB_COMPLETION_INDEX: String(index) };
      await using program = started(container, secrets, here);
      expect(await program.exit, program.stderr).toEqual({ code: 0, signal: null });
      const [, text = ''] = /(?:^|\n)(\{.*)$/s.exec(program.stdout) ?? [];
      expect(JSON.parse(text)).toMatchObject({ shard: { index: index + 1, count: completions } });
      const report = place.path(`${index}.json`);
      writeFileSync(report, text);
      reports.push(report);
    }
    await using merged = new Program(process.execPath, [CLI, ...merge, ...reports]);
    const { code } = await merged.exit;

    // On a busy machine, a load may be late or a requirement not exercised, which is neither a violation nor a mistake.
    expect([0, 3], merged.stdout + merged.stderr).toContain(code);
    expect(merged.stdout).not.toContain(`Of ${completions} parts`);
  });
});
