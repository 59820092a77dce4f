import type { RequestHandler } from 'express';
import { CannotTell } from '../control/cannot-tell.ts';
import { passOn } from '../control/pass-on.ts';
import type { Places } from './places.ts';
import { goneWith } from './remote-sessions.ts';

/** Passes calls about a session on to the worker that has it, and passes its answers back as they are. */
export function forwarding(places: Places): RequestHandler {
  return (request, response, next) => {
    const { id = '' } = request.params as Readonly<Record<string, string>>;
    const loss = places.lossOf(id);
    if (loss !== undefined) throw goneWith(loss);
    const place = places.find(id);
    // The judges are in this process, which asks the other one for the events.
    if (place === undefined || request.path === '/judge') return next();
    const { socketPath, silence, name } = place.member;
    const failed = () => new CannotTell(504, `The worker ${name} does not answer`, 'the same call later');
    passOn(request, response, { at: { socketPath }, silence, failed });
  };
}
