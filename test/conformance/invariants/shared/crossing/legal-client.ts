import type { TraceEvent, TraceFact } from '../../../../../src/wire/trace.ts';
import { at, audio, close, context, events, heard, request, response, said } from '../../../play.ts';
import { confirmed, flush, switched, transcript, upgrade } from '../../reson8/cases/building.ts';
import { candidate, END, GOES_ON, PATH, START } from '../../reson8-turns/cases/session.ts';
import { end, final, MICROPHONE_URL, partial, report, STREAM_URL } from '../../scriptix/cases/case.ts';
import { PAUSE_MS } from './hearing.ts';

/** What happens next at the client: it does something by itself, or reads what the server has sent. */
export const CLIENT_HAPPENINGS = [
  'audio',
  'flush',
  'interim',
  'final',
  'answer',
  'odd message',
  'ping',
  'pause',
  'error',
  'closed',
  'dropped',
  'leave',
] as const;

type Happening = (typeof CLIENT_HAPPENINGS)[number];

/** How a client behaves, and to which service it talks. */
export interface ClientHabits {
  readonly service: 'scriptix' | 'scriptix-stream' | 'reson8' | 'reson8-turns';
  /** It reports what its user sees. */
  readonly isReporting: boolean;
  /** It stops waiting for an answer that does not come, after a few seconds. */
  readonly isImpatient: boolean;
  /** What the server sends before it has read that the client has left. */
  readonly crosses: 'interim' | 'final' | 'odd message' | 'error';
}

/** What a service sends, in its own messages; `offsetMs` is where a segment begins. */
interface Service {
  readonly opening: readonly TraceFact[];
  readonly interim: (text: string, offsetMs: number) => TraceFact;
  readonly final: (text: string, offsetMs: number) => TraceFact;
  readonly odd: readonly TraceFact[];
  readonly error: TraceFact;
}

/** Longer than a message takes, so the server, too, has answered only what it had read. */
const ANSWER_MS = 1000;
const answer = (fact: TraceFact) => at(ANSWER_MS, fact);

const scriptix = {
  interim: (text: string, offsetMs: number) => partial(text, offsetMs),
  final: (text: string, offsetMs: number) => final(text, offsetMs),
  odd: [heard({ state: 'purring' }), heard({ state: 'listening', region: 'eu' })],
  error: heard({ error: 'no more' }),
};

const SERVICES: Readonly<Record<ClientHabits['service'], Service>> = {
  scriptix: {
    ...scriptix,
    opening: [
      request(MICROPHONE_URL),
      response(101),
      said({ action: 'start' }),
      answer(heard({ state: 'listening' })),
    ],
  },
  'scriptix-stream': {
    ...scriptix,
    opening: [request(STREAM_URL), response(101), heard({ state: 'listening' })],
  },
  reson8: {
    opening: [upgrade('include_interim=true'), switched()],
    interim: (text) => transcript(text, { is_final: false }),
    final: (text) => transcript(text, { is_final: true }),
    odd: [heard({ type: 'hint', text: 'louder please' }), transcript('', { is_final: true, mood: 'good' })],
    error: heard({ type: 'error', code: 'INTERNAL_ERROR', message: 'no more' }),
  },
  'reson8-turns': {
    opening: [request(PATH), response(101)],
    interim: (text) => candidate(text),
    final: () => END,
    odd: [candidate(''), GOES_ON],
    error: heard({ type: 'error', code: 'INTERNAL_ERROR', message: 'no more' }),
  },
};

const WORDS = ['one', 'two', 'three', 'four', 'five', 'six', 'seven'];

/** A conversation with a conforming client as that client sees it: it reacts to what it has read. */
export function legalClient(happenings: readonly Happening[], habits: ClientHabits): readonly TraceEvent[] {
  const { service, isReporting } = habits;
  const talk = SERVICES[service];
  const facts: (TraceFact & { readonly afterMs?: number })[] = [
    ...(isReporting ? [context({ reports: true })] : []),
    ...talk.opening,
  ];
  const client = { line: '', kept: [] as string[], asked: 0, isTurnOpen: false, isAwaitingTurn: false };
  const tell = (fields: Record<string, unknown>) => {
    if (isReporting) facts.push(report(fields));
  };
  const show = () => tell({ event: 'display', text: [...client.kept, client.line].join(' ').trim() });
  const hearStart = () => {
    if (service !== 'reson8-turns' || client.isTurnOpen) return;
    facts.push(START);
    client.isTurnOpen = true;
  };
  const hearInterim = () => {
    hearStart();
    const spoken = client.line === '' ? 0 : client.line.split(' ').length;
    client.line = WORDS.slice(0, Math.min(spoken + 1, WORDS.length)).join(' ');
    facts.push(talk.interim(client.line, client.kept.length * 5000));
    show();
  };
  const hearFinal = (isAnswer = false) => {
    if (client.line === '') hearInterim();
    const fact = talk.final(client.line, client.kept.length * 5000);
    facts.push(isAnswer ? answer(fact) : fact);
    tell({ event: 'final', text: client.line });
    client.kept.push(client.line);
    [client.line, client.isTurnOpen, client.isAwaitingTurn] = ['', false, false];
    show();
  };
  const hearAnswer = () => {
    if (service === 'reson8' && client.asked > 0) {
      facts.push(answer(confirmed(null)));
      client.asked -= 1;
    }
    if (service === 'reson8-turns' && client.isAwaitingTurn) hearFinal(true);
  };
  const isWaiting = () => client.asked > 0 || client.isAwaitingTurn;
  const close1000 = (...later: readonly TraceFact[]) => {
    facts.push(close('client'), ...later, answer(close('server')), end('client'));
    tell({ event: 'closed', code: 1000 });
    return events(facts);
  };
  const crossing = (): readonly TraceFact[] => {
    const offsetMs = client.kept.length * 5000;
    switch (habits.crosses) {
      case 'interim':
        return [talk.interim('one', offsetMs)];
      case 'final':
        return [talk.interim('one', offsetMs), talk.final('one', offsetMs)];
      case 'odd message':
        return talk.odd;
      case 'error':
        return [talk.error];
    }
  };
  for (const [i, happening] of happenings.entries()) {
    switch (happening) {
      case 'audio':
        if (service !== 'scriptix-stream') facts.push(audio(200));
        break;
      case 'flush':
        if (service === 'reson8') client.asked += 1;
        if (service === 'reson8-turns') client.isAwaitingTurn = client.isTurnOpen;
        if (service.startsWith('reson8')) facts.push(flush());
        break;
      case 'interim':
        hearInterim();
        break;
      case 'final':
        hearFinal();
        break;
      case 'answer':
        hearAnswer();
        break;
      case 'odd message': {
        hearStart();
        const odd = talk.odd[i % talk.odd.length];
        if (odd !== undefined) facts.push(odd);
        break;
      }
      case 'ping':
        facts.push(
          { kind: 'ping', from: 'server', base64: '' },
          { kind: 'pong', from: 'client', base64: '' },
        );
        break;
      case 'pause':
        facts.push(at(PAUSE_MS, { kind: 'note', message: 'nothing happens' }));
        break;
      case 'error':
        facts.push(talk.error);
        tell({ event: 'error', kind: 'server', message: 'no more' });
        return close1000();
      case 'closed':
        facts.push(close('server'), close('client'), end('server'));
        tell({ event: 'closed', code: 1000 });
        return events(facts);
      case 'dropped':
        facts.push(end('server', 'reset'));
        tell({ event: 'error', kind: 'closed', message: 'the connection is gone' });
        return events(facts);
      case 'leave':
        while (isWaiting() && !habits.isImpatient) hearAnswer();
        if (isWaiting()) facts.push(at(PAUSE_MS, { kind: 'note', message: 'nothing comes' }));
        // The server has sent more by the time it reads this.
        return close1000(...(client.isTurnOpen || service !== 'reson8-turns' ? crossing() : []));
    }
  }
  return events(facts);
}
