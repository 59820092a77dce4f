import { expect, it } from 'vitest';
import { fetchStream } from '../../../src/audio/sources/fetch.ts';
import type { Portion } from '../../../src/audio/sources/request.ts';
import type { RequestContext } from '../../../src/audio/sources/request.ts';
import { readTarget } from '../../../src/audio/sources/target.ts';
import { manualClock, type ManualClock } from '../../../src/runtime/clock.ts';
import { context, failure, files, site, all, until } from './support.ts';

/** Fetches and reads a whole body. */
async function read(url: string, how: RequestContext = context(), portion: Partial<Portion> = {}) {
  const fetched = await fetchStream(readTarget(url), how, { limitBytes: 1_000_000, ...portion });
  try {
    return Buffer.concat(await all(fetched.body)).toString('utf8');
  } finally {
    fetched.close();
  }
}

function failed(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => undefined,
    (error: unknown) => error,
  );
}

it('an answer has 15 seconds to begin', async () => {
  const clock = manualClock();
  await using server = await site(() => undefined);
  const error = failure(read(`${server.origin}/slow.mp3`, context({ clock })));
  await until(() => server.asked.length === 1);
  await clock.advance(14_999);

  expect(server.open.size).toBe(1);

  await clock.advance(1);
  expect((await error).problem).toBe('timeout');
  expect((await error).message).toBe(
    `Connection timeout: ${server.origin}/slow.mp3 did not answer within 15 seconds`,
  );

  await until(() => server.open.size === 0);
  expect(clock.pending).toBe(0);
});

it('the look-up of the host counts towards the time for the answer', async () => {
  const clock = manualClock();
  const resolve = () => new Promise<never>(() => undefined);
  const error = failure(read('http://slow.example/', context({ clock, resolve })));
  await clock.advance(15_000);

  expect((await error).problem).toBe('timeout');
});

it('each piece of a body has 15 seconds, counted only while a reader waits', async () => {
  const clock = manualClock();
  await using server = await site((_request, response) => {
    response.write('one');
  });
  const fetched = await fetchStream(readTarget(server.origin), context({ clock }), { limitBytes: 100 });
  const first = await fetched.body.next();

  expect(Buffer.from(first.value ?? []).toString()).toBe('one');
  // Nothing waits while the reader takes an hour to play the first piece.
  expect(clock.pending).toBe(0);

  await clock.advance(3_600_000);
  const error = failure(fetched.body.next());
  await until(() => clock.pending === 1);
  await clock.advance(14_999);

  expect(server.open.size).toBe(1);

  await clock.advance(1);
  expect((await error).problem).toBe('timeout');
  expect((await error).message).toContain('stopped sending');

  await until(() => server.open.size === 0);
  expect(clock.pending).toBe(0);
});

/** Reads the body of a source that sends pieces at equal intervals, until it ends. */
async function dripped(clock: ManualClock, everyMs: number, byteCount: number, most: number) {
  let send: () => void = () => undefined;
  await using server = await site((_request, response) => {
    send = () => void response.write('x'.repeat(byteCount));
    send();
  });
  const fetched = await fetchStream(readTarget(server.origin), context({ clock }), { limitBytes: 1e9 });
  let count = 0;
  let error: unknown;
  for (; count < most && error === undefined; count += 1) {
    const next = fetched.body.next();
    const failed = next.then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    if (count > 0) {
      // Time passes only once the wait for the next piece is on the clock.
      await until(() => clock.pending === 1);
      await clock.advance(everyMs);
      send();
    }
    error = await failed;
  }
  fetched.close();
  return { error, count };
}

// One byte within each wait used to keep a session open for days.
it.each([
  ['a byte per 14 seconds', 14_000, 1],
  ['a byte per second', 1000, 1],
  ['800 bytes per 14 seconds and a half', 14_500, 800],
])('a body that trickles is given up: %s', async (_what, everyMs, byteCount) => {
  const clock = manualClock();
  const { error } = await dripped(clock, everyMs, byteCount, 1000);

  expect(error).toMatchObject({ problem: 'timeout' });
  expect(String(error)).toContain('sends too slowly: fewer than 4096 bytes in 60 seconds of waiting');
  expect(clock.now()).toBeLessThanOrEqual(74_500);
  expect(clock.pending).toBe(0);
});

it.each([
  ['MP3 of 8 kbit/s in bursts of ten seconds', 10_000, 10_000],
  ['320 bytes per second', 1000, 320],
])('a body that is as slow as audio may be is not given up: %s', async (_what, everyMs, byteCount) => {
  const clock = manualClock();
  expect(await dripped(clock, everyMs, byteCount, 400)).toEqual({ error: undefined, count: 400 });
});

it('a body is not slow because its reader is', async () => {
  const clock = manualClock();
  let send: () => void = () => undefined;
  await using server = await site((_request, response) => {
    send = () => void response.write('x');
    send();
  });
  const fetched = await fetchStream(readTarget(server.origin), context({ clock }), { limitBytes: 100 });

  for (let count = 0; count < 20; count += 1) {
    expect((await fetched.body.next()).done).toBe(false);
    await clock.advance(3_600_000);
    send();
  }

  fetched.close();
});

it('a whole body has no more time than the caller gives it', async () => {
  const clock = manualClock();
  await using server = await site((_request, response) => {
    response.write('one');
  });
  const fetched = await fetchStream(readTarget(server.origin), context({ clock }), {
    limitBytes: 100,
    wholeMs: 20_000,
  });
  await fetched.body.next();
  await clock.advance(12_000);
  const error = failure(fetched.body.next());
  await until(() => clock.pending === 1);
  await clock.advance(8_000);

  expect((await error).problem).toBe('timeout');
});

it('a body that is announced as longer than the limit is refused without being read', async () => {
  await using server = await site((_request, response) => {
    response.writeHead(200, { 'content-length': 101 });
    response.flushHeaders();
  });
  const error = await failure(read(server.origin, context(), { limitBytes: 100 }));

  expect(error.problem).toBe('invalid');
  expect(error.message).toContain('too long');

  await until(() => server.open.size === 0);
});

it('a body that grows beyond the limit is given up', async () => {
  await using server = await site((_request, response) => {
    const more = () => {
      while (response.writable && response.write(Buffer.alloc(1000)));
    };
    response.on('drain', more);
    more();
  });
  const error = await failure(read(server.origin, context(), { limitBytes: 50_000 }));

  expect(error.problem).toBe('invalid');
  expect(error.message).toContain('longer than 50000 bytes');

  await until(() => server.open.size === 0);
});

it('a body of exactly the limit is read', async () => {
  await using server = await site((_request, response) => {
    response.write('x'.repeat(60));
    response.end('x'.repeat(40));
  });
  expect(await read(server.origin, context(), { limitBytes: 100 })).toHaveLength(100);
});

it('a body that ends before its length is reported as a cut connection', async () => {
  await using server = await site((_request, response) => {
    response.writeHead(200, { 'content-length': 1000 });
    response.write('x'.repeat(500), () => response.destroy());
  });
  const error = await failure(read(server.origin));

  expect(error.problem).toBe('invalid');
  expect(error.message).toContain('the connection was cut');
});

it.each([
  ['supports ranges', true],
  ['does not support ranges', false],
])('a range can be read from a server that %s', async (_what, knows) => {
  const text = '0123456789'.repeat(1000);
  await using server = await site((request, response) => {
    const [, from = '0', to = '0'] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '') ?? [];
    if (knows) response.writeHead(206).end(text.slice(Number(from), Number(to) + 1));
    else response.end(text);
  });
  const range = { offset: 4995, length: 10 };

  expect(await read(server.origin, context(), { limitBytes: 10, range })).toBe(text.slice(4995, 5005));
  expect(server.headers[0]?.['range']).toBe('bytes=4995-5004');
});

it('everything ends when the signal aborts while the answer is awaited', async () => {
  const clock = manualClock();
  const stop = new AbortController();
  await using server = await site(() => undefined);
  const reading = read(server.origin, context({ clock, signal: stop.signal }));
  await until(() => server.asked.length === 1);
  stop.abort(new Error('enough'));

  await expect(reading).rejects.toThrow('enough');

  await until(() => server.open.size === 0);
  expect(clock.pending).toBe(0);
});

it('everything ends when the signal aborts while a body is read, awaited or not', async () => {
  for (const awaited of [true, false]) {
    const clock = manualClock();
    const stop = new AbortController();
    await using server = await site((_request, response) => {
      response.write('one');
    });
    const fetched = await fetchStream(readTarget(server.origin), context({ clock, signal: stop.signal }), {
      limitBytes: 100,
    });
    await fetched.body.next();
    const next = awaited ? failed(fetched.body.next()) : undefined;
    stop.abort(new Error('enough'));
    await until(() => server.open.size === 0);
    expect(await (next ?? failed(fetched.body.next()))).toEqual(new Error('enough'));
    expect(clock.pending).toBe(0);
  }
});

it('nothing is sent if the signal has already aborted', async () => {
  await using server = await files({ '/': 'hello' });

  await expect(
    read(server.origin, context({ signal: AbortSignal.abort(new Error('enough')) })),
  ).rejects.toThrow('enough');
  expect(server.asked).toEqual([]);
});

it('the connection of a body that is not read is closed', async () => {
  const clock = manualClock();
  await using server = await site((_request, response) => {
    response.write('one');
  });
  const fetched = await fetchStream(readTarget(server.origin), context({ clock }), { limitBytes: 100 });

  expect(server.open.size).toBe(1);

  fetched.close();
  fetched.close();
  await until(() => server.open.size === 0);

  expect(clock.pending).toBe(0);
});

it('the connection of a body that is abandoned in the middle is closed', async () => {
  await using server = await site((_request, response) => {
    response.write('one');
  });
  const fetched = await fetchStream(readTarget(server.origin), context(), { limitBytes: 100 });
  for await (const piece of fetched.body) {
    expect(piece).toHaveLength(3);
    break;
  }
  await until(() => server.open.size === 0);
});

it('an endless file is not read to its end to get to a range', async () => {
  await using server = await site((_request, response) => {
    const more = () => {
      while (response.writable && response.write(Buffer.alloc(10_000)));
    };
    response.on('drain', more);
    more();
  });
  const range = { offset: Number.MAX_SAFE_INTEGER - 100, length: 10 };
  const error = await failure(read(server.origin, context({}, { bodyBytes: 1_000_000 }), { range }));

  expect(error.problem).toBe('invalid');
});
