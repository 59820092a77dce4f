import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { REPOSITORY } from '../programs/cli.ts';

/** A service of `deploy/compose.yaml`, as far as the tests read it. */
export interface Service {
  readonly image: string;
  readonly build?: string;
  readonly entrypoint?: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly ports?: readonly string[];
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly read_only?: boolean;
  readonly cap_drop?: readonly string[];
  readonly security_opt?: readonly string[];
}

/** Its services by their names. */
export function composed(): Readonly<Record<string, Service>> {
  const text = readFileSync(join(REPOSITORY, 'deploy/compose.yaml'), 'utf8');
  return (parse(text) as { services: Readonly<Record<string, Service>> }).services;
}

/** The environment of a service where `variables` are set: `${NAME:-default}` becomes its value. */
export function environmentOf(
  { environment }: Service,
  variables: Readonly<Record<string, string>> = {},
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(environment).map(([name, value]) => [
      name,
      value.replace(/\$\{(\w+):-(\w*)\}/g, (_all, variable: string, otherwise: string) =>
        variables[variable] ? variables[variable] : otherwise,
      ),
    ]),
  );
}
