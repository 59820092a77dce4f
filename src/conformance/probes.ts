import { probeFiles, readFileAs } from '../scenario/catalog.ts';
import type { Scenario } from '../scenario/scenario.ts';

/** The bundled probes of a service: for Scriptix those of the microphone, of streams and of the REST API. */
export async function probesOf(dialect: 'scriptix' | 'reson8'): Promise<readonly Scenario[]> {
  const all = await Promise.all((await probeFiles()).map(({ path }) => readFileAs(path)));
  return all.filter(({ file }) => file.dialect.startsWith(dialect));
}
