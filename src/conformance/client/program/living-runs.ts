const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Kills each of the programs that run now. Programs are of the process, and so is what ends them. */
const living = new Set<() => void>();

/**
 * Has `kill` called when this process ends, or is told to, until the returned function is called. Programs in groups of
 * their own do not get the signals of a terminal, so that it is us who have to pass them on.
 */
export function killedWithUs(kill: () => void): () => void {
  if (living.size === 0) listen();
  living.add(kill);
  return () => {
    if (living.delete(kill) && living.size === 0) ignore();
  };
}

function listen(): void {
  process.on('exit', killAll);
  for (const signal of SIGNALS) process.on(signal, onSignal);
}

function ignore(): void {
  process.off('exit', killAll);
  for (const signal of SIGNALS) process.off(signal, onSignal);
}

function killAll(): void {
  for (const kill of living) kill();
}

function onSignal(signal: NodeJS.Signals): void {
  killAll();
  // Whoever listens besides us decides what becomes of this process; else it ends as it would have without us.
  if (process.listenerCount(signal) > 1) return;
  ignore();
  process.kill(process.pid, signal);
}
