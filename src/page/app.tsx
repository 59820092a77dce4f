import { render, type JSX } from 'preact';
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import { isToken, keepToken } from './api.ts';
import { follow, type Link } from './connection.ts';
import { Fake } from './fake/fake.tsx';
import { useFile } from './judge/drop.ts';
import { Judge } from './judge/judge.tsx';
import { ScenarioView } from './scenario/scenario.tsx';
import { SessionView } from './session/session.tsx';
import { Sessions } from './sessions/sessions.tsx';
import { Speak, type Trial } from './speak/speak.tsx';
import { EMPTY, type World } from './world.ts';

const VIEWS = [
  ['sessions', 'Sessions'],
  ['speak', 'Speak'],
  ['fake', 'Fake'],
  ['scenario', 'Scenario'],
  ['judge', 'Judge'],
] as const;

const LINKS: Readonly<Record<Link, string>> = {
  connecting: 'Connecting',
  live: 'Live',
  lost: 'No connection',
  locked: 'Locked',
};

/** The part of the address after `#/`. */
function useRoute(): string {
  const [route, setRoute] = useState(location.hash.slice(2));
  // With the first links, not once the browser has shown them: one that is followed at once leads somewhere, too.
  useLayoutEffect(() => {
    const look = () => setRoute(location.hash.slice(2));
    addEventListener('hashchange', look);
    return () => removeEventListener('hashchange', look);
  }, []);
  return route;
}

function App(): JSX.Element {
  const route = useRoute();
  const [first, id = '', place = ''] = route.split('/');
  const view = VIEWS.find(([name]) => name === first)?.[0] ?? 'sessions';
  const main = useRef<HTMLElement>(null);
  const isFirst = useRef(true);
  useEffect(() => {
    // The page begins at its beginning.
    if (isFirst.current) return void (isFirst.current = false);
    // What had the focus is gone with its view: a user of the keyboard continues where the new view begins.
    if (document.activeElement === document.body) main.current?.focus();
  }, [route]);
  const [{ world, link, round }, setKnown] = useState<{ world: World; link: Link; round: number }>({
    ...{ world: EMPTY, link: 'connecting', round: 0 },
  });
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    const leaving = new AbortController();
    void follow((known, now, times) => setKnown({ world: known, link: now, round: times }), leaving.signal);
    return () => leaving.abort();
  }, [attempt]);
  const [file, setFile] = useFile();
  const unlock = (token: string) => {
    keepToken(isToken(token) ? token : 'wrong');
    setAttempt(attempt + 1);
  };
  // What was written stays while the user looks elsewhere; a user who never writes does not load the editor.
  const [hasWritten, setWritten] = useState(false);
  useEffect(() => {
    if (view === 'scenario') setWritten(true);
  }, [view]);
  const [trial, setTrial] = useState<Trial>();
  const tryIt = (dialect: string, key: string) => {
    setTrial({ dialect, key });
    location.hash = '#/speak';
  };
  // Speaking continues while the user looks at the sessions.
  const speak = useMemo(
    () => <Speak scenarios={world.scenarios} isLive={link === 'live'} trial={trial} />,
    [world.scenarios, link, trial],
  );
  return (
    <>
      {/* The address has the view. */}
      <a
        class="skip"
        href="#main"
        onClick={(event) => {
          event.preventDefault();
          main.current?.focus();
        }}
      >
        Skip to the content
      </a>
      <header>
        <h1>Understudy</h1>
        <nav aria-label="Views">
          {VIEWS.map(([name, title]) => (
            <a key={name} href={`#/${name}`} aria-current={view === name ? 'page' : undefined}>
              {title}
            </a>
          ))}
        </nav>
        <p class={`link ${link}`} role="status">
          {LINKS[link]}
        </p>
      </header>
      <main id="main" tabIndex={-1} ref={main}>
        {link === 'locked' ? (
          <Unlock onToken={unlock} isWrong={attempt > 0} />
        ) : (
          <>
            <section hidden={view !== 'sessions'} aria-label="Sessions">
              {id === '' ? (
                <Sessions world={world} isLive={link === 'live'} />
              ) : (
                <SessionView key={round} id={id} row={world.sessions.get(id)} place={placeOf(place)} />
              )}
            </section>
            <section hidden={view !== 'speak'} aria-label="Speak">
              {speak}
            </section>
            {hasWritten && (
              <section hidden={view !== 'scenario'} aria-label="Scenario">
                <ScenarioView isLive={link === 'live'} onTry={tryIt} />
              </section>
            )}
            {view === 'judge' && (
              <section aria-label="Judge">
                <Judge id={id} file={file} onFile={setFile} />
              </section>
            )}
            {view === 'fake' && (
              <section aria-label="Fake">
                <Fake world={world} isLive={link === 'live'} />
              </section>
            )}
          </>
        )}
      </main>
    </>
  );
}

function Unlock({ onToken, isWrong }: { onToken: (token: string) => void; isWrong: boolean }): JSX.Element {
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (event.currentTarget instanceof HTMLFormElement) onToken(tokenIn(new FormData(event.currentTarget)));
  };
  return (
    <form class="card unlock" onSubmit={submit}>
      <h2>This fake asks for its control token</h2>
      <label>
        Control token
        <input name="token" type="password" autocomplete="off" required />
      </label>
      {isWrong && <p class="error">The fake does not accept this token.</p>}
      <p class="hint">It is the value of --control-token, and is kept until this tab is closed.</p>
      <button class="primary">Unlock</button>
    </form>
  );
}

/** The place of an event in a trace, as an address has it. */
function placeOf(text: string): number | undefined {
  return /^\d{1,9}$/.test(text) ? Number(text) : undefined;
}

function tokenIn(form: FormData): string {
  const token = form.get('token');
  return typeof token === 'string' ? token : '';
}

const place = document.getElementById('app');
if (place !== null) render(<App />, place);
