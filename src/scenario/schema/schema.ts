import { z } from 'zod';
import { DIALECT_NAMES } from '../../protocol/dialects.ts';
import { client } from './client.ts';
import { controls, exercises } from './exercises.ts';
import { expect } from './expect.ts';
import { server } from './server.ts';
import { text, whole } from './values.ts';

/**
 * The format of a scenario file, and the only definition of its contents. Files are YAML 1.2 (JSON is YAML too).
 * Unknown keys are errors. This module takes a while to import, so only code that reads scenarios imports it.
 */

/** A scenario file. */
export const scenario = z
  .strictObject(
    {
      $schema: text.optional().describe('Where the JSON Schema is, for editors'),
      dialect: z.enum(DIALECT_NAMES).describe('Whose protocol it speaks, and which part of it'),
      summary: z
        .string('expected a line of text')
        .min(1, 'expected a line of text')
        .max(100, 'expected at most 100 characters')
        .regex(/^[^\n]*$/, 'expected one line of text')
        .describe('What it is for, in one line'),
      source: text.optional().describe('Where it comes from: a document and line, or protocol-notes'),
      edition: text.optional().describe('How the service behaves (as the server was started)'),
      seed: whole(0, Number.MAX_SAFE_INTEGER).optional().describe('Instead of the seed of the server'),
      exercises: exercises.optional(),
      controls: controls.optional(),
      server: server.optional(),
      client: client.optional(),
      expect: expect.optional(),
    },
    'expected keys: dialect, summary, server, client, expect',
  )
  .meta({ title: 'Understudy scenario', description: 'What a server does, and what its client sees' });

/** The same as a type. `scenarios/README.md` explains each key. */
// oxlint-disable-next-line typescript/no-empty-object-type -- it has a name in messages and in the API page
export interface ScenarioFile extends z.infer<typeof scenario> {}

/** Some of a scenario file: any of its keys may be missing. */
export const scenarioPart = scenario.partial();

/** The same as a type. */
export type ScenarioPart = z.infer<typeof scenarioPart>;
