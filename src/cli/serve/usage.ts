import type { Heard, Usage } from '../../mock-server/journal/usage.ts';
import { say } from '../terminal.ts';

/** Reports what was heard since the start. Nothing is reported if nothing was heard. */
export function tellUsage(usage: Usage, write: ((value: object) => void) | undefined): void {
  if (usage.total.sessions === 0) return;
  if (write !== undefined) return write({ event: 'usage', total: usage.total, services: usage.services });
  const each = Object.entries(usage.services).map(([service, heard]) => `${service} ${heardOf(heard)}`);
  say(`Heard ${heardOf(usage.total)}: ${each.join('; ')}`);
}

/** How much audio was heard, and what it would have cost. */
function heardOf({ audioSeconds, cost }: Heard): string {
  return `${audioSeconds.toFixed(1)} s${cost === undefined ? '' : ` for ${cost}`}`;
}
