import { vendorOf, type Dialect } from '../../protocol/dialects.ts';
import { withEdition, type EditionNames } from '../../protocol/editions.ts';
import { UserError } from '../../runtime/errors.ts';
import { noEdition, readEditions } from '../../scenario/editions.ts';
import type { Selecting } from './selection.ts';

const HEADER = 'x-understudy-edition';

/**
 * The editions of one request: what its `edition` parameter says, or the header `x-understudy-edition`, or its
 * scenario, or the server.
 *
 * @throws UserError for an edition that its service does not have
 */
export function editionsFor(
  dialect: Dialect,
  { query, headers }: Pick<Selecting, 'query' | 'headers'>,
  ofScenario: string | undefined,
  ofServer: EditionNames,
): EditionNames {
  const header = headers[HEADER];
  const asked = query.get('edition') || (typeof header === 'string' ? header : '');
  const service = vendorOf(dialect);
  if (asked !== '') return readAsked(asked);
  if (ofScenario === undefined) return ofServer;
  const names = withEdition(ofServer, service, ofScenario);
  if (names === undefined) throw new UserError(noEdition(service, ofScenario));
  return names;

  function readAsked(text: string): EditionNames {
    try {
      return readEditions([text], [service], ofServer);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      throw new UserError(error.mistakes.map(({ what }) => ({ option: 'edition', what })));
    }
  }
}
