import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { REPOSITORY } from '../programs/cli.ts';

/** Where the files for Kubernetes are. */
export const KUBERNETES = join(REPOSITORY, 'deploy/kubernetes');

interface Variable {
  readonly name: string;
  readonly value?: string;
  readonly valueFrom?: {
    readonly secretKeyRef?: { readonly name: string; readonly key: string; readonly optional?: boolean };
    readonly fieldRef?: { readonly fieldPath: string };
  };
}

/** A container, as far as the tests read it. */
export interface Container {
  readonly name: string;
  readonly image: string;
  readonly command?: readonly string[];
  readonly args: readonly string[];
  readonly env: readonly Variable[];
  readonly ports?: readonly { readonly name: string; readonly containerPort: number }[];
  readonly startupProbe?: Probe;
  readonly readinessProbe?: Probe;
  readonly livenessProbe?: Probe;
  readonly securityContext: unknown;
  readonly volumeMounts?: readonly { readonly name: string; readonly mountPath: string }[];
}

export interface Probe {
  readonly httpGet: { readonly path: string; readonly port: string };
}

/** A pod of a Deployment or Job. */
export interface Pod {
  readonly metadata: { readonly labels: Readonly<Record<string, string>> };
  readonly spec: {
    readonly securityContext: { readonly runAsUser: number; readonly runAsGroup: number };
    readonly terminationGracePeriodSeconds: number;
    readonly restartPolicy?: string;
    readonly containers: readonly [Container];
    readonly volumes?: readonly { readonly name: string; readonly configMap?: { readonly name: string } }[];
  };
}

/** A file of `deploy/kubernetes`. */
export function manifest(file: string): unknown {
  return parse(readFileSync(join(KUBERNETES, file), 'utf8'));
}

/** A file of `deploy/kubernetes-fleet`. */
export function manifestOfFleet(file: string): unknown {
  return manifest(join('../kubernetes-fleet', file));
}

/** Applies a patch as Kubernetes does: fields are added, members of lists that have names are found by them, other lists are replaced. */
export function patched(base: unknown, patch: unknown): unknown {
  if (isNamed(base) && isNamed(patch)) {
    const others = patch.filter(({ name }) => !base.some((each) => each.name === name));
    return [
      ...base.map((each) => patched(each, patch.find(({ name }) => name === each.name) ?? {})),
      ...others,
    ];
  }
  if (!isObject(base) || !isObject(patch)) return patch;
  const keys = Object.keys({ ...base, ...patch });
  return Object.fromEntries(
    keys.map((key) => [
      key,
      key in patch ? (key in base ? patched(base[key], patch[key]) : patch[key]) : base[key],
    ]),
  );
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isNamed(value: unknown): value is readonly { readonly name: unknown }[] {
  return Array.isArray(value) && value.every((each) => isObject(each) && 'name' in each);
}

/**
 * The variables of a container, with those of secrets where they are given, and with fields of its pod.
 *
 * @throws Error for a variable of a secret that is neither given nor optional: Kubernetes would not start the container
 */
export function variablesOf(
  { env }: Container,
  secrets: Readonly<Record<string, Readonly<Record<string, string>>>>,
  fields: Readonly<Record<string, string>> = {},
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    env.flatMap(({ name, value, valueFrom }) => {
      if (value !== undefined) return [[name, value]];
      const field = valueFrom?.fieldRef?.fieldPath;
      if (field !== undefined) {
        const found = fields[field];
        if (found === undefined) throw new Error(`${name} needs ${field} of the pod`);
        return [[name, found]];
      }
      const { name: secret = '', key = '', optional = false } = valueFrom?.secretKeyRef ?? {};
      const found = secrets[secret]?.[key];
      if (found === undefined && !optional) throw new Error(`${name} needs ${key} of the secret ${secret}`);
      return found === undefined ? [] : [[name, found]];
    }),
  );
}
