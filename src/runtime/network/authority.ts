/**
 * Why the given port of a URL cannot be connected to; undefined if it can, or is left to the scheme. The URL class
 * accepts a colon without a port, and port 0.
 */
export function wrongPort(url: string): string | undefined {
  const [, authority = ''] = /^[a-z][a-z0-9+.-]*:[\\/]*([^\\/?#]*)/i.exec(url.trim()) ?? [];
  const [, port] = /:(\d*)$/.exec(authority) ?? [];
  if (port === '') return 'there is a colon without a port';
  return port !== undefined && Number(port) === 0 ? 'port 0 cannot be connected to' : undefined;
}
