import type { ServerUrls } from '../../mock-server/addresses.ts';
import { paint } from '../terminal.ts';

/** Where a server listens, for people. */
export function greeting({ url, scriptix, reson8, control, page }: ServerUrls, hasControl: boolean): string {
  return [
    `Understudy listens on ${paint('bold', url)}`,
    '',
    `  Scriptix microphone  ${scriptix.realtime}?token=any-token`,
    `  Scriptix stream      ${scriptix.stream}?url=…`,
    `  Scriptix REST        ${scriptix.api}/status, /initialize`,
    `  Reson8 realtime      ${reson8.realtime}`,
    `  Reson8 turns         ${reson8.turns}`,
    `  Reson8 REST          ${reson8.prerecorded}, …`,
    ...(hasControl ? [`  Control API          ${control}/sessions, …`] : []),
    ...(page === undefined ? [] : [`  Live page            ${page}`]),
    '',
    'Ctrl-C stops it.',
  ].join('\n');
}
