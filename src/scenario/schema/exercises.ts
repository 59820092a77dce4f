import { z } from 'zod';
import { REQUIREMENTS } from '../../protocol/requirements.ts';
import { closest, suggestion } from '../../runtime/text/closest.ts';
import { text } from './values.ts';

const IDS: readonly string[] = REQUIREMENTS.filter(({ side }) => side !== 'client').map(({ id }) => id);
const EXAMPLE = 'expected a list of ids of requirements such as [SX-FIN-014]';
const LONGEST_SHOWN = 40;
/** More ids than exist. */
const MOST_IDS = 300;

/** The requirements that a probe is played for. */
export const exercises = z
  .array(
    text.refine((id) => IDS.includes(id), {
      error: ({ input }) => {
        const id = String(input);
        const hint = suggestion(closest(id, IDS)) ?? '; understudy conformance list has them';
        return `no server is judged by "${id.slice(0, LONGEST_SHOWN)}"${hint}`;
      },
    }),
    EXAMPLE,
  )
  .min(1, EXAMPLE)
  .max(MOST_IDS, `expected at most ${MOST_IDS} ids`)
  .describe(
    'Of a bundled probe: the requirements that it is played for; it is left out where --only and --skip leave none of them',
  );

const NAMES = 'expected a list of names of probes such as [speech]';

/** The probes that its play is compared with. */
export const controls = z
  .array(text.regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/, NAMES), NAMES)
  .min(1, NAMES)
  .max(10, 'expected at most 10 names')
  .describe('Of a bundled probe: others of its dialect that are played whenever it is, for comparison');
