/**
 * Limits on what a stream may cost. Bytes are counted after content encodings are removed; milliseconds are scenario
 * time.
 */
export interface SourceLimits {
  /** Per request, from resolving the host name to the last response header. */
  readonly headersMs: number;
  /** The longest wait for the next byte of a body, counted only while a caller is waiting. */
  readonly idleMs: number;
  /** Each further `leastBytes` of a body must come within this time, counted only while a caller is waiting. */
  readonly slowMs: number;
  /** Far less than any audio needs: MP3 at 8 kbit/s, its lowest bit rate, has 60,000 bytes per minute. */
  readonly leastBytes: number;
  /** For the whole body of a playlist, which is read at once rather than at playback pace. */
  readonly playlistMs: number;
  /** Bytes of a directly played body. An endless stream of 128 kbit/s reaches this after nine hours. */
  readonly bodyBytes: number;
  readonly playlistBytes: number;
  readonly segmentBytes: number;
  /** How many redirects one request may follow. */
  readonly redirects: number;
}

/** The 15 seconds are those that the documents allow for a connection (S1:32, S2:27, S2:114). */
export const SOURCE_LIMITS: SourceLimits = {
  headersMs: 15_000,
  idleMs: 15_000,
  slowMs: 60_000,
  leastBytes: 4096,
  playlistMs: 15_000,
  bodyBytes: 512 * 1024 * 1024,
  playlistBytes: 1024 * 1024,
  segmentBytes: 32 * 1024 * 1024,
  redirects: 5,
};
