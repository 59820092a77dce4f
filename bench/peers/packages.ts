/** The packages that `--peers` installs. Their numbers in BENCHMARKS.md are those of these versions. */
export const PACKAGES = {
  aimock: { name: '@copilotkit/aimock', version: '1.43.0' },
  mockoon: { name: '@mockoon/cli', version: '9.9.0' },
  mockttp: { name: 'mockttp', version: '4.6.5' },
} as const;

/** A server of another project that can be configured to send given messages. */
export type PeerName = keyof typeof PACKAGES;

export const PEERS = Object.keys(PACKAGES) as readonly PeerName[];
