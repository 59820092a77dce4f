import { render, type JSX } from 'preact';
import { useEffect, useMemo, useState } from 'preact/hooks';
import { keepToken } from './api.ts';
import { follow, type Link } from './connection.ts';
import { Fake } from './fake/fake.tsx';
import { SessionView } from './session/session.tsx';
import { Sessions } from './sessions/sessions.tsx';
import { Speak } from './speak/speak.tsx';
import { EMPTY, type World } from './world.ts';

const VIEWS = [
  ['sessions', 'Sessions'],
  ['speak', 'Speak'],
  ['fake', 'Fake'],
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
  useEffect(() => {
    const look = () => setRoute(location.hash.slice(2));
    addEventListener('hashchange', look);
    return () => removeEventListener('hashchange', look);
  }, []);
  return route;
}

function App(): JSX.Element {
  const [first = '', id = ''] = useRoute().split('/');
  const view = first || 'sessions';
  const [{ world, link }, setKnown] = useState<{ world: World; link: Link }>({
    world: EMPTY,
    link: 'connecting',
  });
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    const leaving = new AbortController();
    void follow((known, now) => setKnown({ world: known, link: now }), leaving.signal);
    return () => leaving.abort();
  }, [attempt]);
  const unlock = (token: string) => {
    keepToken(token);
    setAttempt(attempt + 1);
  };
  // Speaking goes on while one looks at the sessions.
  const speak = useMemo(
    () => <Speak scenarios={world.scenarios} isLive={link === 'live'} />,
    [world.scenarios, link],
  );
  return (
    <>
      <a class="skip" href="#main">
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
      <main id="main" tabIndex={-1}>
        {link === 'locked' ? (
          <Unlock onToken={unlock} isWrong={attempt > 0} />
        ) : (
          <>
            <section hidden={view !== 'sessions'} aria-label="Sessions">
              {id === '' ? (
                <Sessions world={world} isLive={link === 'live'} />
              ) : (
                <SessionView id={id} row={world.sessions.get(id)} />
              )}
            </section>
            <section hidden={view !== 'speak'} aria-label="Speak">
              {speak}
            </section>
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
      {isWrong && <p class="error">The fake does not take this token.</p>}
      <p class="hint">It is the value of --control-token, and is kept until this tab is closed.</p>
      <button class="primary">Unlock</button>
    </form>
  );
}

function tokenIn(form: FormData): string {
  const token = form.get('token');
  return typeof token === 'string' ? token : '';
}

const place = document.getElementById('app');
if (place !== null) render(<App />, place);
