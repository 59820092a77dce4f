import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { call, Refused } from '../api.ts';
import { check, wordsOf, type Checked } from './check.ts';
import { NameRow } from './name-row.tsx';
import { TEMPLATE } from './steps.ts';
import { Mistakes, Steps, type Said } from './told.tsx';
import { useEditor } from './use-editor.ts';
import { useSchema } from './use-schema.ts';

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
  const [text, setText] = useState(TEMPLATE);
  const [name, setName] = useState('my-scenario');
  const [checked, setChecked] = useState<Checked>();
  const [replaces, setReplaces] = useState(false);
  const [said, setSaid] = useState<Said>();
  const tell = (words: string, isWrong = false) => setSaid({ text: words, isWrong });
  const { steps, canSave } = useSchema(isLive);
  const [place, editor] = useEditor({
    text: TEMPLATE,
    onChange: setText,
    onFailure: () => tell('The editor cannot be loaded; load the page again.', true),
  });
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
  const onName = (next: string) => {
    setName(next);
    setReplaces(false);
  };
  return (
    <div class="scenario">
      <div class="card write">
        <NameRow
          {...{ name, onName, isNamed, isGood, canSave, replaces }}
          onTry={() => void tryIt()}
          onSave={() => void save()}
          onDownload={() => download(name, text)}
        />
        <div class="editor" ref={place} />
        <Mistakes {...{ isNamed, checked, said }} goTo={(line) => editor.current?.goTo(line)} />
      </div>
      <Steps steps={steps} />
    </div>
  );
}

function download(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'application/yaml' }));
  Object.assign(document.createElement('a'), { href: url, download: `${name}.yaml` }).click();
  URL.revokeObjectURL(url);
}
