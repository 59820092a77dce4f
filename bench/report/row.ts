/** The measurements of the two that are compared, and of the floor if it was measured. */
export type Both<Result> = Readonly<Record<'bare' | 'fake', readonly Result[]>> & {
  readonly floor?: readonly Result[];
};

/** A line of the table before it is compared with an aim. */
export interface Plain {
  readonly measure: string;
  readonly unit: string;
  readonly bare: number;
  readonly fake: number;
  /** Fake divided by bare. */
  readonly ratio: number;
}

/** A line of the table. */
export interface Row extends Plain {
  readonly aim: string | undefined;
  /** Undefined without an aim, and if measurements on this machine cannot show it. */
  readonly met: boolean | undefined;
}

export function without(plain: Plain): Row {
  return { ...plain, aim: undefined, met: undefined };
}

export function compared(measure: string, unit: string, bare: number, fake: number): Plain {
  return { measure, unit, bare, fake, ratio: fake / bare };
}

/** There is nothing to compare it with. */
export function alone(measure: string, unit: string, value: number): Plain {
  return compared(measure, unit, NaN, value);
}
