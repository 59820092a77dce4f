import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from '../servers/start.ts';
import { install } from './install.ts';
import { measureMemory, measurePushes, measureReplies, measureStart, type Place } from './measure.ts';
import { PACKAGES, PEERS } from './packages.ts';
import { SUBJECTS } from './subjects.ts';
import type { Outcome, PeerMeasured } from './table.ts';
import { canDo } from './talk.ts';

const STARTS = 5;
const TOLD_CHARACTERS = 600;

/** A server that can be measured, or the reason why it cannot. */
type Candidate = Place | { readonly subject: Place['subject']; readonly missing: string };

/**
 * Installs the peers into a temporary folder, and measures them, the fake and the bare server in turn. A peer that
 * cannot be installed or measured is reported with the reason, and the others are measured anyway.
 */
export async function measurePeers(
  connections: number,
  rounds: number,
  talk: (text: string) => void,
): Promise<readonly PeerMeasured[]> {
  const parent = mkdtempSync(join(tmpdir(), 'understudy-peers-'));
  const removed = () => rmSync(parent, { recursive: true, force: true });
  // An interrupted run must leave nothing behind either.
  process.on('exit', removed);
  try {
    const candidates: Candidate[] = [];
    for (const subject of SUBJECTS) candidates.push(await prepare(subject, parent, talk));
    const missing = candidates.flatMap((candidate) => ('missing' in candidate ? [candidate.missing] : []));
    if (missing.length >= PEERS.length) throw new Error(missing[0]);
    const inTurn = <Result>(
      title: string,
      times: number,
      measure: (place: Place) => Promise<Result> | { readonly why: string },
      tell: (result: Result) => string,
    ) => measureInTurn(candidates, title, times, measure, tell, talk);

    const startMs = await inTurn('start', STARTS, measureStart, (ms) => `${ms.toFixed(0)} ms`);
    const memory = await inTurn(
      'memory',
      rounds,
      (place) => measureMemory(place, connections),
      (r) => `${(r.idleBytes / 2 ** 20).toFixed(1)} MiB idle, ${(r.openBytes / 2 ** 20).toFixed(1)} MiB open`,
    );
    const replies = await inTurn(
      'replies',
      rounds,
      measureReplies,
      (r) =>
        `${r.repliesPerSecond.toFixed(0)}/s, server ${cores(r.serverCores)} and load ${cores(r.loadCores)}`,
    );
    const pushes = await inTurn(
      'pushes',
      rounds,
      (place) => {
        const { pushes: how } = place.subject;
        return canDo(how) ? measurePushes(place, how, connections) : how;
      },
      (r) =>
        `late p50 ${r.latenessMs.p50.toFixed(1)} p99 ${r.latenessMs.p99.toFixed(1)} ms, ${(r.cameShare * 100).toFixed(1)} % came, ` +
        `server ${cores(r.serverCores)} and load ${cores(r.loadCores)}`,
    );
    return candidates.map(({ subject: { name } }, i) => ({
      name,
      version: versionOf(name),
      startMs: at(startMs, i),
      memory: at(memory, i),
      replies: at(replies, i),
      pushes: at(pushes, i),
    }));
  } finally {
    process.off('exit', removed);
    removed();
  }
}

/** Prepares what a server needs, or finds out why that is impossible. */
async function prepare(
  subject: Place['subject'],
  parent: string,
  talk: (text: string) => void,
): Promise<Candidate> {
  const peer = PEERS.find((known) => known === subject.name);
  const folder = join(parent, subject.name);
  try {
    if (peer === undefined) mkdirSync(folder);
    else {
      talk(`installing ${PACKAGES[peer].name}@${PACKAGES[peer].version}`);
      await install(peer, folder);
    }
    subject.write(folder);
    return { subject, folder };
  } catch (error) {
    const missing = reasonOf(error);
    talk(`${subject.name}: ${missing}`);
    return { subject, missing };
  }
}

/** Measures all servers once, then all again, so that other work of the machine affects all of them. */
async function measureInTurn<Result>(
  candidates: readonly Candidate[],
  title: string,
  times: number,
  measure: (place: Place) => Promise<Result> | { readonly why: string },
  tell: (result: Result) => string,
  talk: (text: string) => void,
): Promise<readonly Outcome<Result>[]> {
  let outcomes: readonly Outcome<Result>[] = candidates.map((candidate) =>
    'missing' in candidate ? { kind: 'failed', why: candidate.missing } : { kind: 'measured', rounds: [] },
  );
  for (let round = 1; round <= times; round++) {
    const next: Outcome<Result>[] = [];
    for (const [i, candidate] of candidates.entries()) {
      const before = at(outcomes, i);
      // A failed measurement is not repeated, because the mean of the others would not be comparable.
      if (before.kind !== 'measured' || 'missing' in candidate) next.push(before);
      else {
        const after = await attempt(() => measure(candidate));
        const label = `${title} ${round}/${times} ${candidate.subject.name}`;
        talk(`${label}: ${after.kind === 'measured' ? tell(after.result) : `${after.kind}: ${after.why}`}`);
        next.push(
          after.kind === 'measured' ? { kind: 'measured', rounds: [...before.rounds, after.result] } : after,
        );
      }
    }
    outcomes = next;
  }
  return outcomes;
}

type Attempt<Result> =
  | { readonly kind: 'measured'; readonly result: Result }
  | { readonly kind: 'cannot' | 'failed'; readonly why: string };

async function attempt<Result>(
  measure: () => Promise<Result> | { readonly why: string },
): Promise<Attempt<Result>> {
  const begun = measure();
  if ('why' in begun) return { kind: 'cannot', why: begun.why };
  try {
    return { kind: 'measured', result: await begun };
  } catch (error) {
    return { kind: 'failed', why: reasonOf(error) };
  }
}

/** On one line, and short enough to be read. */
function reasonOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.replace(/\s+/g, ' ').trim().slice(0, TOLD_CHARACTERS);
}

function versionOf(name: Place['subject']['name']): string | undefined {
  if (name === 'bare') return undefined;
  if (name !== 'understudy') return PACKAGES[name].version;
  return (JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string }).version;
}

function cores(count: number): string {
  return `${count.toFixed(2)} cores`;
}

function at<Value>(values: readonly Value[], index: number): Value {
  const value = values[index];
  if (value === undefined) throw new Error(`nothing at ${index}`);
  return value;
}
