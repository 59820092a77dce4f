import { DEFAULT_EDITIONS } from '../../../src/protocol/editions.ts';
import { dialectsIn } from '../../../src/protocol/dialects.ts';
import { describe, expect, it } from 'vitest';
import { isMadeFor } from '../../../src/conformance/explore/made-for.ts';
import { neededFor, neededIn, playNameOf, startFor } from '../../../src/conformance/player/needed.ts';
import { costOfAll, type Means } from '../../../src/conformance/player/plan.ts';
import { openSounds } from '../../../src/conformance/player/sounds.ts';
import { probesOf } from '../../../src/conformance/player/probes.ts';
import { reproOf } from '../../../src/conformance/report/repeat/server.ts';
import { requirementsFor, REQUIREMENTS } from '../../../src/protocol/requirements.ts';
import { scenarioOf } from '../../support/scenarios/scenario.ts';

const SERVICES = ['scriptix', 'reson8'] as const;
/** The last of its editions has all requirements. */
const LAST = { ...DEFAULT_EDITIONS, scriptix: 'kaldi' } as const;
const probes = { scriptix: await probesOf('scriptix', LAST), reson8: await probesOf('reson8') };
const requirements = (...ids: readonly string[]) => REQUIREMENTS.filter(({ id }) => ids.includes(id));
const service = (id: string) => (id.startsWith('R8') ? 'reson8' : 'scriptix');
const needed = (...ids: readonly string[]) =>
  neededFor(requirements(...ids), probes[service(ids[0] ?? '')]).map(playNameOf);
const MEANS: Means = {
  credentials: { valid: 'a', admin: 'a', user: 'c', invalid: 'd' },
  streamSource: 'http://127.0.0.1:1',
  mayInitialize: true,
};

describe.each(SERVICES)('the probes of %s', (dialect) => {
  const own = probes[dialect];
  const asked = requirementsFor(dialectsIn(dialect), 'server');

  it('declare the requirements that they are played for, each of its own dialect', () => {
    for (const { name, file } of own) {
      const { exercises = [] } = file;
      expect(exercises.length, name).toBeGreaterThan(0);
      expect(new Set(exercises).size, name).toBe(exercises.length);
      const stray = requirements(...exercises).filter(({ dialects }) => !dialects.includes(file.dialect));
      expect(
        stray.map(({ id }) => id),
        name,
      ).toEqual([]);
    }
  });

  it('have existing probes as controls', () => {
    const names = own.map(playNameOf);
    const controls = own.flatMap(({ file }) =>
      (file.controls ?? []).map((name) => `${file.dialect}/${name}`),
    );

    expect(controls.filter((name) => !names.includes(name))).toEqual([]);
  });

  it('cover each requirement that can be exercised, and no other', () => {
    const declared = new Set(own.flatMap(({ file }) => file.exercises ?? []));
    const judged = asked.filter(({ check }) => check.kind === 'invariant').map(({ id }) => id);
    expect([...declared].sort()).toEqual(judged.sort());
  });

  it('are not played in an edition without their requirements', async () => {
    const names = (await probesOf(dialect)).map(playNameOf);
    expect(own.map(playNameOf).filter((name) => !names.includes(name))).toEqual(
      dialect === 'scriptix' ? ['scriptix/short-path'] : [],
    );
  });

  it('are all needed for all requirements together', () => {
    expect(neededFor(asked, own)).toEqual(own);
  });
});

describe('what has to be played for a requirement', () => {
  it.each([
    ['SX-CONN-006', ['scriptix/token-in-x-zoom-s2t-key']],
    ['SX-MIC-008', ['scriptix/other-chunks']],
    ['R8-TR-017', ['reson8/formats']],
    ['SX-REST-012', ['scriptix-rest/key-without-scope']],
  ])('is only the probe that declares it: %s', (id, names) => {
    expect(needed(id)).toEqual(names);
  });

  // Silence counts only for a server that has sent results elsewhere, so the probe of silence alone decided nothing.
  it.each([
    ['R8-TR-013', ['reson8/parameters', 'reson8/silence']],
    ['SX-STR-010', ['scriptix-stream/mp3', 'scriptix-stream/not-found']],
  ])('includes the controls of its probe: %s', (id, names) => {
    expect(needed(id)).toEqual(names);
  });

  it('is every probe that declares it', () => {
    expect(needed('SX-ISO-001')).toEqual([
      'scriptix/parallel',
      'scriptix/reconnect',
      'scriptix-stream/parallel',
    ]);
    expect(needed('SX-CONN-006', 'SX-CONN-007')).toHaveLength(2);
  });

  // A mixture of readings is reported by the requirement that asks the question, and may be shown by another.
  it('includes the probes that show other readings of its question', () => {
    const both = needed('R8-AUTH-007', 'R8-AUTH-008', 'R8-QRY-005');
    expect(needed('R8-AUTH-007')).toEqual(both);
    expect(needed('R8-AUTH-008').length).toBeLessThan(both.length);
  });

  // Alone, SX-FIN-012 was blamed for wrong times that SX-PART-009 or SX-PART-014 reports in a whole run.
  it('includes the probes that show wrong times, which break several requirements', () => {
    const told = needed('SX-FIN-012');

    for (const probe of [...needed('SX-PART-009'), ...needed('SX-PART-014')]) expect(told).toContain(probe);
  });

  it('costs less than everything', () => {
    const cost = (ids: readonly string[]) =>
      costOfAll(neededFor(requirements(...ids), probes.scriptix), MEANS, { sounds: openSounds() });
    const all = cost(requirementsFor(dialectsIn('scriptix'), 'server').map(({ id }) => id));

    expect(cost(['SX-CONN-006'])).toEqual({ audioMs: 2000, sessions: 2 });
    expect(cost(['SX-FIN-014']).audioMs).toBeLessThan(all.audioMs / 2);
    expect(cost(['SX-REST-001']).audioMs).toBe(0);
  });
});

describe('what a run plays', () => {
  const silence = scenarioOf(undefined, { client: [{ audio: '1s' }], dialect: 'reson8' });
  const { reson8 } = probes;

  it('includes generated sessions if they are made for one of its requirements', () => {
    const runs = (id: string, runs?: number) => neededIn({ runs }, requirements(id), reson8).runs;

    expect([runs('R8-FL-005'), runs('R8-FL-005', 3), runs('R8-AUTH-003')]).toEqual([60, 3, 0]);
    // They were asked for.
    expect(runs('R8-AUTH-003', 3)).toBe(3);
    expect(neededIn({ profile: 'live' }, requirements('R8-FL-005'), reson8).runs).toBe(0);
    expect(isMadeFor('SX-REST-001')).toBe(false);
  });

  it('includes given files, whatever they are for', () => {
    expect(neededIn({ scenarios: [silence] }, requirements('R8-AUTH-003'), [])).toEqual({
      probes: [silence],
      runs: 0,
    });
  });

  it('includes the probe whose words are compared with a transcript', () => {
    const { probes } = neededIn(
      { transcript: 'good morning', dialect: 'reson8' },
      requirements('R8-AUTH-003'),
      reson8,
    );
    expect(probes.map(playNameOf)).toEqual(['reson8/speech', 'reson8/token-bearer']);
  });

  it('includes the start of a service that is down, where it is needed', () => {
    const start = (...ids: readonly string[]) =>
      startFor(neededFor(requirements(...ids), probes.scriptix), probes.scriptix).map(playNameOf);

    expect(start('SX-CONN-006')).toEqual(['scriptix-rest/start-the-service']);
    expect(start('SX-REST-012')).toEqual([]);
    expect(start('SX-CONN-006', 'SX-REST-001')).toEqual([]);
    expect(startFor(reson8, reson8)).toEqual([]);
  });
});

// A finding in a probe that is played for other requirements was not found again by its own command.
describe('the command that repeats a finding', () => {
  const options = { dialect: 'scriptix', url: 'ws://127.0.0.1:1' } as const;
  const repro = (id: string, ...shownIn: readonly string[]) => repeated(id, shownIn, false);
  const repeated = (id: string, shownIn: readonly string[], isDown: boolean) =>
    reproOf(options, id, { shownIn, bundled: probes.scriptix, isDown }).replace(/^.*--seed 1 /, '');

  it('leaves the choice to --only where that plays the probe that shows the finding', () => {
    expect(repro('SX-FIN-014', 'scriptix/speech')).toBe('--only SX-FIN-014');
    expect(repro('SX-FIN-014', 'generated/0a1b2c3d')).toBe('--only SX-FIN-014');
    expect(repro('SX-FIN-014', 'preflight')).toBe('--only SX-FIN-014');
    expect(repro('SX-FIN-014')).toBe('--only SX-FIN-014');
  });

  it('names the probe if that is played for other requirements', () => {
    expect(repro('SX-FIN-001', 'scriptix/parallel')).toBe('--scenario scriptix/parallel --only SX-FIN-001');
    expect(repro('SX-FIN-001', 'scriptix/speech', 'scriptix/parallel')).toBe(
      '--scenario scriptix/parallel --scenario scriptix/speech --only SX-FIN-001',
    );
  });

  it('names the start of a service that was down', () => {
    expect(repeated('SX-FIN-001', ['scriptix/parallel'], true)).toBe(
      '--scenario scriptix-rest/start-the-service --scenario scriptix/parallel --only SX-FIN-001',
    );
  });

  it('asks for generated sessions if those are made for other requirements', () => {
    expect(repro('SX-CONN-002', 'counterexamples/SX-CONN-002-1')).toBe('--runs 60 --only SX-CONN-002');
  });
});
