import { z } from 'zod';
import { scenario } from './schema.ts';

let converted: Record<string, unknown> | undefined;

/** The JSON Schema (2020-12) of a scenario file, for editors. */
export function jsonSchema(): Record<string, unknown> {
  converted ??= z.toJSONSchema(scenario, { io: 'input' });
  return converted;
}
