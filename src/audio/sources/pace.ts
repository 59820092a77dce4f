import type { SourceLimits } from './limits.ts';

/** The wait for the next piece of a body. */
export interface BodyWait {
  /** When it is over. */
  readonly dueMs: number;
  /** Describes the sender's fault if nothing comes by then. */
  readonly why: string;
  /** Called with the bytes of the piece that has come. */
  readonly arrived: (byteCount: number) => void;
}

/** The time limit for the next piece, so that neither silence nor an occasional byte can hold a reader forever. */
export function paceOf(
  { idleMs, slowMs, leastBytes }: Pick<SourceLimits, 'idleMs' | 'slowMs' | 'leastBytes'>,
  now: () => number,
): { readonly wait: (wholeDueMs: number) => BodyWait } {
  let leftMs = slowMs;
  let missing = leastBytes;
  return {
    wait(wholeDueMs) {
      const fromMs = now();
      const wholeLeftMs = wholeDueMs - fromMs;
      const isSlow = leftMs < Math.min(idleMs, wholeLeftMs);
      const isLong = wholeLeftMs < Math.min(idleMs, leftMs);
      return {
        dueMs: Math.min(fromMs + Math.min(idleMs, leftMs), wholeDueMs),
        why: isSlow
          ? `sends too slowly: fewer than ${leastBytes} bytes in ${slowMs / 1000} seconds of waiting`
          : isLong
            ? 'took too long to send all of it'
            : 'stopped sending',
        arrived(byteCount) {
          leftMs -= now() - fromMs;
          missing -= byteCount;
          if (missing > 0) return;
          leftMs = slowMs;
          missing = leastBytes;
        },
      };
    },
  };
}
