/** What is below this path is not a vendor's. */
export const CONTROL_PATH = '/__understudy';

/** Where a running server is reached; `{token}` in the stream address is the client's to fill in. */
export interface ServerUrls {
  readonly url: string;
  readonly scriptix: { readonly realtime: string; readonly stream: string; readonly api: string };
  readonly reson8: { readonly realtime: string };
  /** The control API. */
  readonly control: string;
}

export function serverUrls(secure: boolean, host: string, port: number): ServerUrls {
  // An address that means "all of them" is not one to connect to.
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
    reson8: { realtime: `${ws}/v1/speech-to-text/realtime` },
    control: `${http}${CONTROL_PATH}`,
  };
}
