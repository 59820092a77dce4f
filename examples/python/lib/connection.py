import asyncio

import websockets
from websockets.exceptions import ConnectionClosed, InvalidHandshake

from . import report
from .failure import Failure

# How long a connection may take to come about (S2:27).
CONNECT_LIMIT_S = 15
# A connection that is gone without a word looks like one that is silent, so it is asked, and has to answer.
PING_EVERY_S = 4
PONG_LIMIT_S = 12
# How long the service may take to answer our Close frame.
CLOSE_LIMIT_S = 3

# Close codes after which the same can be tried again; 1006 is what one sees when a connection breaks.
PASSING_CODES = (1001, 1006, 1011, 1012, 1013)
PASSING_STATUSES = (429, 500, 502, 503, 504)

# The library has renamed it.
HEADERS = "additional_headers" if int(websockets.__version__.split(".")[0]) >= 14 else "extra_headers"


async def connect(url, on_text, headers=None, subprotocols=None):
    """Opens a WebSocket. Raises Failure."""
    try:
        ws = await websockets.connect(
            url,
            subprotocols=subprotocols,
            open_timeout=CONNECT_LIMIT_S,
            ping_interval=PING_EVERY_S,
            ping_timeout=PONG_LIMIT_S,
            close_timeout=CLOSE_LIMIT_S,
            **{HEADERS: headers or {}},
        )
    except (asyncio.TimeoutError, TimeoutError):
        report.closed(1006)
        message = f"the connection was not established within {CONNECT_LIMIT_S} seconds"
        raise Failure("timeout", message, may_retry=True) from None
    except InvalidHandshake as error:
        report.closed(1006)
        raise _refusal(error) from None
    except (OSError, EOFError) as error:
        report.closed(1006)
        raise Failure("closed", f"no connection: {error}", may_retry=True) from None
    return Connection(ws, on_text)


def _refusal(error):
    """What an HTTP answer instead of an upgrade means."""
    # The library has renamed these, too.
    answer = getattr(error, "response", error)
    status = getattr(answer, "status_code", None)
    if status is None:
        # The connection ended in the middle of the answer, or it was none.
        return Failure("closed", f"no connection: {error}", may_retry=True)
    reason = answer.headers.get("x-error-message")
    is_auth = status in (401, 403)
    what = "the service does not accept the key" if is_auth else "the service refuses the connection"
    message = f"{what} (HTTP {status})" + (f": {reason}" if reason else "")
    # Refused keys are never tried again: they stay wrong, and services block who insists.
    return Failure("auth" if is_auth else "server", message, may_retry=status in PASSING_STATUSES)


class Connection:
    """A WebSocket that is open, or was."""

    def __init__(self, ws, on_text):
        self._ws = ws
        self._on_text = on_text
        self._reading = asyncio.create_task(self._read())

    async def _read(self):
        try:
            async for message in self._ws:
                if isinstance(message, str):
                    self._on_text(message)
                else:
                    report.note("ignored a binary message")
        except ConnectionClosed:
            # How it ended is asked when everything is over.
            pass

    @property
    def is_open(self):
        return not self._reading.done()

    async def send(self, data):
        """Waits while the pipe is full. What cannot be sent any more is noticed by `is_open`."""
        try:
            await self._ws.send(data)
        except ConnectionClosed:
            await self._reading

    async def close(self):
        """Ends the connection as the documents have it, with 1000. Returns the close code."""
        await self._ws.close(1000)
        # Also what came until the end, and what went wrong in a handler.
        await self._reading
        report.closed(self._ws.close_code)
        return self._ws.close_code

    def failure(self, was_ours):
        """What is wrong with how it has ended.

        When it was ours to end, everything was said, and nothing is gained by doing it again.
        """
        code = self._ws.close_code
        may_retry = not was_ours and code in PASSING_CODES
        return Failure("closed", f"the connection ended ({code})", may_retry=may_retry, was_open=True)
