import type { Request, RequestHandler, Response } from 'express';
import type { EditionNames } from '../../protocol/editions.ts';
import { UserError } from '../../runtime/errors.ts';
import { dialectAt, ownerOf, type HttpAnswer, type ServerDialect } from '../dialects/dialect.ts';
import { editionsFor } from '../selection/editions.ts';
import { selectedFor } from './selected.ts';

/** The vendors' forms of answers, and the editions that apply. */
export interface Forms {
  readonly dialects: readonly ServerDialect[];
  /** For requests that name none. */
  readonly editions: EditionNames;
}

/** Refuses methods other than these. */
export function only(methods: string, options: Forms): RequestHandler {
  return (request, response) => {
    response.set('allow', `${methods}, OPTIONS`);
    problem(options, request, response, 405, 'Method Not Allowed');
  };
}

/** An error in the form of the vendor whose part of the server was asked. */
export function problem(
  options: Forms,
  request: Request,
  response: Response,
  status: number,
  message: string,
  editions?: EditionNames,
): void {
  const owner = vendorAt(options.dialects, request.path);
  const answer = owner?.problem(status, message) ?? { status, body: { detail: message } };
  answerAs(options, request, response, answer, editions);
}

/** Sends an answer as the edition of the request has it. */
export function answerAs(
  options: Forms,
  request: Request,
  response: Response,
  answer: HttpAnswer,
  editions = editionsOf(options, request),
): void {
  const { status, headers = {}, body } = inEditionOf(options, request, answer, editions);
  response.status(status).set(headers).json(body);
}

/** An answer as the edition of the request has it. */
export function inEditionOf(
  options: Forms,
  request: Request,
  answer: HttpAnswer,
  editions = editionsOf(options, request),
): HttpAnswer {
  const owner = vendorAt(options.dialects, request.path);
  return owner?.inEdition?.(answer, editions, 'call') ?? answer;
}

/** The vendor in whose form a request is answered: that of the socket at its path, or the owner of the path. */
function vendorAt(dialects: readonly ServerDialect[], path: string): ServerDialect | undefined {
  return dialectAt(dialects, path) ?? ownerOf(dialects, path);
}

/** The editions that a request, or its scenario, asks for. @throws UserError for an unknown edition */
export function editionsOf({ dialects, editions }: Forms, request: Request): EditionNames {
  const owner = vendorAt(dialects, request.path);
  if (owner === undefined) return editions;
  const query = new URL(request.url, 'http://any').searchParams;
  const ofScenario = selectedFor(request)?.edition;
  return editionsFor(owner.name, { query, headers: request.headers }, ofScenario, editions);
}

/** The same, or the editions of the server if the request asks for an unknown one. */
export function editionsOrDefault(options: Forms, request: Request): EditionNames {
  try {
    return editionsOf(options, request);
  } catch (error) {
    if (error instanceof UserError) return options.editions;
    throw error;
  }
}
