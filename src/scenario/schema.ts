import { z } from 'zod';
import { client } from './schema/client.ts';
import { expect } from './schema/expect.ts';
import { server } from './schema/server.ts';

/**
 * The format of a scenario file: the one source of what may be in it. Files are YAML 1.2 (JSON is YAML, too). Unknown
 * keys are errors. This module takes a while to import, so only who reads a scenario imports it.
 */

const DIALECTS = ['scriptix', 'scriptix-stream', 'scriptix-rest', 'reson8'] as const;

export const scenario = z
  .strictObject({
    $schema: z.string().optional(),
    dialect: z.enum(DIALECTS),
    summary: z
      .string()
      .min(1)
      .max(100)
      .regex(/^[^\n]*$/, 'expected one line')
      .describe('What it is for, in one line'),
    source: z.string().optional().describe('Where it comes from: a document and line, or protocol-notes'),
    seed: z.int().min(0).optional().describe('Instead of the seed of the server'),
    server: server.optional(),
    client: client.optional(),
    expect: expect.optional(),
  })
  .describe('A scenario for Understudy');

export type ScenarioFile = z.infer<typeof scenario>;
