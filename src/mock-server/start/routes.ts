import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { noteWrongScheme, WRONG_SCHEME } from '../../runtime/network/wrong-scheme.ts';
import { endTcp } from '../../wire/tcp.ts';
import { takeUpgrades, type Upgrades } from '../../wire/upgrades.ts';
import { speakersOf, type Parts } from './assemble.ts';
import type { ControlOptions } from '../control/options.ts';
import { SERVER_DIALECTS } from '../dialects/dialects.ts';
import { noteKey, shownRequestOf, recordRefusal, recordRequest, recordUnanswered } from '../journal/http.ts';
import type { SessionLog } from '../journal/session-log.ts';
import { isBrowserAtRoot, isControl, lazyControl, lazyRest, toPage } from './lazy.ts';
import { limitBody } from '../rest/slow-body.ts';
import { isRecording } from '../rest/reson8/path.ts';
import { newAdmission } from '../upgrade/admission.ts';
import { inTurns } from '../upgrade/in-turns.ts';
import { refusalOf } from '../upgrade/refusal.ts';
import { isUpgrade, upgrader } from '../upgrade/upgrader.ts';

/** Passes what arrives at a server on to where it belongs: a WebSocket, the REST API, the control API, or a reset. */
export function route(server: Server, parts: Parts, controlOptions: ControlOptions): Upgrades {
  const {
    options,
    clock,
    keys,
    tokens,
    journal,
    onEvent,
    defaults,
    selection,
    rest,
    host,
    handshakes,
    refusals,
    voices,
    wall,
    models,
    withModels,
    shared,
    before,
    feed,
  } = parts;
  const size = () => host.size + handshakes.size;
  // Nothing is known about the request yet, so this applies to all connections, including those of the REST API.
  server.on('connection', (socket) => {
    if (defaults.isUnreachable) endTcp(socket, 'reset');
  });
  noteWrongScheme(server, (began) => onEvent({ event: 'wrong-scheme', began, message: WRONG_SCHEME[began] }));
  const control = lazyControl(controlOptions);
  const logs = new WeakMap<IncomingMessage, SessionLog>();
  const plain = lazyRest({
    scenarios: rest,
    clock,
    keys,
    tokens,
    dialects: SERVER_DIALECTS,
    editions: options.editions,
    withModels,
    ...(before === undefined ? {} : { before }),
    prerecorded: {
      ...{ voices, models, size, wall },
      seed: options.seed,
      speakers: (most) => speakersOf(options.speakers, most),
      maxBodyBytes: options.maxBodyBytes,
      maxSessions: options.maxSessions,
      onHeard(use) {
        parts.meter.add(use);
        onEvent({ event: 'recording-heard', audioMs: use.audioMs });
      },
    },
    onCaller(request, caller) {
      const log = logs.get(request);
      if (log !== undefined) noteKey(log, caller, journal);
    },
    limitBody: (request, response) => limitBody(request, response, wall, options.headersTimeoutMs),
    onNotFound: (request) => onEvent({ event: 'not-found', ...shownRequestOf(request, journal) }),
  });
  const tellRequest = (id: string, request: IncomingMessage, response: ServerResponse) => {
    const status = response.writableFinished ? { status: response.statusCode } : {};
    feed.add({ event: 'request', id, ...shownRequestOf(request, journal), ...status });
  };
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    if (!isRecording(request)) limitBody(request, response, wall, options.headersTimeoutMs);
    if (isControl(request.url)) return control(request, response);
    if (controlOptions.page && isBrowserAtRoot(request)) return toPage(response);
    const log = recordRequest(journal, request, response);
    logs.set(request, log);
    if (feed.isOn) response.once('close', () => tellRequest(log.id, request, response));
    plain(request, response);
  });
  const onUpgrade = upgrader({
    dialects: SERVER_DIALECTS,
    maxFrameBytes: options.maxFrameBytes,
    admission: newAdmission({
      keys,
      tokens,
      selection,
      shared,
      rest,
      models,
      editions: options.editions,
      seed: options.seed,
      maxSessions: options.maxSessions,
      size,
    }),
    handshakes,
    host,
    shared,
    clock,
    ended: {
      refused(answer, arrival, caller) {
        const log = recordRefusal(journal, arrival, answer, caller);
        const refusal = refusalOf(log, shownRequestOf(arrival.request, journal), answer);
        refusals.add(refusal, caller.token);
        const { method, path, status, body, reason } = refusal;
        feed.add({ event: 'refused', id: log.id, method, path, status });
        onEvent({
          ...{ event: 'refused', method, path, status, body },
          ...(reason === undefined ? {} : { reason }),
        });
      },
      unanswered: (how, arrival) => recordUnanswered(journal, arrival, how),
    },
  });
  return takeUpgrades(server, (request) => isUpgrade(SERVER_DIALECTS, request), inTurns(onUpgrade));
}
