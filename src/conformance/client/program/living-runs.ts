const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Kills each of the running programs. Programs belong to the process, and so does the code that ends them. */
const living = new Set<() => void>();

/**
 * Has `kill` called when this process ends or is asked to end, until the returned function is called. Programs in their
 * own groups do not get the signals of a terminal, so they have to be passed on.
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
  // Other listeners decide what happens to this process; without any it ends as it would have without us.
  if (process.listenerCount(signal) > 1) return;
  ignore();
  process.kill(process.pid, signal);
}
