/** Scenarios that tests have assigned to tokens. */
export interface Assignments {
  get(token: string): string | undefined;
  /** Returns false when there are as many as are taken, and the token is not among them. */
  set(token: string, scenario: string): boolean;
  /** Returns whether there was one. */
  delete(token: string): boolean;
  clear(): void;
  readonly size: number;
}

/** No test needs more at the same time. */
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
