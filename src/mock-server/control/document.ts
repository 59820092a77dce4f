import { z } from 'zod';
import { fieldsOf } from '../../runtime/json/fields.ts';
import { version } from '../../runtime/version.ts';
import { CONTROL_PATH } from '../addresses.ts';
import { REQUEST_ID } from './answers.ts';
import { call, type AnswerForm, type Call, type Part } from './call.ts';
import { errorShape } from './shapes.ts';

type Json = Readonly<Record<string, unknown>>;

/** Answers that every call may give. */
const REFUSALS = {
  401: 'The control token is missing or wrong',
  403: 'The request comes from another host or page, or the control API is off',
};

/** The control API describes itself, in OpenAPI 3.1. */
export function documentCall(open: readonly Call[], calls: readonly Call[]): Call {
  const itself: Call = call({
    method: 'get',
    path: '/openapi.json',
    does: 'This document',
    answers: { 200: { means: 'OpenAPI 3.1', schema: z.looseObject({ openapi: z.string() }) } },
    answer: (_asked, response) => void response.json(documentOf(open, [...calls, itself])),
  });
  return itself;
}

/** @param open the calls that need no token */
export function documentOf(open: readonly Call[], calls: readonly Call[]): Json {
  const components: Record<string, unknown> = {};
  const paths: Record<string, Record<string, unknown>> = {};
  for (const each of [...open, ...calls]) {
    const path = each.path.replace(/:(\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [each.method]: operation(each, open.includes(each), components) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Understudy control API',
      version: version(),
      summary: 'Watches and controls a running fake of the Scriptix and Reson8 realtime services',
    },
    servers: [{ url: CONTROL_PATH }],
    security: [{ token: [] }, {}],
    paths,
    components: {
      securitySchemes: {
        token: {
          type: 'http',
          scheme: 'bearer',
          description: 'The token of --control-token, if there is one',
        },
      },
      headers: {
        RequestId: {
          description: 'The id of the request: the one in its own header, or else one that the server made',
          schema: { type: 'string' },
        },
      },
      schemas: components,
    },
  };
}

function operation({ method, path, does, ...call }: Call, isOpen: boolean, components: Components): Json {
  const errors = {
    ...(call.query === undefined && call.body === undefined ? {} : { 400: 'The request is invalid' }),
    ...(isOpen ? {} : REFUSALS),
    ...call.errors,
  };
  return {
    operationId: idOf(method, path),
    summary: does,
    ...(isOpen ? { security: [] } : {}),
    parameters: [...pathParameters(path), ...queryParameters(call.query, components)],
    ...(call.body === undefined ? {} : { requestBody: requestBody(call.body, components) }),
    responses: Object.fromEntries([
      ...Object.entries(call.answers).map(([status, form]) => [status, answer(form, components)]),
      ...Object.entries(errors).map(([status, means]) => [
        status,
        answer({ means, schema: errorShape }, components),
      ]),
    ]),
  };
}

/** Such as `getSessionsIdWait`, since generated clients name their methods after it. */
function idOf(method: string, path: string): string {
  const words = path.split(/[/:.]/).filter((word) => word !== '');
  return method + words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('');
}

type Components = Record<string, unknown>;

function pathParameters(path: string): readonly Json[] {
  return [...path.matchAll(/:(\w+)/g)].map(([, name]) => ({
    ...{ name, in: 'path', required: true },
    schema: { type: 'string' },
  }));
}

function queryParameters(query: Part<unknown> | undefined, components: Components): readonly Json[] {
  if (query === undefined) return [];
  const schema = jsonSchema(query.schema, 'input', components);
  const required: readonly unknown[] = Array.isArray(schema['required']) ? schema['required'] : [];
  return Object.entries(fieldsOf(schema['properties'])).map(([name, of]) => {
    const { description, ...rest } = fieldsOf(of);
    return {
      ...{ name, in: 'query', required: required.includes(name) },
      ...(description === undefined ? {} : { description }),
      schema: rest,
    };
  });
}

function requestBody({ schema, expected, contents }: Part<unknown>, components: Components): Json {
  const content = Object.entries(contents ?? { 'application/json': schema }).map(([type, of]) => [
    type,
    { schema: jsonSchema(of, 'input', components) },
  ]);
  return {
    description: expected,
    content: Object.fromEntries(content) as Json,
  };
}

function answer({ means, schema, type = 'application/json' }: AnswerForm, components: Components): Json {
  return {
    description: means,
    headers: { [REQUEST_ID]: { $ref: '#/components/headers/RequestId' } },
    ...(schema === undefined
      ? {}
      : { content: { [type]: { schema: jsonSchema(schema, 'output', components) } } }),
  };
}

/**
 * A schema as JSON Schema 2020-12, as OpenAPI 3.1 requires. Named schemas become components. A schema that is a part of
 * another is referred to by its name, so it is made a part of one here.
 */
function jsonSchema(schema: z.ZodType, io: 'input' | 'output', components: Components): Json {
  const made = z.toJSONSchema(z.object({ it: schema }), { io, unrepresentable: 'any' });
  const moved = JSON.stringify(made).replaceAll('"#/$defs/', '"#/components/schemas/');
  const { properties, $defs } = fieldsOf(JSON.parse(moved));
  for (const [name, named] of Object.entries(fieldsOf($defs)))
    components[name] = { ...fieldsOf(named), id: undefined };
  return fieldsOf(fieldsOf(properties)['it']);
}
