import { Component, type JSX } from 'preact';
import { useMemo, useState } from 'preact/hooks';
import { duration, meaningOf, nameOfLife } from '../text.ts';
import type { CallRow, SessionRow, World } from '../world.ts';
import { countsOf, rowsOf, type Kind } from './filter.ts';

const KINDS: readonly (readonly [Kind, string])[] = [
  ['open', 'Open'],
  ['ended', 'Ended'],
  ['refused', 'Refused'],
  ['calls', 'Calls'],
];

/** The number of rows that are shown until the user asks for more. */
const SHOWN = 100;

/** Everything that has come to the fake, the newest first. */
export function Sessions({ world, isLive }: { world: World; isLive: boolean }): JSX.Element {
  const [kind, setKind] = useState<Kind>();
  const [text, setText] = useState('');
  const [most, setMost] = useState(SHOWN);
  const counts = useMemo(() => countsOf(world), [world]);
  const rows = useMemo(() => rowsOf(world, { kind, text }), [world, kind, text]);
  const isEmpty = world.sessions.size + world.calls.size === 0;
  if (isEmpty) return <Empty isLive={isLive} />;
  return (
    <>
      <div class="filters" role="group" aria-label="Filters">
        {KINDS.map(([name, title]) => (
          <button
            key={name}
            class="chip"
            aria-pressed={kind === name}
            onClick={() => setKind(kind === name ? undefined : name)}
          >
            {title} <span class="count">{counts[name]}</span>
          </button>
        ))}
        <input
          type="search"
          aria-label="Filter by text"
          placeholder="Filter: s12, reson8, drop-mid-word …"
          value={text}
          onInput={({ currentTarget }) => setText(currentTarget.value)}
        />
      </div>
      <div class="card table">
        <table>
          <caption class="unseen">Connections, refused upgrades and calls</caption>
          <thead>
            <tr>
              <th scope="col">Id</th>
              <th scope="col">State</th>
              <th scope="col">Service</th>
              <th scope="col">Scenario</th>
              <th scope="col">Edition</th>
              <th scope="col" class="number">
                Audio
              </th>
              <th scope="col" class="number">
                Results
              </th>
              <th scope="col" class="number">
                Lasts
              </th>
            </tr>
          </thead>
          <tbody>
            {rows
              .slice(0, most)
              .map((row) =>
                'session' in row ? (
                  <SessionLine
                    key={row.session.id}
                    row={row.session}
                    nowMs={lastsOf(row.session, world.nowMs)}
                  />
                ) : (
                  <CallLine key={row.call.id} row={row.call} />
                ),
              )}
          </tbody>
        </table>
        {rows.length === 0 && <p class="nothing">Nothing matches this filter.</p>}
      </div>
      {rows.length > most && (
        <button class="more" onClick={() => setMost(most + SHOWN)}>
          Show {Math.min(SHOWN, rows.length - most)} more of {rows.length}
        </button>
      )}
    </>
  );
}

/** Rounded to a tenth of a second, so that a line that has not changed is not drawn again. */
function lastsOf({ code, openedMs, closedMs, audioMs }: SessionRow, nowMs: number): number | undefined {
  if (code === undefined) return Math.floor((nowMs - openedMs) / 1000) * 1000;
  return closedMs === undefined ? (audioMs === 0 ? undefined : audioMs) : closedMs - openedMs;
}

function Empty({ isLive }: { isLive: boolean }): JSX.Element {
  return (
    <div class="card empty">
      <h2>{isLive ? 'No one has connected yet' : 'Waiting for the fake'}</h2>
      <p>
        Point your client at <code>{location.origin.replace('http', 'ws')}/v2/realtime</code> (Scriptix) or{' '}
        <code>/v1/speech-to-text/realtime</code> (Reson8); its connection appears here as it opens. Or try it
        with your own voice:
      </p>
      <p>
        <a class="button primary" href="#/speak">
          Speak
        </a>
      </p>
    </div>
  );
}

/** Drawn again only when it has changed, since there may be many. */
class SessionLine extends Component<{ row: SessionRow; nowMs: number | undefined }> {
  override shouldComponentUpdate(next: { row: SessionRow; nowMs: number | undefined }): boolean {
    return next.row !== this.props.row || next.nowMs !== this.props.nowMs;
  }

  override render(): JSX.Element {
    const { row, nowMs } = this.props;
    const { id, life, edition, scenario, language, code, audioMs, results, note } = row;
    return (
      <tr>
        <th scope="row">
          <a href={`#/sessions/${id}`}>{id}</a>
        </th>
        <td>
          <State code={code} />
        </td>
        <td>
          {nameOfLife(life)}
          {language !== undefined && <span class="tag">{language}</span>}
          {note !== undefined && <p class="note">{note}</p>}
        </td>
        <td data-label="Scenario">{scenario ?? <span class="quiet">as documented</span>}</td>
        <td data-label="Edition">{edition}</td>
        <td data-label="Audio" class="number">
          {duration(audioMs)}
        </td>
        <td data-label="Results" class="number">
          {results}
        </td>
        <td data-label="Lasts" class="number">
          {nowMs === undefined ? '' : duration(nowMs)}
        </td>
      </tr>
    );
  }
}

function State({ code }: { code: number | undefined }): JSX.Element {
  if (code === undefined) return <span class="state open">open</span>;
  const isFine = code === 1000 || code === 1005;
  return (
    <span class={`state ${isFine ? 'fine' : 'bad'}`} title={meaningOf(code)}>
      {code} {meaningOf(code)}
    </span>
  );
}

class CallLine extends Component<{ row: CallRow }> {
  override shouldComponentUpdate(next: { row: CallRow }): boolean {
    return next.row !== this.props.row;
  }

  override render(): JSX.Element {
    const { id, kind, method, path, status } = this.props.row;
    const isFine = status !== undefined && status < 400;
    return (
      <tr class="call">
        <th scope="row">
          <a href={`#/sessions/${id}`}>{id}</a>
        </th>
        <td>
          <span class={`state ${isFine ? 'fine' : 'bad'}`}>
            {status ?? 'no answer'}
            {kind === 'refused' ? ' refused' : ''}
          </span>
        </td>
        <td colSpan={6}>
          <code>
            {method} {path}
          </code>
        </td>
      </tr>
    );
  }
}
