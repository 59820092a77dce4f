/**
 * Why the port of a URL, as it was given, is none that can be connected to; undefined when it can, or is left to the
 * scheme. The URL class takes a colon without a port for nothing, and port 0 for a port.
 */
export function wrongPort(url: string): string | undefined {
  const [, authority = ''] = /^[a-z][a-z0-9+.-]*:[\\/]*([^\\/?#]*)/i.exec(url.trim()) ?? [];
  const [, port] = /:(\d*)$/.exec(authority) ?? [];
  if (port === '') return 'there is a colon and no port behind it';
  return port !== undefined && Number(port) === 0 ? 'port 0 is none to connect to' : undefined;
}
