import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { call, Refused, sendFile } from '../api.ts';
import type { OpenedFile } from './drop.ts';
import { TermsChoice } from './terms.tsx';
import {
  kindOf,
  queryOf,
  shownOf,
  TITLES,
  USUAL,
  VERDICTS,
  type JudgedRequirement,
  type Judgement,
} from './verdicts.ts';

interface JudgeProps {
  /** The session that is judged; empty for the file. */
  readonly id: string;
  readonly file: OpenedFile | undefined;
  readonly onFile: (file: File) => void;
}

/** The verdicts on one session, or on a file. */
export function Judge({ id, file, onFile }: JudgeProps): JSX.Element {
  const judged = id === '' ? file : id;
  const title = id === '' ? (file?.file.name ?? '') : id;
  return (
    <>
      <div class="about">
        {id !== '' && <a href={`#/sessions/${id}`}>{id}</a>}
        <h2>{title === '' ? 'Verdicts' : `Verdicts on ${title}`}</h2>
        <span class="gap" />
        <FileButton onFile={onFile} />
      </div>
      {judged === undefined ? (
        <div class="card empty">
          <h2>What a trace shows</h2>
          <p>
            Drop a trace (.ndjson) or what a browser saved (.har) here, or choose <em>Judge</em> in a session.
            It is judged by the fake that this page comes from, and sent nowhere else.
          </p>
        </div>
      ) : (
        <Judged key={typeof judged === 'string' ? judged : judged.number} judged={judged} />
      )}
    </>
  );
}

interface Known {
  readonly judgement?: Judgement;
  readonly failure?: string | undefined;
}

/** The verdicts on one trace, by terms that can be chosen. */
function Judged({ judged }: { judged: string | OpenedFile }): JSX.Element {
  const [{ judgement, failure }, setKnown] = useState<Known>({});
  const [isAsking, setAsking] = useState(true);
  const [attempt, setAttempt] = useState(0);
  const [kind, setKind] = useState<string>();
  const [terms, setTerms] = useState(USUAL);
  const query = queryOf(terms);
  useEffect(() => {
    let isOver = false;
    setAsking(true);
    void judge(judged, query).then((known) => {
      if (isOver) return;
      setAsking(false);
      // The last verdicts stay beside the reason why there are no new ones.
      setKnown((before) => ({ ...before, failure: undefined, ...known }));
    });
    return () => (isOver = true);
  }, [attempt, query]);
  return (
    <>
      {failure !== undefined && (
        <p class="error" role="alert">
          {failure}
        </p>
      )}
      {judgement === undefined ? (
        failure !== undefined && (
          <button type="button" class="more" onClick={() => setAttempt(attempt + 1)}>
            Judge again
          </button>
        )
      ) : (
        <TermsChoice
          terms={terms}
          choices={judgement.choices}
          onChange={setTerms}
          onAgain={() => setAttempt(attempt + 1)}
        />
      )}
      <p class="quiet" role="status">
        {isAsking && 'It is being judged'}
      </p>
      {judgement !== undefined && (
        <Verdicts
          judgement={judgement}
          kind={kind}
          onKind={setKind}
          id={typeof judged === 'string' ? judged : ''}
        />
      )}
    </>
  );
}

interface VerdictsProps {
  readonly judgement: Judgement;
  readonly kind: string | undefined;
  readonly onKind: (kind: string | undefined) => void;
  /** The session that was judged; empty for a file. */
  readonly id: string;
}

function Verdicts({ judgement, kind, onKind, id }: VerdictsProps): JSX.Element {
  const { requirements, causes, notes } = judgement;
  const count = (name: string) => requirements.filter(({ verdict }) => verdict === name).length;
  const shown = shownOf(judgement, kind);
  return (
    <>
      <div class="filters" role="group" aria-label="Verdicts">
        {VERDICTS.filter((name) => count(name) > 0).map((name) => (
          <button
            key={name}
            type="button"
            class="chip"
            aria-pressed={kind === name}
            onClick={() => onKind(kind === name ? undefined : name)}
          >
            {TITLES[name]} <span class="count">{count(name)}</span>
          </button>
        ))}
      </div>
      {[...causes, ...notes].map((sentence) => (
        <p key={sentence} class="hint">
          {sentence}
        </p>
      ))}
      <ul class="verdicts">
        {shown.map((each) => (
          <Verdict key={each.id} requirement={each} id={id} />
        ))}
      </ul>
      {shown.length === 0 && <p class="quiet">Nothing in it was judged.</p>}
    </>
  );
}

/** The most events that are linked to. */
const MOST_PROOFS = 8;

function Verdict({ requirement, id: session }: { requirement: JudgedRequirement; id: string }): JSX.Element {
  const { id, level, side, verdict, statement, source, exercised, expected, actual, reason, evidence } =
    requirement;
  const look = verdict === 'pass' ? 'fine' : verdict === 'fail' ? 'bad' : '';
  return (
    <li class="card">
      <p class="row">
        <span class={`state ${look}`}>{TITLES[verdict] ?? verdict}</span>
        <strong>{id}</strong>
        <span class="quiet">
          {level}, {side}, {exercised} {exercised === 1 ? 'occasion' : 'occasions'}
        </span>
        <span class="gap" />
        <span class="quiet">{source}</span>
      </p>
      <p>
        <Sentence text={statement} />.
      </p>
      {(expected !== undefined || actual !== undefined || reason !== undefined) && (
        <dl>
          <Fact name="Expected" text={expected} />
          <Fact name="Seen" text={actual} />
          <Fact name="Why" text={reason} />
        </dl>
      )}
      {verdict !== 'pass' && evidence.length > 0 && (
        <p class="quiet">
          Proof:{' '}
          {evidence.slice(0, MOST_PROOFS).map((index) =>
            session === '' ? (
              <span key={index}>event {index} </span>
            ) : (
              <a key={index} href={`#/sessions/${session}/${index}`}>
                event {index}{' '}
              </a>
            ),
          )}
        </p>
      )}
    </li>
  );
}

/** A sentence in which backticks mark code. */
function Sentence({ text }: { text: string }): JSX.Element {
  return <>{text.split('`').map((part, i) => (i % 2 === 1 ? <code key={i}>{part}</code> : part))}</>;
}

function Fact({ name, text }: { name: string; text: string | undefined }): JSX.Element | null {
  if (text === undefined) return null;
  return (
    <>
      <dt>{name}</dt>
      <dd>
        <bdi>{text}</bdi>
      </dd>
    </>
  );
}

function FileButton({ onFile }: { onFile: (file: File) => void }): JSX.Element {
  return (
    <label class="button">
      Open a file
      <input
        class="unseen"
        type="file"
        accept=".ndjson,.har"
        onChange={({ currentTarget }) => {
          const [file] = currentTarget.files ?? [];
          // Otherwise no one could choose the same file again.
          currentTarget.value = '';
          if (file !== undefined) {
            location.hash = '#/judge';
            onFile(file);
          }
        }}
      />
    </label>
  );
}

async function judge(judged: string | OpenedFile, query: string): Promise<Known> {
  if (typeof judged === 'string')
    return judging(call(`sessions/${encodeURIComponent(judged)}/judge${query === '' ? '' : `?${query}`}`));
  const { file } = judged;
  const kind = kindOf(file.name, file.size);
  if ('why' in kind) return { failure: kind.why };
  return judging(sendFile(`judge?format=${kind.format}&${query}`, file));
}

async function judging(answer: Promise<unknown>): Promise<Known> {
  try {
    return { judgement: (await answer) as Judgement };
  } catch (error) {
    const isUnknown = error instanceof Refused && error.status === 404;
    if (isUnknown && !(await hasJudges()))
      return { failure: 'This fake has no judges: understudy serve has them.' };
    return { failure: error instanceof Error ? error.message : String(error) };
  }
}

/** A call that exists refuses another method with another status than that of an unknown call. */
async function hasJudges(): Promise<boolean> {
  try {
    await call('judge');
    return true;
  } catch (error) {
    return !(error instanceof Refused && error.status === 404);
  }
}
