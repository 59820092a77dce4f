"""A connection of a client, seen from the server."""

import json
from base64 import b64encode
from typing import Any, Dict, List, Mapping, Optional, Union
from urllib.parse import quote

from .control import Control, duration

#: How long to wait if a test does not say, in seconds.
WAIT_S = 5.0


class Session:
    """A connection of a client. Waits raise :class:`WaitTimeout`, whose message ends with the trace."""

    def __init__(self, control: Control, session_id: str) -> None:
        self._control = control
        #: ``s1``, ``s2``, …
        self.id = session_id

    def __repr__(self) -> str:
        return f"<Session {self.id}>"

    @property
    def _path(self) -> str:
        return f"sessions/{quote(self.id, safe='')}"

    @property
    def info(self) -> Dict[str, Any]:
        """What the control API says of it now: ``dialect``, ``isOpen``, ``audioMs``, ``received``, ``closeCode`` …"""
        return self._control.ask("GET", self._path)

    @property
    def is_open(self) -> bool:
        return bool(self.info["isOpen"])

    @property
    def audio_ms(self) -> float:
        """Milliseconds of audio received so far."""
        return float(self.info["audioMs"])

    def received(self, what: str, count: int = 1, timeout: float = WAIT_S) -> None:
        """Waits until the client has done something.

        :param what: ``start``, ``audio`` (a message of it), ``flush``, ``stop``, ``close``, ``unreadable`` or ``frame``
        :param count: how often since the connection was opened
        :param timeout: seconds of real time
        :raises WaitTimeout: if it has not by then, or the session has ended without it
        """
        __tracebackhide__ = True
        query = {"for": what, "count": count, "timeout": duration(timeout)}
        self._control.ask("GET", f"{self._path}/wait", query=query, timeout=timeout)

    def count(self, what: str) -> int:
        """How often the client has done something so far; see :meth:`received`."""
        return int(self._control.ask("GET", f"{self._path}/count", query={"of": what})["count"])

    def send(self, message: Union[str, bytes, Mapping[str, Any]]) -> None:
        """Sends a message as if from the service: a text as it is, bytes as binary, anything else as JSON."""
        body: Dict[str, Any]
        if isinstance(message, str):
            body = {"text": message}
        elif isinstance(message, (bytes, bytearray)):
            body = {"base64": b64encode(bytes(message)).decode()}
        else:
            body = {"json": message}
        self._control.ask("POST", f"{self._path}/send", body=body)

    def close(self, code: int = 1000, reason: str = "") -> None:
        """Closes the connection with a Close frame."""
        self._control.ask("POST", f"{self._path}/close", body={"code": code, "reason": reason})

    def abort(self, how: str = "fin") -> None:
        """Ends TCP without a Close frame (``fin``, ``reset``), or stops answering (``silence``)."""
        self._control.ask("POST", f"{self._path}/abort", body={"how": how})

    def trace(self) -> List[Dict[str, Any]]:
        """Everything that has crossed the wire so far, in order and without keys; of audio only its length."""
        text = self._control.text("GET", f"{self._path}/trace")
        events = [json.loads(line) for line in text.splitlines() if line]
        return [event for event in events if event.get("kind") != "trace"]

    def messages(self, sender: Optional[str] = None) -> List[Any]:
        """The JSON messages so far, of the ``client``, of the ``server`` or of both."""
        found = []
        for event in self.trace():
            if event.get("kind") != "text" or sender not in (None, event.get("from")):
                continue
            try:
                found.append(json.loads(event["text"]))
            except ValueError:
                pass
        return found
