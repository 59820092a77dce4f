import type { Plain, Row } from './row.ts';

/** The aim of a line of the table: for its ratio, for the number itself, or for the difference from the bare server. */
export type Aim =
  | { readonly by: 'ratio'; readonly most: number }
  | { readonly by: 'ratio'; readonly least: number }
  | { readonly by: 'value'; readonly most: number; readonly unit: string }
  | { readonly by: 'difference'; readonly most: number; readonly unit: string };

/** All aims, by the name of their line. BENCHMARKS.md contains this list. */
export const AIMS = {
  'server CPU': { by: 'ratio', most: 1.3 },
  'server CPU, floor': { by: 'ratio', most: 1.15 },
  'lateness p99': { by: 'difference', most: 2, unit: 'ms' },
  'memory, started': { by: 'ratio', most: 1.5 },
  'memory, streamed': { by: 'ratio', most: 1.5 },
  'memory, idle': { by: 'value', most: 75, unit: 'MiB' },
  'unpaced results': { by: 'ratio', least: 0.9 },
  'cold start': { by: 'ratio', most: 1.2 },
  'runner, conversations': { by: 'ratio', least: 0.75 },
  'runner, events judged': { by: 'ratio', least: 0.5 },
  'server CPU, most by least': { by: 'value', most: 1.15, unit: '' },
  'control, sessions p99': { by: 'value', most: 20, unit: 'ms' },
  'control, trace p99': { by: 'value', most: 20, unit: 'ms' },
  'control, wait p99': { by: 'value', most: 20, unit: 'ms' },
  'lateness p99, asked': { by: 'difference', most: 2, unit: 'ms' },
  'upgrade p99, Redis': { by: 'difference', most: 2, unit: 'ms' },
  'many sessions, judged in': { by: 'value', most: 10, unit: 's' },
  'many sessions, memory': { by: 'value', most: 500, unit: 'MiB' },
  'one session of an hour, events judged': { by: 'ratio', least: 0.85 },
  'load of N, own lateness p99': { by: 'value', most: 10, unit: 'ms' },
  'server CPU, page open': { by: 'ratio', most: 1.05 },
  'page, sessions lost': { by: 'value', most: 0, unit: '' },
  'page, heap at most': { by: 'value', most: 150, unit: 'MiB' },
  'page, longest task': { by: 'value', most: 100, unit: 'ms' },
} as const satisfies Readonly<Record<string, Aim>>;

export type AimName = keyof typeof AIMS;

/** Compares a line with its aim; undecided if measurements on this machine cannot show it. */
export function aimed(plain: Plain, name: AimName, canTell = true): Row {
  const aim: Aim = AIMS[name];
  return { ...plain, aim: textOfAim(aim), met: canTell ? isMet(aim, plain) : undefined };
}

function isMet(aim: Aim, { bare, fake, ratio }: Plain): boolean {
  switch (aim.by) {
    case 'ratio':
      return 'most' in aim ? ratio <= aim.most : ratio >= aim.least;
    case 'value':
      return fake <= aim.most;
    case 'difference':
      return fake - bare <= aim.most;
  }
}

function textOfAim(aim: Aim): string {
  switch (aim.by) {
    case 'ratio':
      return 'most' in aim ? `ratio ≤ ${aim.most}` : `ratio ≥ ${aim.least}`;
    case 'value':
      return `≤ ${aim.most} ${aim.unit}`.trimEnd();
    case 'difference':
      return `≤ bare + ${aim.most} ${aim.unit}`;
  }
}

/** The list of all aims, as in BENCHMARKS.md. */
export function aimsTable(): string {
  const rows = Object.entries(AIMS).map(([name, aim]) => [name, textOfAim(aim)] as const);
  const [first, second] = [0, 1].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const line = (name: string, aim: string, fill = ' ') =>
    `| ${name.padEnd(first ?? 0, fill)} | ${aim.padEnd(second ?? 0, fill)} |`;
  return [line('measure', 'aim'), line('', '', '-'), ...rows.map(([name, aim]) => line(name, aim))].join(
    '\n',
  );
}
