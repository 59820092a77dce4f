/** The strength if none is given: a phrase in every second block. */
export const USUAL_STRENGTH = 1;
