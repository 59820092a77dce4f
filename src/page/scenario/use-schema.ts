import { useEffect, useState } from 'preact/hooks';
import { call } from '../api.ts';
import { stepsOf, type StepKind } from './steps.ts';

/** What the fake says about scenarios. */
export interface Schema {
  /** What a server can do. */
  readonly steps: readonly StepKind[];
  /** Whether the fake saves scenarios as files. */
  readonly canSave: boolean;
}

/** The schema of the fake, once it is there. */
export function useSchema(isLive: boolean): Schema {
  const [schema, setSchema] = useState<Schema>({ steps: [], canSave: false });
  useEffect(() => {
    if (!isLive) return;
    call('scenario-schema').then(
      (read) => {
        const canSave = (read as { readonly 'x-can-save'?: boolean })['x-can-save'] === true;
        setSchema({ steps: stepsOf(read), canSave });
      },
      () => undefined,
    );
  }, [isLive]);
  return schema;
}
