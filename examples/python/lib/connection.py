import asyncio

import websockets
from websockets.exceptions import ConnectionClosed, InvalidHandshake

from . import report
from .failure import Failure

# How long opening a connection may take (S2:27).
CONNECT_LIMIT_S = 15
# A connection that was lost without a Close frame looks like a silent one, so it is pinged and must answer.
PING_EVERY_S = 4
PONG_LIMIT_S = 12
# How long the service may take to answer our Close frame.
CLOSE_LIMIT_S = 3

# Close codes after which another attempt makes sense; 1006 stands for a connection that broke.
PASSING_CODES = (1001, 1006, 1011, 1012, 1013)
PASSING_STATUSES = (429, 500, 502, 503, 504)

# Newer versions of the library use another name.
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
    """The failure that an HTTP answer instead of an upgrade stands for."""
    # Newer versions of the library use other names here, too.
    answer = getattr(error, "response", error)
    status = getattr(answer, "status_code", None)
    if status is None:
        # The connection ended in the middle of the answer, or what came was not HTTP.
        return Failure("closed", f"no connection: {error}", may_retry=True)
    reason = answer.headers.get("x-error-message")
    is_auth = status in (401, 403)
    what = "the service does not accept the key" if is_auth else "the service refuses the connection"
    message = f"{what} (HTTP {status})" + (f": {reason}" if reason else "")
    # A refused key is never tried again: it stays wrong, and services block clients that keep trying.
    return Failure("auth" if is_auth else "server", message, may_retry=status in PASSING_STATUSES)


class Connection:
    """A WebSocket that is or was open."""

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
            # The way it ended is examined at the end.
            pass

    @property
    def is_open(self):
        return not self._reading.done()

    async def send(self, data):
        """Waits while the connection is congested. If nothing can be sent any more, `is_open` says so."""
        try:
            await self._ws.send(data)
        except ConnectionClosed:
            await self._reading

    async def close(self):
        """Closes the connection with 1000, as documented. Returns the close code."""
        await self._ws.close(1000)
        # Includes messages that arrived until the end, and errors in a handler.
        await self._reading
        report.closed(self._ws.close_code)
        return self._ws.close_code

    def failure(self, was_ours):
        """Describes how the connection ended.

        If we closed it, everything had been said, so another attempt would gain nothing.
        """
        code = self._ws.close_code
        may_retry = not was_ours and code in PASSING_CODES
        return Failure("closed", f"the connection ended ({code})", may_retry=may_retry, was_open=True)
