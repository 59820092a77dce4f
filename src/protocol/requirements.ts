import type { Dialect } from './dialects.ts';
import type { ObservationTopic, Requirement, Side } from './requirement.ts';
import { TURNS_REQUIREMENTS } from './reson8-turns/requirements/requirements.ts';
import {
  RESON8_OBSERVATIONS,
  RESON8_REQUIREMENTS,
  RESON8_REST_REQUIREMENTS,
} from './reson8/requirements/requirements.ts';
import { SCRIPTIX_OBSERVATIONS, SCRIPTIX_REQUIREMENTS } from './scriptix/requirements/requirements.ts';
import { TRANSPORT_OBSERVATIONS } from './transport/observations.ts';
import { TRANSPORT_REQUIREMENTS } from './transport/requirements.ts';

const ALL = [
  ...SCRIPTIX_REQUIREMENTS,
  ...RESON8_REQUIREMENTS,
  ...TURNS_REQUIREMENTS,
  ...RESON8_REST_REQUIREMENTS,
  ...TRANSPORT_REQUIREMENTS,
];
const TOPICS = [...SCRIPTIX_OBSERVATIONS, ...RESON8_OBSERVATIONS, ...TRANSPORT_OBSERVATIONS];

/** The id of a requirement, such as `SX-FIN-014`. */
export type RequirementId = (typeof ALL)[number]['id'];

/** The id of a topic. */
export type TopicId = (typeof TOPICS)[number]['id'];

/** All requirements, in the order in which reports list them. */
export const REQUIREMENTS: readonly Requirement<RequirementId>[] = ALL;

/** The topics of observations that reports also show. */
export const OBSERVATIONS: readonly ObservationTopic<TopicId>[] = TOPICS;

/** The requirements, or topics of observations, that are about any of these dialects. */
export function about<Entry extends { readonly dialects: readonly Dialect[] }>(
  dialects: readonly Dialect[],
  entries: readonly Entry[],
): readonly Entry[] {
  return entries.filter((each) => each.dialects.some((dialect) => dialects.includes(dialect)));
}

/** The requirements about any of these dialects, and about one side of them if one is given. */
export function requirementsFor(
  dialects: readonly Dialect[],
  side?: Side,
): readonly Requirement<RequirementId>[] {
  return about(dialects, REQUIREMENTS).filter(
    (each) => side === undefined || each.side === side || each.side === 'both',
  );
}
