import type { JSX } from 'preact';

interface NameRowProps {
  readonly name: string;
  readonly onName: (name: string) => void;
  readonly isNamed: boolean;
  /** Whether the scenario has no mistakes. */
  readonly isGood: boolean;
  readonly canSave: boolean;
  /** Whether saving replaces a file of this name. */
  readonly replaces: boolean;
  readonly onTry: () => void;
  readonly onSave: () => void;
  readonly onDownload: () => void;
}

/** The name of a scenario, and what can be done with it. */
export function NameRow(props: NameRowProps): JSX.Element {
  const { name, onName, isNamed, isGood, canSave, replaces, onTry, onSave, onDownload } = props;
  return (
    <div class="row">
      <label class="inline">
        <span>Name</span>
        <input value={name} spellcheck={false} onInput={({ currentTarget }) => onName(currentTarget.value)} />
      </label>
      <button type="button" class="primary" disabled={!isGood || !isNamed} onClick={onTry}>
        Try it
      </button>
      {canSave && (
        <button type="button" class={replaces ? 'stop' : ''} disabled={!isGood || !isNamed} onClick={onSave}>
          {replaces ? 'Replace the file' : 'Save'}
        </button>
      )}
      <button type="button" disabled={!isNamed} onClick={onDownload}>
        Download
      </button>
    </div>
  );
}
