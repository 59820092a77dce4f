import { expect } from 'vitest';

/** The resources that keep a process alive, by kind. */
export function resources(): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const name of process.getActiveResourcesInfo()) {
    // Resources of the test runner's own files and timers are not counted.
    if (/^(TCP|TLS|Timeout|GetAddrInfo|HTTP)/.test(name)) counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}

/** Waits until no more resources are alive than before, since a connection ends a moment after its last event. */
export async function expectNoMoreThan(before: Readonly<Record<string, number>>): Promise<void> {
  const more = () => Object.entries(resources()).filter(([name, count]) => count > (before[name] ?? 0));
  for (let turn = 0; turn < 5000 && more().length > 0; turn++) {
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(more(), `before: ${JSON.stringify(before)}`).toEqual([]);
}
