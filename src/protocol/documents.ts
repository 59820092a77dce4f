/** A page of a vendor's documentation, or a standard. */
export interface Document {
  readonly title: string;
  readonly url: string;
}

/** The documents that sources refer to, by the names used there. The dossiers say what is in each. */
export const DOCUMENTS: ReadonlyMap<string, Document> = new Map(
  Object.entries({
    S0: {
      title: 'Scriptix, Start a connection',
      url: 'https://apidocs.scriptix.io/realtime_new/connecting/',
    },
    S1: {
      title: 'Scriptix, Real-time Streaming API',
      url: 'https://docs.scriptix.io/docs/api/Realtime/Overview',
    },
    S2: {
      title: 'Scriptix, WebSocket Connection',
      url: 'https://docs.scriptix.io/docs/api/Realtime/WebSocket',
    },
    S3: {
      title: 'Scriptix, Realtime API - Client Documentation',
      url: 'https://apidocs.scriptix.io/realtime_new/client-api/',
    },
    S4: { title: 'Reson8, Realtime', url: 'https://docs.reson8.dev/api/speech-to-text/realtime/' },
    EX: {
      title: "Scriptix's published programs",
      url: 'https://github.com/scriptix-io/realtime-examples',
    },
    T: { title: 'Reson8, Turns', url: 'https://docs.reson8.dev/api/speech-to-text/turns/' },
    A: { title: 'Reson8, Access tokens', url: 'https://docs.reson8.dev/' },
    P: { title: 'Reson8, Prerecorded', url: 'https://docs.reson8.dev/api/speech-to-text/prerecorded/' },
    LK: {
      title: "The vendor's plugin for LiveKit Agents",
      url: 'https://github.com/livekit/agents/tree/main/livekit-plugins/livekit-plugins-reson8',
    },
    OV: {
      title: 'Schemas of one-voice-lab-webmcp',
      url: 'https://github.com/omnineuralengine/one-voice-lab-webmcp',
    },
    'RFC 6455': {
      title: 'RFC 6455, The WebSocket Protocol',
      url: 'https://www.rfc-editor.org/rfc/rfc6455',
    },
  }),
);
