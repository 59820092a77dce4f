import { expect, it } from 'vitest';
import { fixture } from '../support/audio.ts';
import { understudy } from '../support/programs/program.ts';

it(
  'demo shows how partials become finals in both services, and exits with 0',
  { timeout: 240_000 },
  async () => {
    await using program = understudy(['demo']);
    await program.said(/^Scriptix/m);
    await program.said(/^Reson8[^]*\d+ partials, \d+ finals/m);
    // Whatever else this machine does, it ends.
    program.patienceMs = 200_000;
    await program.said(/^scriptix .*\b0 failed, .*: conforming\nreson8 .*\b0 failed, .*: conforming$/m);

    expect(await program.exit).toEqual({ code: 0, signal: null });
    expect(program.stderr).toBe('');

    const [, scriptix = '', reson8 = ''] = program.stdout.split(/^(?:Scriptix|Reson8) +ws:.*$/m);
    for (const shown of [scriptix, reson8]) {
      const lines = [...shown.matchAll(/^ *\d+\.\d\d s {2}(partial|final) +(.*)$/gm)];
      const kinds = lines.map(([, kind]) => kind);
      expect(kinds[0]).toBe('partial');
      expect(kinds.at(-1)).toBe('final');
      expect(kinds.filter((kind) => kind === 'partial').length).toBeGreaterThan(10);
      const said = lines.filter(([, kind]) => kind === 'final').map(([, , text]) => text);
      expect(said.join(' ')).toBe(fixture('en-appointment.wav').text);
    }
  },
);
