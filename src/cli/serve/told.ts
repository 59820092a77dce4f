import type { ServerEvent } from '../../mock-server/events.ts';
import { visible } from '../../runtime/text/plain.ts';

function brokenLines(message: string, then: string): string {
  return message
    .split('\n')
    .map((line) => `--  broken  ${visible(line)} (${then})`)
    .join('\n');
}

function audioOf(ms: number): string {
  if (ms === 0) return 'no audio';
  return ms < 1000 ? `${Math.ceil(ms)} ms of audio` : `${(ms / 1000).toFixed(1)} s of audio`;
}

function whyRefused({ body, reason }: Extract<ServerEvent, { event: 'refused' }>): string {
  if (body !== undefined) return ` ${JSON.stringify(body)}`;
  return reason === undefined ? '' : `: ${reason}`;
}

/** What happened, in a line for people. */
export function describeEvent(event: ServerEvent): string {
  switch (event.event) {
    case 'session-open':
      return `${event.id}  open    ${event.life}${event.language === undefined ? '' : ` (${visible(event.language)})`}, edition ${event.edition}`;
    case 'recording-heard':
      return `--  heard   ${audioOf(event.audioMs)} in a recording`;
    case 'session-note':
      return `${event.id}  note    ${visible(event.message)}`;
    case 'session-error':
      return `${event.id}  error   ${visible(event.message)}`;
    case 'session-close':
      return `${event.id}  closed  ${event.code}, ${audioOf(event.audioMs)}, ${event.results} results`;
    case 'recordings-loaded':
      return `--  loaded  ${event.count} ${event.count === 1 ? 'recording' : 'recordings'}`;
    case 'recording-note':
      return `--  note    ${visible(`${event.path}: ${event.message}`)}`;
    case 'worker-lost':
      return `--  worker  ${event.worker} has ended (${event.reason}) with ${event.sessions} connections; another one takes its place`;
    case 'scenario-loaded':
      return `--  loaded  ${visible(event.path)}`;
    case 'recordings-broken':
      return brokenLines(event.message, 'what was read before is kept');
    case 'scenario-broken':
      return brokenLines(event.message, 'the last good version is kept');
    case 'wrong-scheme':
      return `--  note    ${event.message}`;
    case 'not-found':
      return `--  404     ${visible(`${event.method} ${event.path}`)}: nothing is there`;
    case 'refused':
      return `--  refused ${event.status} ${visible(`${event.method} ${event.path}${whyRefused(event)}`)}`;
  }
}
