"""Starts the fake, finds it, and ends it."""

import json
import os
import shlex
import shutil
import subprocess
import threading
from pathlib import Path
from typing import Any, Dict, IO, List, Optional, Sequence
from urllib.parse import quote

from .control import Control, ControlError, duration
from .session import WAIT_S, Session

#: How long the fake may take until it listens, in seconds. `npx` may have to download it first.
START_S = 120.0
#: How long it may take to end, in seconds.
STOP_S = 10.0
#: Names the command, where it is not in `node_modules`.
CLI_VARIABLE = "UNDERSTUDY_CLI"
#: How many lines of its log are kept.
LOG_LINES = 200


class Understudy:
    """A running fake. Addresses are attributes; sessions are asked for by token."""

    def __init__(self, process: "subprocess.Popen[str]", listening: Dict[str, Any], log: List[str]) -> None:
        self._process = process
        self._log = log
        self._control = Control(str(listening["control"]))
        #: ``http://127.0.0.1:PORT``
        self.url: str = listening["url"]
        #: ``realtime`` (microphone mode), ``stream`` (with ``{token}`` in its path) and ``api`` (REST)
        self.scriptix: Dict[str, str] = listening["scriptix"]
        #: ``realtime``, ``turns`` and ``api``
        self.reson8: Dict[str, str] = listening["reson8"]

    @property
    def log(self) -> Sequence[str]:
        """The last lines of the log of the fake."""
        return list(self._log)

    def next_session(self, token: Optional[str] = None, timeout: float = WAIT_S) -> Session:
        """The oldest connection that was not handed out yet, or the next: each is handed out once.

        :param token: only those of clients that present this token or key
        :raises WaitTimeout: if there is none within ``timeout`` seconds
        """
        __tracebackhide__ = True
        query = {"token": token, "timeout": duration(timeout)}
        found = self._control.ask("GET", "sessions/next", query=query, timeout=timeout)
        return Session(self._control, str(found["id"]))

    def sessions(self, token: Optional[str] = None) -> List[Session]:
        """The connections that are open or still remembered, the oldest first."""
        found: List[Session] = []
        after: Optional[str] = None
        while True:
            page = self._control.ask("GET", "sessions", query={"token": token, "after": after})
            found.extend(Session(self._control, str(each["id"])) for each in page["sessions"])
            after = page.get("next")
            if after is None:
                return found

    def assign(self, token: str, scenario: str) -> None:
        """The next connections with this token get a scenario: ``assign(token, "drop-mid-word")``."""
        self._control.ask("PUT", f"assignments/{quote(token, safe='')}", body={"scenario": scenario})

    def unassign(self, token: str) -> None:
        """Connections with this token get the default scenario again, as they do if they have been assigned none."""
        try:
            self._control.ask("DELETE", f"assignments/{quote(token, safe='')}")
        except ControlError as error:
            if error.status != 404:
                raise

    def advance(self, seconds: float) -> None:
        """Moves scenario time. The fake must have been started with ``--clock manual``."""
        self._control.ask("POST", "clock/advance", body={"ms": round(seconds * 1000)})

    def set_service(self, state: str) -> None:
        """The state of the realtime service of Scriptix: ``ready``, ``starting`` or ``scaled_down``."""
        self._control.ask("PUT", "service", body={"state": state})

    def reset(self) -> None:
        """Closes all connections and forgets everything, including what other tests of this worker have done."""
        self._control.ask("POST", "reset")

    def stop(self) -> None:
        """Ends the fake. It also ends by itself when this process does, even if it is killed."""
        stdin = self._process.stdin
        if stdin is not None:
            stdin.close()
        _ended(self._process)

    def __enter__(self) -> "Understudy":
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


def command(folder: Optional[Path] = None) -> List[str]:
    """How the fake is started: ``UNDERSTUDY_CLI``, or ``node_modules/.bin`` here or above, or ``npx``.

    :param folder: where to look first (the current folder)
    :raises RuntimeError: if there is none of these
    """
    given = os.environ.get(CLI_VARIABLE, "").strip()
    if given:
        words = [given] if os.path.exists(given) else shlex.split(given, posix=os.name != "nt")
        return ["node", *words] if words[0].endswith((".js", ".mjs")) else words
    here = (folder or Path.cwd()).resolve()
    name = "understudy.cmd" if os.name == "nt" else "understudy"
    for place in [here, *here.parents]:
        found = place / "node_modules" / ".bin" / name
        if found.exists():
            return [str(found)]
    npx = shutil.which("npx")
    if npx is None:
        raise RuntimeError(
            "The fake was not found. Install it with `npm install --save-dev asr-understudy`, "
            "or set UNDERSTUDY_CLI to its command"
        )
    return [npx, "--yes", "asr-understudy"]


def start(*flags: str, folder: Optional[Path] = None) -> Understudy:
    """Starts a fake on a free port of loopback.

    :param flags: more flags of ``understudy serve``, such as ``"--clock", "manual"``
    :param folder: where to look for the command first (the current folder)
    :raises RuntimeError: if it cannot be started, with what it has said
    """
    args = [*command(folder), "serve", "--port", "0", "--json", "--until-stdin-ends", *flags]
    __tracebackhide__ = True
    try:
        process = subprocess.Popen(
            args,
            env=_environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            errors="replace",
        )
    except OSError as error:
        raise RuntimeError(f"The fake cannot be started: {shlex.join(args)}: {error}") from None
    log: List[str] = []
    listening: List[Dict[str, Any]] = []
    is_known = threading.Event()
    reader = threading.Thread(target=_read, args=(process.stdout, log, listening, is_known), daemon=True)
    reader.start()
    is_known.wait(START_S)
    if not listening:
        code = _ended(process)
        said = "\n".join(log) or "nothing"
        raise RuntimeError(f"The fake does not listen (exit code {code}). {shlex.join(args)} said:\n{said}")
    return Understudy(process, listening[0], log)


def _environment() -> Dict[str, str]:
    """The fake reads variables with its own prefix as flags; the one that names its command is not a flag."""
    return {name: value for name, value in os.environ.items() if name != CLI_VARIABLE}


def _ended(process: "subprocess.Popen[str]") -> int:
    try:
        return process.wait(STOP_S)
    except subprocess.TimeoutExpired:
        process.kill()
        return process.wait()


def _read(
    output: "Optional[IO[str]]", log: List[str], listening: List[Dict[str, Any]], is_known: threading.Event
) -> None:
    """Reads to the end, since a full pipe would stop the fake."""
    for line in output or ():
        log.append(line.rstrip("\n"))
        del log[:-LOG_LINES]
        if not listening:
            try:
                event = json.loads(line)
            except ValueError:
                continue
            if isinstance(event, dict) and event.get("event") == "listening":
                listening.append(event)
                is_known.set()
    is_known.set()
