import { reson8Edition, type Reson8Edition } from '../../../protocol/editions.ts';
import type { Opening, ServerDialect, UpgradeRequest } from '../dialect.ts';
import { RESON8_FORM } from './form.ts';
import { modelPhrases, spokenWith } from './model.ts';
import { credentialOf, socketRefusalOf } from './request.ts';

/** How one socket differs from the others when it admits a client. */
interface Own<Settings> {
  /** Reads the parameters as an edition defines them, or returns what is wrong with them. */
  readonly read: (query: URLSearchParams, edition: Reson8Edition) => Settings | string;
  readonly open: (request: UpgradeRequest, settings: Settings) => Opening;
  /** The settings of a connection that is admitted only to receive the reason for its refusal. */
  readonly refused: Settings;
}

/** What the sockets of Reson8 share: they check the credential, then the parameters, and select the subprotocol `bearer`. */
export function socketOf<Settings extends object>({
  read,
  open,
  refused,
}: Own<Settings>): Omit<ServerDialect, 'name' | 'isAt'> {
  const opening = (request: UpgradeRequest, settings: Settings): Opening => {
    const { subprotocol } = credentialOf(request.headers);
    return { ...open(request, settings), ...(subprotocol === undefined ? {} : { subprotocol }) };
  };
  return {
    ...RESON8_FORM,
    hasService: false,
    tokenOf: ({ headers }) => credentialOf(headers).key,
    admit(request, { keys, editions, phrasesOf }) {
      const refusal = socketRefusalOf(credentialOf(request.headers), keys);
      if (refusal !== undefined) return refusal;
      const settings = read(request.query, reson8Edition(editions));
      if (typeof settings === 'string') return RESON8_FORM.problem(400, settings);
      const phrases = modelPhrases(request.query, phrasesOf);
      if ('status' in phrases) return phrases;
      const opened = opening(request, settings);
      return { ...opened, ...spokenWith(phrases, opened) };
    },
    letIn: (request, failure) => ({ ...opening(request, refused), failure }),
  };
}
