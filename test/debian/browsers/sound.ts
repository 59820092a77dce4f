import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { Program } from '../../support/programs/program.ts';

/** Sound that no one hears. */
export interface Sound extends AsyncDisposable {
  /** The environment in which a browser finds it, with a home folder of its own. */
  readonly env: NodeJS.ProcessEnv;
}

/**
 * Starts a PulseAudio without a device: unlike Chromium, Firefox does not play audio on a machine without sound.
 */
export async function startSound(): Promise<Sound> {
  const home = await mkdtemp(join(tmpdir(), 'understudy-sound-'));
  const socket = join(home, 'socket');
  const env = { ...process.env, HOME: home, XDG_RUNTIME_DIR: home, PULSE_RUNTIME_PATH: home };
  const modules = ['module-null-sink', `module-native-protocol-unix auth-anonymous=1 socket=${socket}`];
  const program = new Program(
    'pulseaudio',
    ['-n', '--daemonize=no', '--exit-idle-time=-1', '-vv', ...modules.flatMap((module) => ['-L', module])],
    env,
  );
  const dispose = async () => {
    await program[Symbol.asyncDispose]();
    await rm(home, { recursive: true, force: true });
  };
  try {
    await program.said(/Daemon startup complete/);
    expect(program.stderr).toContain('module-native-protocol-unix');
  } catch (error) {
    await dispose();
    throw error;
  }
  return {
    env: { ...process.env, HOME: home, XDG_RUNTIME_DIR: home, PULSE_SERVER: `unix:${socket}` },
    [Symbol.asyncDispose]: dispose,
  };
}
