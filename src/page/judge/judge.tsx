import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { call, Refused, sendFile } from '../api.ts';
import { kindOf, shownOf, TITLES, VERDICTS, type JudgedRequirement, type Judgement } from './verdicts.ts';

interface Known {
  readonly title: string;
  readonly judgement?: Judgement;
  readonly failure?: string;
}

interface JudgeProps {
  /** The session that is judged; empty for the file. */
  readonly id: string;
  readonly file: File | undefined;
  readonly onFile: (file: File) => void;
}

/** The verdicts on one session, or on a file. */
export function Judge({ id, file, onFile }: JudgeProps): JSX.Element {
  const [known, setKnown] = useState<Known>();
  const [attempt, setAttempt] = useState(0);
  const [kind, setKind] = useState<string>();
  useEffect(() => {
    if (id !== '' || file !== undefined) setKnown({ title: id === '' ? (file?.name ?? '') : id });
    let isOver = false;
    const show = (next: Known) => {
      if (!isOver) setKnown(next);
    };
    if (id !== '') void judgeSession(id).then(show);
    else if (file !== undefined) void judgeFile(file).then(show);
    return () => (isOver = true);
  }, [id, file, attempt]);
  const { title = '', judgement, failure } = known ?? {};
  return (
    <>
      <div class="about">
        {id !== '' && <a href={`#/sessions/${id}`}>{id}</a>}
        <h2>{title === '' ? 'Verdicts' : `Verdicts on ${title}`}</h2>
        <span class="gap" />
        {id !== '' && (
          <button type="button" onClick={() => setAttempt(attempt + 1)}>
            Judge again
          </button>
        )}
        <FileButton onFile={onFile} />
      </div>
      {failure !== undefined && (
        <p class="error" role="alert">
          {failure}
        </p>
      )}
      {known === undefined && (
        <div class="card empty">
          <h2>What a trace shows</h2>
          <p>
            Drop a trace (.ndjson) or what a browser saved (.har) here, or choose <em>Judge</em> in a session.
            It is judged by the fake that this page comes from, and leaves this machine for nowhere else.
          </p>
        </div>
      )}
      {known !== undefined && judgement === undefined && failure === undefined && (
        <p class="quiet">It is being judged</p>
      )}
      {judgement !== undefined && <Verdicts judgement={judgement} kind={kind} onKind={setKind} id={id} />}
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
      {shown.length === 0 && <p class="quiet">There is nothing in it that shows anything.</p>}
    </>
  );
}

/** Events that are linked to. */
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
      <p>{statement}.</p>
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
          // The same file can be chosen again.
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

async function judgeSession(id: string): Promise<Known> {
  return judging(id, call(`sessions/${encodeURIComponent(id)}/judge`));
}

async function judgeFile(file: File): Promise<Known> {
  const kind = kindOf(file.name, file.size);
  if ('why' in kind) return { title: file.name, failure: kind.why };
  return judging(file.name, sendFile(`judge?format=${kind.format}`, file));
}

async function judging(title: string, answer: Promise<unknown>): Promise<Known> {
  try {
    return { title, judgement: (await answer) as Judgement };
  } catch (error) {
    const isNone = error instanceof Refused && error.status === 404 && error.message.startsWith('Not found');
    const failure = isNone
      ? 'This fake has no judges: understudy serve has them.'
      : error instanceof Error
        ? error.message
        : String(error);
    return { title, failure };
  }
}
