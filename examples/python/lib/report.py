"""What the user sees. Finals go to stdout, everything else to stderr. If file descriptor 3 is open, all of it is also
written there as NDJSON, for example with `python3 scriptix.py 3>reports.ndjson`."""

import fcntl
import json
import os
import stat
import sys

REPORTS = 3


def _is_writable(descriptor):
    try:
        mode = os.fstat(descriptor).st_mode
        access = fcntl.fcntl(descriptor, fcntl.F_GETFL) & os.O_ACCMODE
    except OSError:
        return False
    is_file = stat.S_ISREG(mode) or stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode)
    return is_file and access != os.O_RDONLY


# Checked before this program opens any file of its own.
_is_reporting = _is_writable(REPORTS)


def _report(**event):
    global _is_reporting
    if not _is_reporting:
        return
    try:
        os.write(REPORTS, (json.dumps(event) + "\n").encode())
    except OSError:
        # The reader has gone.
        _is_reporting = False


def note(text):
    """A detail for readers of the log that the user need not know."""
    print(text, file=sys.stderr, flush=True)


def state(name):
    """What the service says it is doing."""
    note(f"({name})")
    _report(event="state", state=name)


def display(text):
    """The line that is still being spoken. It replaces the previous one."""
    if sys.stderr.isatty():
        print(f"\r\x1b[K{text}", end="", file=sys.stderr, flush=True)
    elif text != "":
        note(f"… {text}")
    _report(event="display", text=text)


def final(text):
    """A line that will not change again. The line that was being spoken is now empty."""
    if sys.stderr.isatty():
        print("\r\x1b[K", end="", file=sys.stderr, flush=True)
    print(text, flush=True)
    _report(event="final", text=text)


def error(kind, message):
    """`kind` is timeout, auth, closed, server or other."""
    note(f"error: {message}")
    _report(event="error", kind=kind, message=message)


def closed(code):
    """A connection has ended; 1006 means that it broke or was never established."""
    note(f"closed: {code}")
    _report(event="closed", code=code)
