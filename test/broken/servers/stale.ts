import type { Broken } from '../harness/broken.ts';
import { heardAs, is, isMicrophone, isPartial, onEach } from '../harness/changes.ts';
import type { Fields, Line, Mutation } from '../harness/mutation.ts';

/** 16 kHz, 16 bit, one channel: the client after a lost one sends this much silence. */
const SILENCE_BYTES = 64_000;

/** Whether everything that a connection has sent is silence, and exactly this much. */
function listening(): (message: string | Buffer) => boolean {
  let byteCount = 0;
  let isSilent = true;
  return (message) => {
    if (typeof message === 'string') return isSilent && byteCount === SILENCE_BYTES;
    byteCount += message.length;
    isSilent &&= message.every((byte) => byte === 0);
    return isSilent && byteCount === SILENCE_BYTES;
  };
}

/** The last partial of a connection that was lost is sent to the next one, which is silent. */
function stalePartial(): Mutation {
  let stale: Fields | undefined;
  return onEach(isMicrophone, () => {
    const isQuiet = listening();
    // A client that connected before, or is silent for longer, is not the next one. A loss may be noticed later than
    // the next upgrade.
    let isNext: boolean | undefined;
    let last: Fields | undefined;
    let isDue = false;
    let isListening = false;
    const tell = (line: Line) => {
      if (!isDue || !isListening || stale === undefined) return;
      line.say(stale);
      stale = undefined;
    };
    return {
      onSaid(message, line) {
        if (isPartial(message)) last = message;
        line.say(message);
        isListening ||= is('listening')(message);
        tell(line);
      },
      onLost() {
        stale = last;
      },
      onHeard(message, line) {
        if (typeof message !== 'string') isNext ??= stale !== undefined;
        isDue ||= isQuiet(message) && isNext === true;
        tell(line);
        line.hear(message);
      },
    };
  });
}

/** The audio of a connection that was lost is still in the buffer of the next one, which is silent. */
function staleAudio(): Mutation {
  let stale: readonly Buffer[] = [];
  return onEach(
    ({ query }) => query.size <= 1,
    () => {
      const isQuiet = listening();
      let isNext: boolean | undefined;
      const sent: Buffer[] = [];
      return {
        onLost() {
          stale = sent;
        },
        onHeard(message, line) {
          if (typeof message !== 'string') {
            isNext ??= stale.length > 0;
            sent.push(message);
          }
          const isDue = isQuiet(message) && isNext === true && heardAs(message)['type'] === 'flush_request';
          if (isDue) {
            for (const bytes of stale) line.hear(bytes);
            stale = [];
          }
          line.hear(message);
        },
      };
    },
  );
}

/** The remains of a lost connection (S1:32; S4:69). */
export const stale: readonly Broken[] = [
  {
    id: 'SX-ISO-001',
    dialect: 'scriptix',
    breaks: 'sends the last partial of a lost client to the next one, which is silent',
    mutation: stalePartial,
  },
  {
    id: 'R8-ISO-001',
    dialect: 'reson8',
    breaks: 'keeps the audio of a lost client in the buffer of the next one, which is silent',
    mutation: staleAudio,
  },
];
