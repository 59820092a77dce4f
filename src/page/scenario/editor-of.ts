/** A mistake as the editor shows it; lines and columns from 1. */
export interface Shown {
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

/** An editor on the page. */
export interface Editor {
  replace(text: string): void;
  show(mistakes: readonly Shown[]): void;
  goTo(line: number): void;
  end(): void;
}

/** Puts an editor in its place. */
export type EditorOf = (
  place: HTMLElement,
  options: { readonly text: string; readonly label: string; readonly onChange: (text: string) => void },
) => Editor;
