import argparse
import asyncio
import os
import sys
from urllib.parse import urlsplit

from . import report
from .failure import Failure


class Flags:
    """Command-line flags; a flag that is not given is read from the environment."""

    def __init__(self, description):
        self._parser = argparse.ArgumentParser(
            description=description,
            epilog="The key or token is in UNDERSTUDY_TOKEN: what is on the command line, every user of the machine can see.",
        )

    def add(self, name, variable=None, default=None, help=""):
        given = (os.environ.get(variable) if variable else None) or default
        place = f" ({variable})" if variable else f" ({default})"
        self._parser.add_argument(name, default=given, help=help + place)

    def read(self):
        settings = self._parser.parse_args()
        settings.token = os.environ.get("UNDERSTUDY_TOKEN") or None
        return settings

    def need(self, settings, *names):
        for name in names:
            if getattr(settings, name) is None:
                self.refuse(f"--{name.replace('_', '-')} is missing" if name != "token" else "UNDERSTUDY_TOKEN is not set")
            if name == "url" and not _is_endpoint(settings.url):
                self.refuse("--url: expected a URL that begins with ws:// or wss://")

    def refuse(self, message):
        """Ends the program with exit code 2."""
        self._parser.error(message)


def _is_endpoint(url):
    try:
        parts = urlsplit(url)
        return parts.scheme in ("ws", "wss") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def run(main):
    """Runs a program. Its exit code is 0 if the session ended normally and 1 if it failed (stderr says why)."""
    try:
        asyncio.run(main)
    except Failure as failure:
        report.error(failure.kind, str(failure))
        sys.exit(1)
