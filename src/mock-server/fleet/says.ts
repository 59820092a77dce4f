import { randomBytes } from 'node:crypto';
import { UserError } from '../../runtime/errors.ts';
import { MOST_POSTED, MOST_POSTED_BYTES, PostedScenarios } from '../../scenario/posted.ts';
import type { ReadScenario } from '../../scenario/read/load.ts';
import type { Parts } from '../start/assemble.ts';
import { MOST_ASSIGNMENTS } from '../selection/assignments.ts';
import { Defaults } from '../selection/defaults.ts';
import type { SharedState } from './shared.ts';

/** The prefix of the fields of assignments. */
export const ASSIGNED = 'a:';
/** The prefix of the fields of added scenarios. */
export const POSTED = 'p:';
/** The field of the default scenarios. */
export const DEFAULTS = 'd';
/** The field that says how far scenario time was moved. */
export const CLOCK = 'c';

/** What tests set on one replica, set on all of them. */
export interface Says {
  assign(token: string, scenario: string): Promise<boolean>;
  unassign(token: string): Promise<boolean>;
  /** @throws UserError as `PostedScenarios.add()` does */
  addScenario(name: string, text: string): Promise<ReadScenario>;
  removeScenario(name: string): Promise<boolean>;
  /** @throws UserError as `Defaults.replace()` does */
  setDefaults(names: readonly string[]): Promise<void>;
  /** Moves scenario time. Returns the version that has it. */
  advance(ms: number): Promise<number>;
}

/** Sets on all replicas what tests set on this one. */
export function newSays(shared: SharedState, { catalog }: Pick<Parts, 'catalog'>): Says {
  const { said } = shared;
  const fieldsWith = (prefix: string) => [...said.keys()].filter((field) => field.startsWith(prefix));
  return {
    async assign(token, scenario) {
      const field = `${ASSIGNED}${shared.mark(token)}`;
      let hasRoom = true;
      await shared.say(() => {
        hasRoom = said.has(field) || fieldsWith(ASSIGNED).length < MOST_ASSIGNMENTS;
        return hasRoom ? { fields: { [field]: scenario } } : undefined;
      });
      return hasRoom;
    },
    async unassign(token) {
      const field = `${ASSIGNED}${shared.mark(token)}`;
      let wasThere = false;
      await shared.say(() => {
        wasThere = said.has(field);
        return wasThere ? { fields: { [field]: undefined } } : undefined;
      });
      return wasThere;
    },
    async addScenario(name, text) {
      const read = await new PostedScenarios().add(name, text);
      if (read.kind !== 'scenario') return read;
      const field = `${POSTED}${read.scenario.file.dialect}/${name}`;
      await shared.say(() => {
        const others = fieldsWith(POSTED).filter((other) => other !== field);
        const bytes = others.reduce((sum, other) => sum + Buffer.byteLength(said.get(other) ?? ''), 0);
        if (others.length >= MOST_POSTED || bytes + Buffer.byteLength(text) > MOST_POSTED_BYTES) {
          const most = `at most ${MOST_POSTED} scenarios of ${MOST_POSTED_BYTES} bytes together`;
          throw new UserError(`no more can be added: ${most}; remove one before`, { option: 'scenario' });
        }
        return { fields: { [field]: `${nonce()}\n${text}` }, restarted: [name] };
      });
      return read;
    },
    async removeScenario(name) {
      let wasThere = false;
      await shared.say(() => {
        const fields = fieldsWith(POSTED).filter((field) => field.endsWith(`/${name}`));
        wasThere = fields.length > 0;
        if (!wasThere) return undefined;
        return { fields: Object.fromEntries(fields.map((field) => [field, undefined])), restarted: [name] };
      });
      return wasThere;
    },
    async setDefaults(names) {
      await shared.say(async () => {
        await new Defaults(catalog).replace(names, true);
        return { fields: { [DEFAULTS]: JSON.stringify({ names, nonce: nonce() }) }, restarted: ['*'] };
      });
    },
    advance: (ms) => shared.say(() => ({ fields: { [CLOCK]: String(Number(said.get(CLOCK) ?? 0) + ms) } })),
  };
}

/** Setting the same again is a change as well: attempts are counted from the start. */
function nonce(): string {
  return randomBytes(9).toString('base64url');
}
