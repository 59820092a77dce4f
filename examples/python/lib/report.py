"""What the user sees. Finals go to stdout, everything else to stderr; and whoever opens file descriptor 3 gets all of
it as NDJSON, one JSON object a line, for example `python3 scriptix.py 3>reports.ndjson`."""

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


# Asked before anything else of ours can have opened a file.
_is_reporting = _is_writable(REPORTS)


def _report(**event):
    global _is_reporting
    if not _is_reporting:
        return
    try:
        os.write(REPORTS, (json.dumps(event) + "\n").encode())
    except OSError:
        # Nobody reads it any more.
        _is_reporting = False


def note(text):
    """For whoever watches; nothing that the user must know."""
    print(text, file=sys.stderr, flush=True)


def state(name):
    """What the service says that it is doing."""
    note(f"({name})")
    _report(event="state", state=name)


def display(text):
    """The line that is still being spoken. It replaces the one before."""
    if sys.stderr.isatty():
        print(f"\r\x1b[K{text}", end="", file=sys.stderr, flush=True)
    elif text != "":
        note(f"… {text}")
    _report(event="display", text=text)


def final(text):
    """A line that will not change any more. The line that is being spoken is empty then."""
    if sys.stderr.isatty():
        print("\r\x1b[K", end="", file=sys.stderr, flush=True)
    print(text, flush=True)
    _report(event="final", text=text)


def error(kind, message):
    """`kind` is timeout, auth, closed, server or other."""
    note(f"error: {message}")
    _report(event="error", kind=kind, message=message)


def closed(code):
    """A connection has ended; 1006 is one that broke off, or never came about."""
    note(f"closed: {code}")
    _report(event="closed", code=code)
