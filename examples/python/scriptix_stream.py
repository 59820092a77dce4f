#!/usr/bin/env python3
"""A client of Scriptix in stream mode: the service fetches the audio from a URL, and the client only reads."""

import asyncio
import re
import signal
import time
from urllib.parse import quote

from lib import report
from lib.connection import connect
from lib.failure import Failure
from lib.keep_connected import keep_connected
from lib.messages import read_message
from lib.program import Flags, run
from lib.query import with_query
from lib.transcript import Transcript

# How long the service may take to load its model and to fetch the beginning of the stream.
LISTENING_LIMIT_S = 30
LOOK_EVERY_S = 0.05


def endpoint_of(template, token):
    """Here the token is a part of the path, and appears nowhere else (S2:15)."""
    path = quote(token, safe="")
    filled = re.sub(r"\{token\}|%7Btoken%7D", lambda _: path, template, flags=re.IGNORECASE)
    return re.sub(r"/v2/client/?$", lambda _: f"/v2/client/{path}", filled)


async def main(settings):
    endpoint = with_query(
        endpoint_of(settings.url, settings.token),
        url=settings.stream_url,
        type=settings.type,
        language=settings.language,
    )
    follower = Follower()
    asyncio.get_running_loop().add_signal_handler(signal.SIGINT, follower.stop)
    await keep_connected(lambda: follower.follow(endpoint), follower.transcript.count)


class Follower:
    """One stream, over as many connections as needed."""

    def __init__(self):
        self.transcript = Transcript()
        # The finals of all connections so far, as (offset, text).
        self.known = set()
        self.connections = 0
        self.is_stopped = False
        self.state = ""
        self.failure = None

    def stop(self):
        self.is_stopped = True

    def on_text(self, text):
        message = read_message(text)
        # Messages after an error are ignored.
        if message is None or self.failure is not None:
            return
        if isinstance(message.get("error"), str):
            self.failure = Failure("server", message["error"], was_open=True)
        elif isinstance(message.get("state"), str):
            self.state = message["state"]
            report.state(self.state)
        elif isinstance(message.get("text"), str) and isinstance(message.get("is_final"), bool):
            self.on_result(message["text"], message["is_final"], message.get("offset_ms"))
        # Other messages belong to later versions and are ignored, and so are unknown fields.

    def on_result(self, text, is_final, offset_ms):
        self.state = "listening"
        place = None if offset_ms is None else (self.connections, offset_ms)
        if not is_final:
            self.transcript.hear(text, place)
        # After a break, the service plays a file again from its beginning, but not a live stream. The same text at the
        # same offset has therefore been shown already.
        elif place is not None and (offset_ms, text) in self.known:
            self.transcript.drop_line()
        else:
            self.known.add((offset_ms, text))
            self.transcript.keep(text, place)

    async def follow(self, endpoint):
        """One connection, from start to end. There is nothing to send: the service starts by itself (S2:128)."""
        self.state = ""
        self.connections += 1
        self.transcript.drop_line()
        connection = await connect(endpoint, self.on_text)
        began = time.monotonic()
        while connection.is_open and self.failure is None and not self.is_stopped:
            if self.state != "listening" and time.monotonic() - began > LISTENING_LIMIT_S:
                self.failure = Failure("timeout", "the service did not start listening")
            await asyncio.sleep(LOOK_EVERY_S)

        was_open = connection.is_open
        code = await connection.close()
        if self.failure is not None:
            raise self.failure
        # The service reports the end of the stream with 1000; in the middle of a line it is a break.
        if code != 1000:
            raise connection.failure(was_ours=was_open)
        if self.transcript.line != "" and not was_open:
            raise Failure("closed", "the session ended before the last words were final", was_open=True)


if __name__ == "__main__":
    flags = Flags(__doc__)
    flags.add("--url", "UNDERSTUDY_URL", help="endpoint, such as wss://realtime.scriptix.io/v2/client/{token}")
    flags.add("--stream-url", "UNDERSTUDY_STREAM_URL", help="MP3 or M3U8 that the service can fetch")
    flags.add("--language", "UNDERSTUDY_LANGUAGE", help="such as en; detected without it")
    flags.add("--type", default="fast", help="fast or quality")
    settings = flags.read()
    flags.need(settings, "token", "url", "stream_url")
    run(main(settings))
