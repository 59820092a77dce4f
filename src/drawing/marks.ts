/**
 * What happens on a line of time, as shapes that differ in form and not only in colour: paths of SVG in pixels, around the
 * time itself and upwards from the foot of the lane.
 */
export const MARKS = {
  /** A stroke. */
  partial: 'M0 -10V0',
  /** A diamond on a stroke. */
  final: 'M0 -16l4.5 5.5l-4.5 5.5l-4.5 -5.5zM0 -7V0',
  /** A cross. */
  error: 'M-4.5 -13l9 9m0 -9l-9 9',
  /** A flag. */
  confirmation: 'M0 0V-15l8 4l-8 4',
} as const;
