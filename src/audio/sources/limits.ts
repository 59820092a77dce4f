/** What a stream may cost. Bytes are counted when content codings are off; milliseconds are scenario time. */
export interface SourceLimits {
  /** For each request, from the look-up of the host name to the last response header. */
  readonly headersMs: number;
  /** The longest wait for the next byte of a body, counted only while somebody waits for it. */
  readonly idleMs: number;
  /** Each further `leastBytes` of a body come within so long, counted only while somebody waits for them. */
  readonly slowMs: number;
  /** Far less than any audio has: MP3 of 8 kbit/s, its lowest bit rate, has 60,000 bytes in a minute. */
  readonly leastBytes: number;
  /** For the whole body of a playlist, which is read at once and not at playback pace. */
  readonly playlistMs: number;
  /** Bytes of a directly played body. An endless stream of 128 kbit/s gets here after nine hours. */
  readonly bodyBytes: number;
  readonly playlistBytes: number;
  readonly segmentBytes: number;
  /** How many redirects one request may follow. */
  readonly redirects: number;
}

/** The 15 seconds are those that the documents give a connection (S1:32, S2:27, S2:114). */
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
