import { fstatSync, writeSync } from 'node:fs';

/**
 * What the user sees. Finals go to stdout, everything else to stderr; and whoever opens file descriptor 3 gets all of
 * it as NDJSON, one JSON object a line, for example `node scriptix.mjs 3>reports.ndjson`.
 */
export const user = {
  /** What the service says that it is doing. */
  state(state) {
    tell(`(${state})`);
    report({ event: 'state', state });
  },
  /** The line that is still being spoken. It replaces the one before. */
  display(text) {
    if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${text}`);
    else if (text !== '') tell(`… ${text}`);
    report({ event: 'display', text });
  },
  /** A line that will not change any more. The line that is being spoken is empty then. */
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
  /** A connection has ended; 1006 is one that broke off, or never came about. */
  closed(code) {
    tell(`closed: ${code}`);
    report({ event: 'closed', code });
  },
  /** For whoever watches; nothing that the user must know. */
  note: tell,
};

function tell(text) {
  process.stderr.write(`${text}\n`);
}

const REPORTS = 3;
let isReporting = isSomebodysFile(REPORTS);

/** Without a file that somebody else has opened, descriptor 3 is something of Node's own, which is none of these. */
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
    // Nobody reads it any more, or it was open for reading only.
    isReporting = false;
  }
}
