/** A page in a browser that a test drives. */
export interface DrivenPage {
  /** The value of an expression in the page; a promise is awaited. */
  evaluate(expression: string): Promise<unknown>;
  /** Clicks as a user does. */
  click(selector: string): Promise<void>;
}

/** A browser of one test. */
export interface DrivenBrowser extends AsyncDisposable {
  readonly page: DrivenPage;
  open(url: string): Promise<void>;
}
