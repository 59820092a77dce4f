import { fstatSync, writeSync } from 'node:fs';

/**
 * What the user sees. Finals go to stdout, everything else to stderr. If file descriptor 3 is open, all of it is also
 * written there as NDJSON, for example with `node scriptix.mjs 3>reports.ndjson`.
 */
export const user = {
  /** What the service says it is doing. */
  state(state) {
    tell(`(${state})`);
    report({ event: 'state', state });
  },
  /** The line that is still being spoken. It replaces the previous one. */
  display(text) {
    if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${text}`);
    else if (text !== '') tell(`… ${text}`);
    report({ event: 'display', text });
  },
  /** A line that will not change again. The line that was being spoken is now empty. */
  final(text) {
    if (process.stderr.isTTY) process.stderr.write('\r\x1b[K');
    process.stdout.write(`${text}\n`);
    report({ event: 'final', text });
  },
  /** @param {'timeout' | 'auth' | 'closed' | 'server' | 'other'} kind */
  error(kind, message) {
    tell(`error: ${message}`);
    report({ event: 'error', kind, message });
  },
  /** A connection has ended; 1006 means that it broke or was never established. */
  closed(code) {
    tell(`closed: ${code}`);
    report({ event: 'closed', code });
  },
  /** A detail for readers of the log that the user need not know. */
  note: tell,
};

function tell(text) {
  process.stderr.write(`${text}\n`);
}

const REPORTS = 3;
let isReporting = isSomebodysFile(REPORTS);

/** If the caller did not open descriptor 3, it is one of Node's own, which is none of these kinds. */
function isSomebodysFile(descriptor) {
  try {
    const file = fstatSync(descriptor);
    return file.isFile() || file.isFIFO() || file.isSocket();
  } catch {
    return false;
  }
}

function report(event) {
  if (!isReporting) return;
  try {
    writeSync(REPORTS, `${JSON.stringify(event)}\n`);
  } catch {
    // The reader has gone, or the descriptor was opened for reading only.
    isReporting = false;
  }
}
