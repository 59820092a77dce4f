/** Paths below this one belong to no vendor. */
export const CONTROL_PATH = '/__understudy';

/** The addresses of a running server; the client fills in `{token}` in the stream address. */
export interface ServerUrls {
  /** The origin, `http://127.0.0.1:8080`. */
  readonly url: string;
  /** The addresses of Scriptix. */
  readonly scriptix: {
    /** The WebSocket for microphone mode. */
    readonly realtime: string;
    /** The WebSocket for stream mode, with `{token}` in its path. */
    readonly stream: string;
    /** The REST API; `/initialize` and `/status` follow it. */
    readonly api: string;
  };
  /** The addresses of Reson8. */
  readonly reson8: {
    /** The WebSocket. */
    readonly realtime: string;
    /** The WebSocket for turns. */
    readonly turns: string;
    /** The calls over HTTP; `/auth/token`, `/speech-to-text/prerecorded` and `/custom-model` follow it. */
    readonly api: string;
    /** The call that makes access tokens from API keys. */
    readonly token: string;
    /** The call that recognises a recording. */
    readonly prerecorded: string;
  };
  /** The control API. */
  readonly control: string;
  /** The live page; absent if the server has none. */
  readonly page?: string;
}

/** The addresses under which clients on this machine reach a server that listens on `host` and `port`. */
export function serverUrls(secure: boolean, host: string, port: number, hasPage = false): ServerUrls {
  // An address that means "all addresses" is not one to connect to.
  const reachable =
    { '0.0.0.0': '127.0.0.1', '::': '[::1]' }[host] ?? (host.includes(':') ? `[${host}]` : host);
  const http = `${secure ? 'https' : 'http'}://${reachable}:${port}`;
  const ws = `${secure ? 'wss' : 'ws'}://${reachable}:${port}`;
  return {
    url: http,
    scriptix: {
      realtime: `${ws}/v2/realtime`,
      stream: `${ws}/v2/client/{token}`,
      api: `${http}/api/v4/realtime`,
    },
    reson8: {
      realtime: `${ws}/v1/speech-to-text/realtime`,
      turns: `${ws}/v1/speech-to-text/turns`,
      api: `${http}/v1`,
      token: `${http}/v1/auth/token`,
      prerecorded: `${http}/v1/speech-to-text/prerecorded`,
    },
    control: `${http}${CONTROL_PATH}`,
    ...(hasPage ? { page: `${http}${CONTROL_PATH}/` } : {}),
  };
}
