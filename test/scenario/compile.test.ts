import { DEFAULT_EDITIONS } from '../../src/protocol/editions.ts';
import { DIALECT_NAMES, isSocket } from '../../src/protocol/dialects.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openCatalog } from '../../src/scenario/catalog.ts';
import { attemptCountOf, compileAttempt } from '../../src/scenario/compile/compile.ts';
import { happyPath } from '../../src/scenario/happy-path.ts';
import { encodeClose, encodeFrame } from '../../src/wire/encode.ts';
import { compile, scenarioOf } from '../support/scenarios/scenario.ts';

const steps = (...server: readonly unknown[]) => compile(server).steps;
const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
const text = (message: unknown) => ({ opcode: 1, payload: Buffer.from(JSON.stringify(message)) });

describe('the bundled happy path', () => {
  it.each(DIALECT_NAMES.filter(isSocket))(
    'of %s does what the server does without a scenario',
    async (dialect) => {
      const scenario = await (await openCatalog()).load(dialect, 'happy-path');
      expect(compileAttempt(scenario, { dialect, seed: 7, attempt: 0 })).toEqual({
        handshake: undefined,
        steps: happyPath(dialect, DEFAULT_EDITIONS),
      });
    },
  );
});

describe('what a verb means', () => {
  it.each<[what: string, step: unknown, meaning: readonly unknown[]]>([
    ['finish', 'finish', [{ kind: 'finish' }]],
    ['hang', 'hang', [{ kind: 'hang' }]],
    ['close', 'close', [{ kind: 'close' }]],
    ['stall', 'stall', [{ kind: 'stall', ms: undefined }]],
    ['stall for a time', { stall: { for: '2s' } }, [{ kind: 'stall', ms: 2000 }]],
    ['wait', { wait: '1.5s' }, [{ kind: 'wait', ms: 1500 }]],
    ['state', { state: 'disconnected' }, [{ kind: 'say', say: { kind: 'state', state: 'disconnected' } }]],
    ['error', { error: 'no' }, [{ kind: 'say', say: { kind: 'error', problem: 'internal', message: 'no' } }]],
    ['fail', { fail: 'no' }, [{ kind: 'fail', problem: 'internal', message: 'no' }]],
    [
      'fail with a problem',
      { fail: { problem: 'timeout', message: 'late' } },
      [{ kind: 'fail', problem: 'timeout', message: 'late' }],
    ],
    ['send', { send: { a: [1, 'é'] } }, [{ kind: 'frame', frame: { kind: 'text', text: '{"a":[1,"é"]}' } }]],
    ['send null', { send: null }, [{ kind: 'frame', frame: { kind: 'text', text: 'null' } }]],
    ['raw text', { raw: '{ not' }, [{ kind: 'frame', frame: { kind: 'text', text: '{ not' } }]],
    [
      'raw bytes',
      { raw: { hex: '00 ff' } },
      [{ kind: 'frame', frame: { kind: 'binary', bytes: Buffer.from([0, 255]) } }],
    ],
    ['bytes', { bytes: { base64: 'AP8=' } }, [{ kind: 'bytes', bytes: Buffer.from([0, 255]) }]],
    [
      'latency',
      { latency: '200ms' },
      [{ kind: 'latency', spread: { kind: 'uniform', minMs: 200, maxMs: 200 } }],
    ],
    [
      'latency over a range',
      { latency: { min: '1s', max: '2s' } },
      [{ kind: 'latency', spread: { kind: 'uniform', minMs: 1000, maxMs: 2000 } }],
    ],
    [
      'latency, log-normal',
      { latency: { 'log-normal': { median: '80ms', p99: '900ms' } } },
      [
        {
          kind: 'latency',
          spread: { kind: 'log-normal', medianMs: 80, p99Ms: 900, maxMs: 86_400_000 },
        },
      ],
    ],
    [
      'latency, normal',
      { latency: { normal: { mean: '80ms', deviation: '9ms', max: '1s' } } },
      [{ kind: 'latency', spread: { kind: 'normal', meanMs: 80, deviationMs: 9, maxMs: 1000 } }],
    ],
    [
      'latency, Pareto',
      { latency: { pareto: { min: '80ms', shape: 2, max: '1s' } } },
      [{ kind: 'latency', spread: { kind: 'pareto', minMs: 80, shape: 2, maxMs: 1000 } }],
    ],
    [
      'wait until a time',
      { wait: { until: '30s' } },
      [{ kind: 'wait-until', ms: 30_000, since: 'connection' }],
    ],
    [
      'wait until a time of the server',
      { wait: { until: '30s', since: 'server' } },
      [{ kind: 'wait-until', ms: 30_000, since: 'server' }],
    ],
    [
      'send with a placeholder',
      { send: { a: '{port}' } },
      [{ kind: 'template', of: { kind: 'json', value: { a: '{port}' } } }],
    ],
    [
      'raw text with doubled braces',
      { raw: '{{not}}' },
      [{ kind: 'template', of: { kind: 'frame', frame: { kind: 'text', text: '{{not}}' } } }],
    ],
    [
      'when and else',
      {
        when: { query: { language: 'nl', type: false }, time: { max: '1s' }, since: 'server' },
        steps: ['finish'],
        else: [{ wait: '1s' }, 'hang'],
      },
      [
        {
          kind: 'when',
          condition: {
            query: { language: 'nl', type: false },
            age: { of: 'server', minMs: 0, maxMs: 1000 },
          },
          otherwiseSkip: 2,
        },
        { kind: 'finish' },
        { kind: 'skip', steps: 2 },
        { kind: 'wait', ms: 1000 },
        { kind: 'hang' },
      ],
    ],
    [
      'transcribe with a pace',
      { transcribe: { every: '1s', segment: { words: 3, pause: '2s' }, 'hold-finals': '2s' } },
      [
        {
          kind: 'transcribe',
          idleMs: 60_000,
          pace: { partialMs: 1000, finalWords: 3, pauseMs: 2000 },
          distortion: { holdFinals: 2000 },
        },
      ],
    ],
    ['close with a code', { close: 1011 }, [{ kind: 'close', code: 1011 }]],
    ['close with a reason', { close: { reason: 'bye' } }, [{ kind: 'close', code: 1000, reason: 'bye' }]],
    [
      'close with both',
      { close: { code: 4000, reason: 'bye' } },
      [{ kind: 'close', code: 4000, reason: 'bye' }],
    ],
    ['abort', { abort: 'reset' }, [{ kind: 'abort', how: 'reset' }]],
    [
      'await with a limit',
      { await: { for: 'audio', count: 3, limit: '5s', late: 'too late' } },
      [{ kind: 'await', what: 'audio', count: 3, limitMs: 5000, late: 'too late' }],
    ],
    ['transcribe', 'transcribe', [{ kind: 'transcribe', idleMs: 60_000 }]],
    [
      'transcribe with an end',
      { transcribe: { idle: '3s', until: { audio: '2s', finals: 1, stop: true }, partials: 'none' } },
      [
        {
          kind: 'transcribe',
          idleMs: 3000,
          until: { audioMs: 2000, finals: 1, stop: true },
          distortion: { partials: 'none' },
        },
      ],
    ],
    [
      'transcribe with distortions',
      {
        transcribe: {
          'partial-extra': { a: 1 },
          'final-extra': { b: 2 },
          speaker: 'A',
          confidence: 'logprob',
        },
      },
      [
        {
          kind: 'transcribe',
          idleMs: 60_000,
          distortion: { speaker: 'A', confidence: 'logprob', partialExtra: { a: 1 }, finalExtra: { b: 2 } },
        },
      ],
    ],
    [
      'final',
      {
        final: { words: [{ text: 'hi', start: '1s', end: '2s', confidence: 3 }], offset: '1s', speaker: 'A' },
      },
      [
        {
          kind: 'say',
          say: {
            kind: 'final',
            words: [{ text: 'hi', startMs: 1000, endMs: 2000, confidence: 3 }],
            startMs: 1000,
            speaker: 'A',
          },
        },
      ],
    ],
  ])('%s', (_what, step, meaning) => {
    expect(steps(step)).toEqual(meaning);
  });

  it.each<[what: string, step: unknown, meaning: readonly unknown[]]>([
    ['confirm with an id', { confirm: 'a' }, [{ kind: 'say', say: { kind: 'flushed', id: 'a' } }]],
    ['confirm with the id null', { confirm: null }, [{ kind: 'say', say: { kind: 'flushed', id: null } }]],
    ['confirm without an id', { confirm: false }, [{ kind: 'say', say: { kind: 'flushed', id: undefined } }]],
    [
      'confirm with a placeholder',
      { confirm: '{message.id}' },
      [
        {
          kind: 'template',
          of: { kind: 'say', say: { kind: 'flushed', id: '{message.id}' } },
        },
      ],
    ],
    [
      'await a flush',
      { await: 'flush' },
      [
        {
          kind: 'await',
          what: 'flush',
          count: 1,
          limitMs: 60_000,
          late: 'Connection timeout: no flush within 60 seconds',
        },
      ],
    ],
  ])('%s, of Reson8', (_what, step, meaning) => {
    expect(compile([step], { dialect: 'reson8' }).steps).toEqual(meaning);
  });

  it('a message in parts is one message in that many frames', () => {
    const message = { text: 'héllo' };
    const parts = steps({ fragments: { send: message, parts: 4, every: '10ms' } });
    expect(parts.map(({ kind }) => kind).join(' ')).toBe('bytes wait bytes wait bytes wait bytes');

    const frames = parts.flatMap((part) => (part.kind === 'bytes' ? [Buffer.from(part.bytes)] : []));
    expect(frames.map((frame) => frame[0])).toEqual([0x01, 0x00, 0x00, 0x80]);
    expect(String(Buffer.concat(frames.map((frame) => frame.subarray(2))))).toBe(JSON.stringify(message));
  });

  it('a message in parts may stop early', () => {
    const parts = steps({ fragments: { send: 'abcdef', parts: 4, after: 2, then: 'reset' } });
    const frames = parts.flatMap((part) => (part.kind === 'bytes' ? [Buffer.from(part.bytes)] : []));
    expect(frames.map((frame) => frame[0])).toEqual([0x01, 0x00]);
    expect(parts.at(-1)).toEqual({ kind: 'abort', how: 'reset' });

    const drops = steps({ drip: { send: 'abcdef', every: '1ms', after: 3, then: 'stay' } });
    expect(drops.map(({ kind }) => kind)).toEqual(['bytes', 'wait', 'bytes', 'wait', 'bytes']);
  });

  it('a cut frame is the beginning of one, then the end of TCP', () => {
    const [cut, end] = steps({ 'cut-frame': { send: { a: 1 }, after: 4, then: 'reset' } });

    expect(cut?.kind === 'bytes' ? hex(cut.bytes) : cut).toBe(
      hex(encodeFrame(text({ a: 1 })).subarray(0, 4)),
    );
    expect(end).toEqual({ kind: 'abort', how: 'reset' });
  });

  it('a dripping frame is the whole frame, a byte at a time', () => {
    const drops = steps({ drip: { send: { a: 1 }, every: '7ms' } });
    const bytes = drops.flatMap((drop) => (drop.kind === 'bytes' ? [drop.bytes] : []));

    expect(bytes.every(({ length }) => length === 1)).toBe(true);
    expect(hex(Buffer.concat(bytes))).toBe(hex(encodeFrame(text({ a: 1 }))));
    expect(drops.filter(({ kind }) => kind === 'wait')).toEqual(
      new Array(bytes.length - 1).fill({ kind: 'wait', ms: 7 }),
    );
  });

  it('a broken frame is followed by the end of TCP, unless the file says otherwise', () => {
    expect(steps('bad-opcode').at(-1)).toEqual({ kind: 'abort', how: 'fin' });
    expect(steps({ 'masked-frame': { then: 'reset' } }).at(-1)).toEqual({ kind: 'abort', how: 'reset' });
    expect(steps({ 'bad-utf8': { then: 'stay' } }).map(({ kind }) => kind)).toEqual(['bytes']);
    expect(steps({ 'close-frame': { code: 1006, reason: 'x', then: 'stay' } })).toEqual([
      { kind: 'bytes', bytes: encodeClose(1006, 'x') },
    ]);
  });

  it('several pings are one frame each, sent at once', () => {
    const [pings] = steps({ ping: 3 });
    expect(pings?.kind === 'bytes' ? hex(pings.bytes) : pings).toBe('890089008900');

    const [ping] = steps({ ping: { text: 'a' } });
    expect(ping?.kind === 'bytes' ? hex(ping.bytes) : ping).toBe('890161');
  });

  it('words are spoken as they are written, at the pace if there is one', () => {
    const [spoken] = steps({ speak: { text: '  good   morning ', pace: '200ms' } });
    if (spoken?.kind !== 'transcribe') throw new Error('no step of recognition');

    expect(spoken.words?.map((word) => [word.text, word.kind === 'paced' ? word.spokenMs : 0])).toEqual([
      ['good', 200],
      ['morning', 200],
    ]);
  });

  it('words of a result follow each other in time, from its offset', () => {
    const [said] = steps({ final: { text: 'one two three', offset: '5s' } });
    if (said?.kind !== 'say' || said.say.kind !== 'final') throw new Error('no final');
    const { words } = said.say;

    expect(words.map((word) => word.text)).toEqual(['one', 'two', 'three']);
    expect(words[0]?.startMs).toBe(5000);

    words.forEach((word, i) => {
      expect(word.endMs).toBeGreaterThan(word.startMs);
      if (i > 0) expect(word.startMs).toBe(words[i - 1]?.endMs);
    });
  });
});

describe('chance', () => {
  const flip = (percent: string) => ({
    chance: percent,
    steps: [{ state: 'heads' }],
    else: [{ state: 'tails' }],
  });
  const many = { repeat: 1000, steps: [flip('30%')] };
  const heads = (compiled: ReturnType<typeof compile>) =>
    compiled.steps.filter(
      (step) => step.kind === 'say' && step.say.kind === 'state' && step.say.state === 'heads',
    ).length;

  it('never happens with 0%, always with 100%, and about as often as it says', () => {
    expect(heads(compile([{ repeat: 100, steps: [flip('0%')] }]))).toBe(0);
    expect(heads(compile([{ repeat: 100, steps: [flip('100%')] }]))).toBe(100);
    for (const seed of [1, 2, 3]) expect(Math.abs(heads(compile([many], { seed })) - 300)).toBeLessThan(60);
  });

  it('does nothing where there is no "else"', () => {
    expect(compile([{ chance: '0%', steps: ['hang'] }]).steps).toEqual([]);
  });

  it('differs on the next connection, and with another seed', () => {
    const one = compile([many]).steps;
    expect(compile([many], { attempt: 1 }).steps).not.toEqual(one);
    expect(compile([many], { seed: 2 }).steps).not.toEqual(one);
  });

  it('a random time is within its range, both ends included', () => {
    const waits = compile([{ repeat: 500, steps: [{ wait: { min: '1ms', max: '4ms' } }] }]).steps;
    const drawn = new Set(waits.map((step) => (step.kind === 'wait' ? step.ms : -1)));
    expect([...drawn].sort()).toEqual([1, 2, 3, 4]);
  });
});

describe('the same file, seed and connection', () => {
  it('always give the same script', () => {
    const step = fc.constantFrom<unknown>(
      'open',
      { speak: 'good morning everybody' },
      { wait: { min: '0ms', max: '1s' } },
      { chance: '50%', steps: [{ partial: 'hello' }], else: ['finish'] },
      { repeat: 3, steps: [{ chance: '10%', steps: [{ final: 'a b c' }] }] },
    );
    fc.assert(
      fc.property(
        fc.array(step, { minLength: 1, maxLength: 8 }),
        fc.nat(),
        fc.nat({ max: 5 }),
        (server, seed, attempt) => {
          expect(compile(server, { seed, attempt })).toEqual(compile(server, { seed, attempt }));
        },
      ),
    );
  });

  it('the seed of a file takes precedence over that of the server', () => {
    const scenario = scenarioOf([{ speak: 'good morning' }], { seed: 5 });
    const compiled = (seed: number) => compileAttempt(scenario, { dialect: 'reson8', seed, attempt: 0 });

    expect(compiled(1)).toEqual(compiled(2));
    expect(compiled(1)).toEqual(compile([{ speak: 'good morning' }], { seed: 5 }));
  });
});

describe('a connection', () => {
  it('gets the attempt with its number, or the last one', () => {
    const server = { attempts: [['hang'], { handshake: 'drop' }, { steps: ['close'] }] };
    expect(attemptCountOf(scenarioOf(server))).toBe(3);

    const kinds = [0, 1, 2, 3, 99].map((attempt) => {
      const { handshake, steps: all } = compile(server, { attempt });
      return [handshake?.kind, all.map(({ kind }) => kind).join(' ')];
    });
    const documented = happyPath('scriptix', DEFAULT_EDITIONS).map(({ kind }) => kind);
    expect(kinds).toEqual([
      [undefined, 'hang'],
      ['drop', documented.join(' ')],
      [undefined, 'close'],
      [undefined, 'close'],
      [undefined, 'close'],
    ]);
  });

  it('does what is documented if the scenario has no server', () => {
    expect(compile(undefined).steps).toEqual(happyPath('scriptix', DEFAULT_EDITIONS));
    expect(attemptCountOf(scenarioOf(undefined))).toBe(1);
  });

  it.each<[what: string, handshake: unknown, meaning: unknown]>([
    ['that hangs', 'hang', { kind: 'hang' }],
    [
      'that is refused late, with body and header',
      { status: 503, after: '1s', body: { a: 1 }, headers: { 'retry-after': '5' } },
      { kind: 'answer', status: 503, headers: { 'retry-after': '5' }, body: { a: 1 }, afterMs: 1000 },
    ],
    ['that is late', { after: '2s' }, { kind: 'open', headers: {}, afterMs: 2000 }],
    [
      'without a subprotocol',
      { subprotocol: false },
      { kind: 'open', headers: {}, afterMs: 0, subprotocol: false },
    ],
    [
      'with a subprotocol of its own',
      { subprotocol: 'x' },
      { kind: 'open', headers: {}, afterMs: 0, subprotocol: 'x' },
    ],
  ])('with a handshake %s', (_what, handshake, meaning) => {
    expect(compile({ handshake }).handshake).toEqual(meaning);
  });
});
