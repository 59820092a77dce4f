import type { Shape, ShapeFact, Shapes } from './shape.ts';

/** The differences between two sets of traces of one dialect. */
export interface ShapeDiff {
  readonly dialect: string;
  readonly onlyA: readonly ShapeFact[];
  readonly onlyB: readonly ShapeFact[];
  readonly common: number;
}

const NOTHING: Shape = new Map();

/** What A does that B does not, and vice versa, for each dialect of either. */
export function diffShapes(a: Shapes, b: Shapes): readonly ShapeDiff[] {
  const dialects = [...new Set([...a.byDialect.keys(), ...b.byDialect.keys()])].sort();
  return dialects.map((dialect) => {
    const ofA = a.byDialect.get(dialect) ?? NOTHING;
    const ofB = b.byDialect.get(dialect) ?? NOTHING;
    return {
      dialect,
      onlyA: [...ofA.values()].filter(({ text }) => !ofB.has(text)),
      onlyB: [...ofB.values()].filter(({ text }) => !ofA.has(text)),
      common: [...ofA.keys()].filter((text) => ofB.has(text)).length,
    };
  });
}

/** Whether there is no difference. */
export function isSameShape(diffs: readonly ShapeDiff[]): boolean {
  return diffs.every(({ onlyA, onlyB }) => onlyA.length === 0 && onlyB.length === 0);
}
