import type { Request } from 'express';
import type { SelectedCalls } from './scenarios.ts';

/** What the scenario of a request says, for later handlers. */
const selections = new WeakMap<Request, SelectedCalls>();

/** Notes what the scenario of a request says. */
export function remember(request: Request, selected: SelectedCalls): void {
  selections.set(request, selected);
}

/** What the scenario of a request says, once asScenario() has seen it; undefined if none is selected. */
export function selectedFor(request: Request): SelectedCalls | undefined {
  return selections.get(request);
}
