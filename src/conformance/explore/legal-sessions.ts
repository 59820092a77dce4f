import { mainSocketIn, type Scope } from '../../protocol/dialects.ts';
import fc from 'fast-check';
import type { ScenarioFile } from '../../scenario/schema/schema.ts';

/** The maximum number of steps between the first and the last one of a connection. */
const MOST_STEPS = 20;
const MOST_CONNECTIONS = 3;
/** The longest audio of one step. */
const LONGEST_AUDIO_MS = 3000;

type Steps = Extract<NonNullable<ScenarioFile['client']>, readonly unknown[]>;
type Step = Steps[number];

interface Session {
  readonly query: Record<string, string>;
  readonly steps: Step[];
}

/** Random client behaviour that the documents allow, as scenario files. Everything in them is legal, however odd. */
export function legalSessions(scope: Scope): fc.Arbitrary<ScenarioFile> {
  const dialect = mainSocketIn(scope);
  return fc
    .array(SESSIONS[scope], { minLength: 1, maxLength: MOST_CONNECTIONS, size: 'max' })
    .map((all) => ({ dialect, summary: 'Made up', client: { sessions: all } }));
}

const FILES = ['en-appointment.wav', 'en-long.wav', 'nl-afspraak.wav'];
/** From the smallest frames that clients send up to 64 KiB. */
const FRAMES = ['100ms', '20ms', '250ms', '1s', '2s'];

const lengthMs = fc.integer({ min: 1, max: LONGEST_AUDIO_MS / 500 }).map((n) => `${n * 500}ms`);

const audio: fc.Arbitrary<Step> = fc
  .record({ file: fc.constantFrom(...FILES), for: lengthMs, frame: fc.constantFrom(...FRAMES) })
  .map((value) => ({ audio: value }));
const silence: fc.Arbitrary<Step> = fc
  .record({ silence: fc.constant(true as const), for: lengthMs, frame: fc.constantFrom(...FRAMES) })
  .map((value) => ({ audio: value }));
const pause: fc.Arbitrary<Step> = fc.integer({ min: 1, max: 20 }).map((n) => ({ wait: `${n * 100}ms` }));
const ping: fc.Arbitrary<Step> = fc.constant('ping');

/** Readable ids: plain strings shrink to spaces. */
const id = fc.string({ unit: fc.constantFrom('a', 'b', '1', '-', 'é'), minLength: 1, maxLength: 8 });
const flush: fc.Arbitrary<Step> = fc
  .option(id, { nil: undefined })
  .map((value) => (value === undefined ? 'flush' : { flush: value }));
/** This may also be where no confirmation is pending, so the wait is short. */
const confirmed: fc.Arbitrary<Step> = fc.constant({ await: { for: 'confirmation', limit: '300ms' } });

function steps(...kinds: readonly fc.WeightedArbitrary<Step>[]): fc.Arbitrary<Step[]> {
  return fc.array(fc.oneof(...kinds), { maxLength: MOST_STEPS, size: 'max' });
}

const scriptix: fc.Arbitrary<Session> = fc
  .record({
    query: fc.record(
      { language: fc.constantFrom('en', 'nl'), type: fc.constantFrom('fast', 'quality') },
      { requiredKeys: [] },
    ),
    steps: steps(
      { weight: 5, arbitrary: audio },
      { weight: 2, arbitrary: silence },
      { weight: 1, arbitrary: pause },
      { weight: 1, arbitrary: ping },
    ),
  })
  .map(({ query, steps: between }): Session => ({
    query,
    steps: ['start', ...between, { await: { for: 'final', limit: '300ms' } }, { close: 1000 }],
  }));

const flag = fc.constantFrom('true', 'false');

/** Each of the flags may be left out; without this case, all of them rarely would be at once. */
const flags: fc.Arbitrary<Record<string, string>> = fc.oneof(
  { weight: 1, arbitrary: fc.constant({}) },
  {
    weight: 3,
    arbitrary: fc.record(
      {
        include_timestamps: flag,
        include_words: flag,
        include_confidence: flag,
        include_interim: flag,
      },
      { requiredKeys: [] },
    ),
  },
);

const reson8: fc.Arbitrary<Session> = fc
  .record({
    query: flags,
    steps: steps(
      { weight: 5, arbitrary: audio },
      { weight: 1, arbitrary: silence },
      { weight: 3, arbitrary: flush },
      { weight: 2, arbitrary: confirmed },
      { weight: 1, arbitrary: pause },
      { weight: 1, arbitrary: ping },
    ),
  })
  .map(({ query, steps: between }): Session => ({
    query,
    // A client waits for everything that it has asked for before it leaves; how much that is depends on the steps
    // before.
    steps: [
      ...between,
      { flush: 'end' },
      { await: { for: 'confirmation', match: { id: 'end' }, limit: '3s' } },
      { close: 1000 },
    ],
  }));

const probability = fc.constantFrom('0.1', '0.5', '0.92', '0.99');

/** The eager probability is not above the final one. */
const probabilities: fc.Arbitrary<Record<string, string>> = fc
  .option(fc.tuple(probability, probability), { nil: undefined })
  .map((drawn) => {
    if (drawn === undefined) return {};
    const [eager = '', final = ''] = [...drawn].sort();
    return { eager_turn_probability: eager, final_turn_probability: final };
  });

const turnFlags: fc.Arbitrary<Record<string, string>> = fc.record(
  { include_timestamps: flag, include_words: flag, include_language: flag },
  { requiredKeys: [] },
);

/** This may also be where no turn is open, so the wait is short. */
const ended: fc.Arbitrary<Step> = fc.constant({ await: { for: 'turn_end', limit: '300ms' } });

const turns: fc.Arbitrary<Session> = fc
  .record({
    query: fc.tuple(turnFlags, probabilities).map(([own, more]) => ({ ...own, ...more })),
    steps: steps(
      { weight: 5, arbitrary: audio },
      { weight: 3, arbitrary: silence },
      { weight: 2, arbitrary: fc.constant<Step>('flush') },
      { weight: 2, arbitrary: ended },
      { weight: 1, arbitrary: pause },
      { weight: 1, arbitrary: ping },
    ),
  })
  .map(({ query, steps: between }) => ({
    query,
    // With nothing buffered, the last flush would get no answer.
    steps: [
      ...between,
      { audio: { file: 'en-long.wav', for: '2500ms' } },
      'flush',
      { await: { for: 'turn_end', fresh: true, limit: '6s' } },
      { close: 1000 },
    ] satisfies Step[],
  }));

const SESSIONS: Readonly<Record<Scope, fc.Arbitrary<Session>>> = {
  scriptix,
  reson8,
  'reson8-turns': turns,
};
