import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { call, Refused } from '../api.ts';
import { pause } from '../clock.ts';
import type { Editor, EditorOf } from './editor-of.ts';
import { stepsOf, TEMPLATE, type StepKind } from './steps.ts';

interface Mistake {
  readonly line: number;
  readonly column: number;
  readonly path: string;
  /** What is wrong, and what was expected instead. */
  readonly what: string;
}

interface Checked {
  readonly mistakes: readonly Mistake[];
  readonly dialect?: string;
}

/** Nothing is checked while the user is typing. */
const CHECKED_AFTER_MS = 300;
const NAME = /^[a-z0-9]+(-[a-z0-9]+)*$/;
/** The token of the client with which a scenario is tried out. */
const TOKEN = 'any-token';

/** Where scenarios are written, checked and tried. */
export function ScenarioView({
  isLive,
  onTry,
}: {
  isLive: boolean;
  onTry: (dialect: string, token: string) => void;
}): JSX.Element {
  const place = useRef<HTMLDivElement>(null);
  const editor = useRef<Editor | undefined>(undefined);
  const [text, setText] = useState(TEMPLATE);
  const [name, setName] = useState('my-scenario');
  const [checked, setChecked] = useState<Checked>();
  const [steps, setSteps] = useState<readonly StepKind[]>([]);
  const [canSave, setSave] = useState(false);
  const [replaces, setReplaces] = useState(false);
  const [said, setSaid] = useState<{ readonly text: string; readonly isWrong: boolean }>();
  const tell = (words: string, isWrong = false) => setSaid({ text: words, isWrong });

  useEffect(() => {
    let isOver = false;
    const { current } = place;
    if (current === null) return;
    // A file beside the page, so that the page itself loads fast.
    const file = new URL('editor.js', import.meta.url).href;
    import(file).then(
      ({ editorIn }: { readonly editorIn: EditorOf }) => {
        if (!isOver)
          editor.current = editorIn(current, { text: TEMPLATE, label: 'Scenario', onChange: setText });
      },
      () => tell('The editor cannot be loaded; load the page again.', true),
    );
    return () => {
      isOver = true;
      editor.current?.end();
    };
  }, []);
  useEffect(() => {
    if (!isLive) return;
    call('scenario-schema').then(
      (schema) => {
        setSteps(stepsOf(schema));
        setSave((schema as { readonly 'x-can-save'?: boolean })['x-can-save'] === true);
      },
      () => undefined,
    );
  }, [isLive]);
  useEffect(() => {
    const leaving = new AbortController();
    void check(text, leaving.signal).then((found) => {
      if (found === undefined || leaving.signal.aborted) return;
      setChecked(found);
      editor.current?.show(found.mistakes.map((mistake) => ({ ...mistake, message: wordsOf(mistake) })));
    });
    return () => leaving.abort();
  }, [text, isLive]);

  const act = async (doing: () => Promise<string>) => {
    try {
      tell(await doing());
    } catch (error) {
      tell(error instanceof Error ? error.message : String(error), true);
      // There is a file of this name: the user decides whether to replace it.
      if (error instanceof Refused && error.status === 409) setReplaces(true);
    }
  };
  const isGood = checked?.dialect !== undefined;
  const isNamed = NAME.test(name) && name.length <= 100;
  const tryIt = () =>
    act(async () => {
      await call(`scenarios?name=${name}`, 'POST', text, 'json', true);
      await call(`assignments/${encodeURIComponent(TOKEN)}`, 'PUT', { scenario: name });
      onTry(checked?.dialect ?? '', TOKEN);
      return `Connections with the token ${TOKEN} get it now.`;
    });
  const save = () =>
    act(async () => {
      await call(`scenario-files/${name}${replaces ? '?replace=1' : ''}`, 'PUT', text, 'json', true);
      setReplaces(false);
      return `Saved as ${name}.yaml`;
    });
  const download = () => {
    const url = URL.createObjectURL(new Blob([text], { type: 'application/yaml' }));
    Object.assign(document.createElement('a'), { href: url, download: `${name}.yaml` }).click();
    URL.revokeObjectURL(url);
  };
  const onName = (next: string) => {
    setName(next);
    setReplaces(false);
  };
  return (
    <div class="scenario">
      <div class="card write">
        <div class="row">
          <label class="inline">
            <span>Name</span>
            <input
              value={name}
              spellcheck={false}
              onInput={({ currentTarget }) => onName(currentTarget.value)}
            />
          </label>
          <button type="button" class="primary" disabled={!isGood || !isNamed} onClick={() => void tryIt()}>
            Try it
          </button>
          {canSave && (
            <button
              type="button"
              class={replaces ? 'stop' : ''}
              disabled={!isGood || !isNamed}
              onClick={() => void save()}
            >
              {replaces ? 'Replace the file' : 'Save'}
            </button>
          )}
          <button type="button" disabled={!isNamed} onClick={download}>
            Download
          </button>
        </div>
        <div class="editor" ref={place} />
        <div class="mistakes" role="status">
          {!isNamed && <p class="error">A name has small letters, digits and single dashes.</p>}
          {checked !== undefined && checked.mistakes.length === 0 && (
            <p class="quiet">No mistakes: a scenario for {checked.dialect}.</p>
          )}
          {(checked?.mistakes ?? []).map((mistake) => (
            <p key={`${mistake.line}:${mistake.column} ${mistake.path}`}>
              <button type="button" onClick={() => editor.current?.goTo(mistake.line)}>
                Line {mistake.line}
              </button>{' '}
              {mistake.path !== '' && <code>{mistake.path}</code>} {mistake.what}
            </p>
          ))}
          {said !== undefined && <p class={said.isWrong ? 'error' : 'quiet'}>{said.text}</p>}
        </div>
      </div>
      <div class="card steps" tabIndex={0} role="region" aria-label="Steps">
        <h2>Steps of a server</h2>
        <dl>
          {steps.map(({ name: step, does, example }) => (
            <div key={example}>
              <dt>
                <code>{example}</code>
              </dt>
              <dd>{does === '' ? step : does}</dd>
            </div>
          ))}
        </dl>
      </div>
    </div>
  );
}

function wordsOf({ path, what }: Mistake): string {
  return path === '' ? what : `${path}: ${what}`;
}

/** Undefined if there is something newer to check, or no server to check it. */
async function check(text: string, signal: AbortSignal): Promise<Checked | undefined> {
  await pause(CHECKED_AFTER_MS, signal);
  if (signal.aborted) return undefined;
  if (text === '') return { mistakes: [{ line: 1, column: 1, path: '', what: 'There is nothing yet.' }] };
  try {
    return (await call('scenario-check', 'POST', text, 'json', true)) as Checked;
  } catch {
    return undefined;
  }
}
