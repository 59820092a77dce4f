"""Calls of the control API, with urllib."""

import json
from typing import Any, Dict, Mapping, Optional, Sequence
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import ProxyHandler, Request, build_opener

#: How many events of a trace an error shows.
SHOWN_EVENTS = 12
#: How much of an event is shown.
SHOWN_CHARACTERS = 300
#: How much longer than the fake a call waits, in seconds.
GRACE_S = 10.0

#: The fake is on this machine, whatever proxy the environment names.
_OPENER = build_opener(ProxyHandler({}))


class ControlError(Exception):
    """The fake refuses a call. ``status`` is that of its answer."""

    def __init__(self, message: str, status: int) -> None:
        super().__init__(message)
        self.status = status


class WaitTimeout(AssertionError):
    """What a test waited for did not happen. The message ends with the last events of the trace."""


def duration(seconds: float) -> str:
    """Seconds as the control API takes them: ``250ms``."""
    return f"{max(0, round(seconds * 1000))}ms"


def shown(trace: Sequence[Mapping[str, Any]]) -> str:
    """The end of a trace, a line for each event."""
    lines = [json.dumps(event, ensure_ascii=False) for event in trace[-SHOWN_EVENTS:]]
    left_out = len(trace) - len(lines)
    more = [f"({left_out} events before)"] if left_out > 0 else []
    cut = [line if len(line) <= SHOWN_CHARACTERS else line[:SHOWN_CHARACTERS] + "…" for line in lines]
    return "\n".join(["The trace ends:", *more, *cut])


class Control:
    """The control API at an address such as ``http://127.0.0.1:8080/__understudy``."""

    def __init__(self, url: str) -> None:
        self.url = url

    def text(
        self,
        method: str,
        path: str,
        query: Optional[Mapping[str, object]] = None,
        body: Optional[Any] = None,
        timeout: float = 0.0,
    ) -> str:
        """Makes a call that the fake answers within ``timeout`` seconds.

        :raises WaitTimeout: if what is waited for did not happen in time, or the session has ended before
        :raises ControlError: if the fake refuses the call
        """
        __tracebackhide__ = True
        asked = {name: value for name, value in (query or {}).items() if value is not None}
        address = f"{self.url}/{path}" + (f"?{urlencode(asked)}" if asked else "")
        data = None if body is None else json.dumps(body).encode()
        headers = {} if data is None else {"content-type": "application/json"}
        request = Request(address, data=data, headers=headers, method=method)
        try:
            with _OPENER.open(request, timeout=timeout + GRACE_S) as answer:
                return str(answer.read().decode())
        except HTTPError as error:
            with error:
                raise _refusal(error.code, error.read().decode(errors="replace")) from None

    def ask(self, method: str, path: str, **more: Any) -> Dict[str, Any]:
        """The same for an answer that is a JSON object; empty where there is no body."""
        __tracebackhide__ = True
        text = self.text(method, path, **more)
        return dict(json.loads(text)) if text else {}


def _refusal(status: int, text: str) -> Exception:
    try:
        body = json.loads(text)
    except ValueError:
        body = {}
    if not isinstance(body, dict):
        body = {}
    message = str(body.get("error", text))
    if status in (408, 409):
        trace = body.get("trace", [])
        return WaitTimeout(f"{message}\n{shown(trace)}" if trace else message)
    expected = body.get("expected")
    return ControlError(message if expected is None else f"{message}: expected {expected}", status)
