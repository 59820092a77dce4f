/** A page of a vendor's documentation, or a standard. */
export interface Document {
  readonly title: string;
  /** Its address; of Scriptix's pages the site is known, and a search there finds the title. */
  readonly url: string;
}

const SCRIPTIX = 'https://docs.scriptix.io/';

/** What sources refer to, by the names that they use. The dossiers say what is in each. */
export const DOCUMENTS: ReadonlyMap<string, Document> = new Map([
  ['S0', { title: 'Scriptix, Start a connection', url: SCRIPTIX }],
  ['S1', { title: 'Scriptix, Real-time Streaming API', url: SCRIPTIX }],
  ['S2', { title: 'Scriptix, WebSocket Connection', url: SCRIPTIX }],
  ['S3', { title: 'Scriptix, Realtime API - Client Documentation', url: SCRIPTIX }],
  ['S4', { title: 'Reson8, Realtime', url: 'https://docs.reson8.dev/api/speech-to-text/realtime/' }],
  ['RFC 6455', { title: 'RFC 6455, The WebSocket Protocol', url: 'https://www.rfc-editor.org/rfc/rfc6455' }],
]);
