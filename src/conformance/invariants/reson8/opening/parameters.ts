import { ENCODINGS, QUERY_PARAMETERS } from '../../../../protocol/reson8/handshake.ts';

/** A documented parameter as it is in a query. */
export interface Parameter {
  readonly name: (typeof QUERY_PARAMETERS)[number]['name'];
  readonly value: string;
  /**
   * `right`: as in S4:22-29. `newer`: an encoding from newer pages of the vendor. `odd`: a valid value in a spelling
   * that the document does not show. `wrong`: not a value of its type.
   */
  readonly is: 'right' | 'newer' | 'odd' | 'wrong';
}

const NEWER_ENCODINGS = ['mulaw', 'alaw'];

/** The documented parameters of a query. */
export function parametersOf(query: URLSearchParams): readonly Parameter[] {
  return QUERY_PARAMETERS.flatMap(({ name }) =>
    query.getAll(name).map((value) => ({ name, value, is: judged(name, value) })),
  );
}

function judged(name: Parameter['name'], value: string): Parameter['is'] {
  switch (name) {
    case 'encoding':
      if (ENCODINGS.some((known) => known === value)) return 'right';
      return NEWER_ENCODINGS.includes(value) ? 'newer' : 'wrong';
    case 'sample_rate':
      return numeric(value, /^\d+(?:\.\d+)?$/, (number) => Number.isFinite(number));
    case 'channels':
      return numeric(value, /^\d+$/, Number.isInteger);
    case 'custom_model_id':
      return 'right';
    default:
      if (value === 'true' || value === 'false') return 'right';
      return /^(?:true|false|1|0|t|f|yes|no|y|n|on|off|)$/i.test(value) ? 'odd' : 'wrong';
  }
}

function numeric(value: string, plain: RegExp, accepts: (number: number) => boolean): Parameter['is'] {
  const number = value.trim() === '' ? Number.NaN : Number(value);
  if (!accepts(number) || number <= 0) return 'wrong';
  return plain.test(value) ? 'right' : 'odd';
}

/** Whether the document gives a server no reason to object to a query. */
export function isPlain(query: URLSearchParams): boolean {
  const parameters = parametersOf(query);
  const names = new Set(parameters.map(({ name }) => name));
  return parameters.every(({ is }) => is === 'right') && names.size === parameters.length;
}
