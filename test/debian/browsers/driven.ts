/** A page in a browser that a test drives. */
export interface DrivenPage {
  /** What an expression is worth in the page, or what it is fulfilled with. */
  evaluate(expression: string): Promise<unknown>;
  /** Clicks as a user does. */
  click(selector: string): Promise<void>;
}

/** A browser of a test's own. */
export interface DrivenBrowser extends AsyncDisposable {
  readonly page: DrivenPage;
  open(url: string): Promise<void>;
}
