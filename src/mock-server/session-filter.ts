import { DIALECT_NAMES, DIALECTS, vendorOfLife, type Dialect } from '../protocol/dialects.ts';
import type { Session } from './open-session.ts';
import { DEFAULT } from './selection/selection.ts';

/** Which connections are meant; without any field, all of them. */
export interface SessionFilter {
  /** Those of clients with this token, or with an access token made from this key. */
  readonly token?: string | undefined;
  /** Those of a dialect; `scriptix` and `reson8` mean all connections of that service. */
  readonly dialect?: Dialect | undefined;
  /** Those with this scenario; `happy-path` is that of connections that select none. */
  readonly scenario?: string | undefined;
  /** Only those that are open, or only those that have ended. */
  readonly open?: boolean | undefined;
}

/** The values that `dialect` may have: the names of sockets. */
export const FILTER_DIALECTS = DIALECT_NAMES.filter((name) => DIALECTS[name].life !== undefined);

/** Whether a connection passes the filter. */
export function fits(session: Session, { token, dialect, scenario, open }: SessionFilter): boolean {
  const { life, isOpen } = session;
  if (token !== undefined && !session.presented(token)) return false;
  if (dialect !== undefined && vendorOfLife(life) !== dialect && DIALECTS[dialect].life !== life)
    return false;
  if (scenario !== undefined && (session.scenario ?? DEFAULT) !== scenario) return false;
  return open === undefined || open === isOpen;
}
