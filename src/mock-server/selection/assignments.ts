/** Scenarios that tests have assigned to tokens. */
export interface Assignments {
  get(token: string): string | undefined;
  /** Returns false if the maximum number is reached and the token is not among them. */
  set(token: string, scenario: string): boolean;
  /** Returns whether there was one. */
  delete(token: string): boolean;
  clear(): void;
  readonly size: number;
}

/** The maximum number at the same time; no test needs more. */
export const MOST_ASSIGNMENTS = 10_000;

/** No assignments yet. */
export function newAssignments(most = MOST_ASSIGNMENTS): Assignments {
  const scenarios = new Map<string, string>();
  return {
    get: (token) => scenarios.get(token),
    set(token, scenario) {
      if (scenarios.size >= most && !scenarios.has(token)) return false;
      scenarios.set(token, scenario);
      return true;
    },
    delete: (token) => scenarios.delete(token),
    clear: () => scenarios.clear(),
    get size() {
      return scenarios.size;
    },
  };
}
