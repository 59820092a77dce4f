import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { call } from '../api.ts';
import { duration, meaningOf, nameOfLife } from '../text.ts';
import type { SessionRow } from '../world.ts';
import { Controls } from './controls.tsx';
import { followFrames } from './follow-frames.ts';
import { FrameList } from './frame-list.tsx';
import { FrameStore } from './frame-store.ts';
import { Timeline } from '../timeline/timeline.ts';
import { TimelineView } from '../timeline/timeline-view.tsx';
import { pretty, stepOf, type FrameRow } from './frames.ts';
import { useListing, type ListedFrames } from './use-listing.ts';

interface ViewProps {
  readonly id: string;
  readonly row: SessionRow | undefined;
  /** The event that the address of the page names. */
  readonly place: number | undefined;
}

/** One connection, refused upgrade or call: what crossed the wire, and what can be done to it. */
export function SessionView({ id, row, place }: ViewProps): JSX.Element {
  const [{ store, timeline }, setKept] = useState(keptOfNone);
  const [version, setVersion] = useState(0);
  const [failure, setFailure] = useState('');
  const [from, setFrom] = useState<'client' | 'server'>();
  const [text, setText] = useState('');
  const [chosen, setChosen] = useState<number>();
  useEffect(() => {
    const leaving = new AbortController();
    const kept = keptOfNone();
    setKept(kept);
    setFailure('');
    const told = () => setVersion((times) => times + 1);
    followFrames(id, kept.timeline, kept.store, told, leaving.signal).catch((error: unknown) => {
      if (!leaving.signal.aborted) setFailure(error instanceof Error ? error.message : String(error));
    });
    return () => leaving.abort();
  }, [id]);
  useEffect(() => setChosen(place), [id, place]);
  const listed = useListing(id, store, version, { from, text });
  const detail = useDetail(chosen, store, listed);
  return (
    <>
      <div class="about">
        <a href="#/sessions">All sessions</a>
        <h2>{id}</h2>
        {row !== undefined && <About row={row} />}
        <a class="button" href={`#/judge/${id}`}>
          Judge
        </a>
        <SaveTrace id={id} />
      </div>
      {failure !== '' && <p class="error">{failure}</p>}
      {row !== undefined && row.code === undefined && <Controls key={id} id={id} />}
      {row !== undefined && (
        <TimelineView
          key={id}
          timeline={timeline}
          version={version}
          isOpen={row.code === undefined}
          chosen={chosen}
          onChoose={setChosen}
        />
      )}
      <div class="filters" role="group" aria-label="Filters of frames">
        {(['client', 'server'] as const).map((who) => (
          <button
            key={who}
            type="button"
            class="chip"
            aria-pressed={from === who}
            onClick={() => setFrom(from === who ? undefined : who)}
          >
            From the {who}
          </button>
        ))}
        <input
          type="search"
          aria-label="Filter frames by text"
          placeholder="Filter frames"
          value={text}
          onInput={({ currentTarget }) => setText(currentTarget.value)}
        />
        <p class="status">{countsOf(listed, store.length)}</p>
      </div>
      {listed.failure !== '' && <p class="error">Older frames cannot be read: {listed.failure}</p>}
      <div class="split">
        <FrameList listed={listed} startMs={store.startMs} chosen={chosen} onChoose={setChosen} />
        <Detail row={detail} />
      </div>
    </>
  );
}

function keptOfNone() {
  return { store: new FrameStore(), timeline: new Timeline() };
}

/** The chosen frame, in memory or found by a search. It stays when the reader scrolls far away from it. */
function useDetail(
  index: number | undefined,
  store: FrameStore,
  { listing }: ListedFrames,
): FrameRow | undefined {
  const last = useRef<{ readonly store: FrameStore; readonly row: FrameRow }>(undefined);
  if (index === undefined) return undefined;
  const place = listing.placeOf(index);
  const row = store.rowAt(index) ?? (place === undefined ? undefined : listing.rowAt(place));
  if (row !== undefined) last.current = { store, row };
  const { current } = last;
  return current?.store === store && current.row.index === index ? current.row : undefined;
}

function countsOf({ listing, total, isSearching }: ListedFrames, all: number): string {
  if (isSearching) return `${total} of ${all} frames so far`;
  const left = total - listing.length;
  const told = total === all ? `${all} frames` : `${total} of ${all} frames`;
  return left > 0 ? `${told}; the last ${listing.length} are listed` : told;
}

function About({ row }: { row: SessionRow }): JSX.Element {
  const { life, edition, scenario, code, audioMs, results } = row;
  return (
    <p>
      <span class={`state ${code === undefined ? 'open' : code === 1000 ? 'fine' : 'bad'}`}>
        {code === undefined ? 'open' : `${code} ${meaningOf(code)}`}
      </span>{' '}
      {nameOfLife(life)}, {scenario ?? 'as documented'}, edition {edition}: {duration(audioMs)} of audio,{' '}
      {results} results
    </p>
  );
}

function Detail({ row }: { row: FrameRow | undefined }): JSX.Element {
  if (row === undefined) {
    return (
      <div class="detail">
        <p class="quiet">Choose a frame to see all of it.</p>
      </div>
    );
  }
  const step = stepOf(row);
  const whole = pretty(row);
  return (
    <div class="detail">
      <div class="row">
        <CopyButton key={`${row.index} text`} text={whole} title="Copy" />
        {step !== undefined && (
          <CopyButton key={`${row.index} step`} text={step} title="Copy as scenario step" />
        )}
      </div>
      <pre tabIndex={0} aria-label={`Frame ${row.index}`}>
        {whole}
      </pre>
    </div>
  );
}

function CopyButton({ text, title }: { text: string; title: string }): JSX.Element {
  const [said, setSaid] = useState(title);
  const copy = () => {
    // There is no clipboard on a page that is not secure.
    const { clipboard } = navigator as { readonly clipboard?: Clipboard };
    if (clipboard === undefined) return setSaid('This page may not copy');
    clipboard.writeText(text).then(
      () => setSaid('Copied'),
      () => setSaid('The browser does not allow it'),
    );
  };
  return (
    <button type="button" onClick={copy}>
      {said}
    </button>
  );
}

function SaveTrace({ id }: { id: string }): JSX.Element {
  const [failure, setFailure] = useState('');
  const save = async () => {
    try {
      const text = (await call(
        `sessions/${encodeURIComponent(id)}/trace`,
        'GET',
        undefined,
        'text',
      )) as string;
      const url = URL.createObjectURL(new Blob([text], { type: 'application/x-ndjson' }));
      const link = Object.assign(document.createElement('a'), { href: url, download: `${id}.ndjson` });
      link.click();
      URL.revokeObjectURL(url);
    } catch (error) {
      setFailure(error instanceof Error ? error.message : String(error));
    }
  };
  return (
    <>
      <button type="button" onClick={() => void save()}>
        Save the trace
      </button>
      {failure !== '' && <p class="error">{failure}</p>}
    </>
  );
}
