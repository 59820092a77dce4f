import { describe, expect, it } from 'vitest';
import { OTHERS } from '../../src/cli/environment.ts';
import { VARIABLES } from '../../src/conformance/client/program/command.ts';
import { RUN_VARIABLE } from '../../src/runtime/platform/process-tree.ts';
import { asText, asTexts, many, one, readAll, toggle, toggleOr } from '../../src/cli/flag.ts';
import { inFlags } from '../../src/cli/start/in-flags.ts';
import { asChoice, asNumber, asRedis } from '../../src/cli/values.ts';
import { UserError } from '../../src/runtime/errors.ts';

const FLAGS = {
  port: one('Port', asNumber, { default: '1', sets: ['port'] }),
  mode: one('Mode', asChoice(['slow', 'fast'])),
  name: one('Name', asText),
  key: many('Keys', asTexts),
  json: toggle('JSON'),
};

describe('a table of flags', () => {
  it('reads what yargs found', () => {
    expect(readAll(FLAGS, { port: '80', mode: 'fast', key: 'a', json: true, _: [] })).toEqual({
      port: 80,
      mode: 'fast',
      name: undefined,
      key: ['a'],
      json: true,
    });
    expect(readAll(FLAGS, { port: '80', key: ['a', 'b'] })).toMatchObject({ key: ['a', 'b'], json: false });
  });

  it('names every flag that cannot be read, at once', () => {
    const work = () => readAll(FLAGS, { port: 'x', mode: 'quick', name: ['a', 'b'] });

    expect(work).toThrow(UserError);
    expect(work).toThrow(
      [
        '--port: expected a number, got "x"',
        '--mode: expected slow or fast, got "quick"',
        '--name: given 2 times, expected once',
      ].join('\n'),
    );
  });

  it('says what is expected of a flag that has to be given', () => {
    const flags = {
      out: one('File', asText, { missing: 'expected a file, such as a.txt' }),
      json: toggle('JSON'),
    };

    expect(readAll(flags, { out: 'b.txt' }).out).toBe('b.txt');
    expect(() => readAll(flags, { json: true })).toThrow('--out: expected a file, such as a.txt');
  });

  it('refuses a flag that does nothing without others, unless it is off', () => {
    const flags = {
      watch: toggleOr('Watch', 'close', ['from', 'also']),
      prefix: one('Prefix', asText, { default: 'p', needs: ['from'] }),
      from: one('From', asText, { env: 'SOME_FROM' }),
      also: many('Also', asTexts),
    };

    expect(() => readAll(flags, { watch: 'close', prefix: 'x' }, {})).toThrow(
      '--watch: expected --from or --also with it\n--prefix: expected --from with it',
    );
    expect(readAll(flags, { watch: '', also: ['a'] }, {}).watch).toBe(true);
    expect(readAll(flags, { watch: 'close' }, { SOME_FROM: 'a' }).watch).toBe('close');
    expect(readAll(flags, { watch: 'false' }, {})).toMatchObject({ watch: false, prefix: 'p' });
  });

  it('takes a value from the environment where the flag is not given, and ignores an empty one', () => {
    const flags = { token: one('Token', asText, { env: 'SOME_TOKEN' }) };

    expect(readAll(flags, {}, { SOME_TOKEN: 'theirs' }).token).toBe('theirs');
    expect(readAll(flags, { token: 'ours' }, { SOME_TOKEN: 'theirs' }).token).toBe('ours');
    expect(readAll(flags, { token: '' }, { SOME_TOKEN: 'theirs' }).token).toBe('');
    expect(readAll(flags, {}, { SOME_TOKEN: '' }).token).toBeUndefined();
  });

  it('takes several values and booleans from the environment', () => {
    const flags = { key: many('Keys', asTexts, { env: 'KEYS' }), json: { ...toggle('JSON'), env: 'JSON' } };

    expect(readAll(flags, {}, { KEYS: 'a, b', JSON: '1' })).toEqual({ key: ['a', 'b'], json: true });
    expect(readAll(flags, { key: ['c'], json: false }, { KEYS: 'a', JSON: 'true' })).toEqual({
      key: ['c'],
      json: false,
    });
    expect(() => readAll(flags, {}, { JSON: 'yes' })).toThrow('JSON: expected true or false, got "yes"');
  });

  it('reports a mistake in a file with its place in the file', () => {
    const wrong = (): string => {
      throw new UserError('is empty', { file: 'a.yaml', line: 2, column: 1 });
    };
    expect(() => readAll({ file: one('File', wrong) }, { file: 'a.yaml' })).toThrow(
      /^a\.yaml:2:1: is empty$/,
    );
  });

  it('reports mistakes in options of the library as mistakes in flags, and others unchanged', () => {
    const ofLibrary = new UserError([
      { option: 'port', value: '80', what: 'is in use' },
      { option: 'pingMs', what: 'expected more' },
      { file: 'a.yaml', line: 1, column: 1, what: 'is empty' },
    ]);
    expect(inFlags(ofLibrary, FLAGS)).toMatchObject({
      message: '--port 80: is in use\npingMs: expected more\na.yaml:1:1: is empty',
      mistakes: [{ flag: 'port' }, { option: 'pingMs' }, { file: 'a.yaml' }],
    });

    const other = new TypeError('ours');
    expect(inFlags(other, FLAGS)).toBe(other);
  });

  it('names the flag that was given, if several set the same option', () => {
    const wrong = new UserError('cannot be passed on', { option: 'tls' });
    const flags = {
      tls: { ...toggle('TLS', ['tls']), env: 'UNDERSTUDY_TLS' },
      cert: one('Certificate', asText, { sets: ['tls'] }),
    };

    expect(inFlags(wrong, flags, { tls: true })).toMatchObject({ mistakes: [{ flag: 'tls' }] });
    expect(inFlags(wrong, flags, { cert: 'a' })).toMatchObject({
      mistakes: [{ flag: 'cert' }],
    });
    expect(inFlags(wrong, flags, {}, { UNDERSTUDY_TLS: 'true' })).toMatchObject({
      mistakes: [{ variable: 'UNDERSTUDY_TLS' }],
    });
  });

  // Workers from UNDERSTUDY_WORKERS were called --workers.
  it('names the variable for what was said of a flag whose value is from there', () => {
    const flags = { own: one('', asText, { env: 'OWN' }) };
    const said = new UserError('no', { flag: 'own', value: '2' });
    expect(String(inFlags(said, flags, {}, { OWN: '2' }))).toBe('UserError: OWN 2: no');
    expect(String(inFlags(said, flags, { own: '2' }, { OWN: '3' }))).toBe('UserError: --own 2: no');
    expect(String(inFlags(new UserError('no', { flag: 'strange' }), flags))).toBe('UserError: --strange: no');
  });
});

it('variables that are meant for other programs are those that the runner gives to its programs, and credentials', () => {
  const credentials = ['TOKEN', 'ADMIN_TOKEN', 'USER_TOKEN', 'BAD_TOKEN'].map((name) => `UNDERSTUDY_${name}`);
  expect(OTHERS).toEqual(expect.arrayContaining([...credentials, ...Object.values(VARIABLES), RUN_VARIABLE]));
});

describe('the address of a Redis', () => {
  it.each(['redis://127.0.0.1:6379', 'rediss://me:pw@redis.example', 'redis://[::1]:6379/2'])(
    'may be %s',
    (address) => {
      expect(asRedis(address)).toBe(address);
    },
  );

  // The default port was used where a port had been left out by mistake.
  it.each([
    ['redis://127.0.0.1:', 'there is a colon without a port'],
    ['redis://me:secret-1@[::1]:/2', 'there is a colon without a port'],
    ['redis://127.0.0.1:0', 'port 0 cannot be connected to'],
    ['http://127.0.0.1:6379', 'expected redis://host:port'],
    ['redis://127.0.0.1/?x=1', 'expected redis://host:port'],
  ])('is refused: %s', (address, expected) => {
    expect(() => asRedis(address)).toThrow(expected);
    expect(() => asRedis(address)).not.toThrow('secret-1');
  });
});
