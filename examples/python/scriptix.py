#!/usr/bin/env python3
"""A client of Scriptix in microphone mode: streams speech, shows it while it is spoken, and keeps finals."""

import asyncio
import json
import math
import os
import signal
import time

from lib import report
from lib.connection import connect
from lib.failure import Failure
from lib.keep_connected import keep_connected
from lib.messages import read_message
from lib.program import Flags, run
from lib.query import with_query
from lib.recording import Recording, Wav, record_file
from lib.service import ready_endpoint
from lib.transcript import Transcript

# At most one frame of 100 ms every 50 ms: after an outage, the backlog is sent at twice the pace of speech.
SEND_EVERY_S = 0.05
# After the last words: how long the service may take to start listening at all.
LISTENING_LIMIT_S = 15
# After the last words: how long the last line may take to become final.
LAST_FINAL_LIMIT_S = 10
# After the last words, with everything final: how long to wait for further lines.
SETTLED_S = 3


async def main(settings, wav):
    endpoint = settings.url
    if settings.api_url is not None:
        key = os.environ.get("UNDERSTUDY_ADMIN_TOKEN") or settings.token
        endpoint = await ready_endpoint(settings.api_url, key)
    endpoint = with_query(endpoint, type=settings.type, language=settings.language)

    transcript = Transcript()
    recording = Recording()
    # Ctrl-C ends the recording, like a stop button; what was said before is still transcribed.
    asyncio.get_running_loop().add_signal_handler(signal.SIGINT, recording.end)
    # The recording goes on whether or not there is a connection.
    recorded = asyncio.create_task(record_file(wav, recording))
    try:
        await keep_connected(
            lambda: Conversation(recording, transcript).hold(endpoint, settings.token), transcript.count
        )
    finally:
        recorded.cancel()
    if recording.lost_frames > 0:
        raise Failure("other", "the outage was too long: some audio was lost")


def end_of(words):
    """Where the last of `[word, start_ms, end_ms, confidence]` ends."""
    try:
        return float(words[-1][2])
    except (TypeError, ValueError, LookupError):
        return 0


class Conversation:
    """One connection, from start to end."""

    def __init__(self, recording, transcript):
        self.recording = recording
        self.transcript = transcript
        # The position in the recording at which this connection begins; the service counts from there.
        self.begins_ms = 0
        self.state = ""
        self.failure = None
        self.heard = time.monotonic()

    def on_text(self, text):
        message = read_message(text)
        # Messages after an error are ignored.
        if message is None or self.failure is not None:
            return
        if isinstance(message.get("error"), str):
            self.failure = Failure("server", message["error"], was_open=True)
        elif isinstance(message.get("state"), str):
            self.on_state(message["state"])
        elif isinstance(message.get("text"), str) and isinstance(message.get("is_final"), bool):
            self.on_result(message)
        # Other messages belong to later versions and are ignored, and so are unknown fields.

    def on_state(self, state):
        report.state(state)
        # A repeated state is a keep-alive.
        if state != self.state:
            self.heard = time.monotonic()
        self.state = state

    def on_result(self, message):
        self.heard = time.monotonic()
        self.state = "listening"
        offset_ms = message.get("offset_ms")
        place_ms = self.begins_ms + offset_ms if isinstance(offset_ms, int) else None
        if not message["is_final"]:
            self.transcript.hear(message["text"], place_ms)
            return
        self.transcript.keep(message["text"], place_ms)
        # Word times count from the offset of their line (S0:61-63). Without words, the end of the line is unknown.
        if place_ms is not None:
            self.recording.forget(place_ms + end_of(message.get("words")))

    def is_done(self):
        """whether everything that was said is final, or there is no time left for it."""
        if self.recording.all_sent == math.inf:
            return False
        quiet = time.monotonic() - max(self.heard, self.recording.all_sent)
        if self.state != "listening":
            if quiet > LISTENING_LIMIT_S:
                self.failure = Failure("timeout", "the service did not start listening")
            return False
        return quiet > (SETTLED_S if self.transcript.line == "" else LAST_FINAL_LIMIT_S)

    async def hold(self, endpoint, token):
        self.transcript.drop_line()
        connection = await connect(endpoint, self.on_text, headers={"x-zoom-s2t-key": token})
        await connection.send(json.dumps({"action": "start"}))
        self.begins_ms = self.recording.rewind()
        while connection.is_open and self.failure is None and not self.is_done():
            frame = self.recording.next()
            if frame is not None:
                await connection.send(frame)
            await asyncio.sleep(SEND_EVERY_S)

        was_open = connection.is_open
        # Finals that arrive until the connection is closed still count.
        code = await connection.close()
        if self.failure is not None:
            raise self.failure
        if code != 1000:
            # If a line is not final and the service does not even answer the Close frame, the connection was lost.
            raise connection.failure(was_ours=was_open and self.transcript.line == "")
        if self.recording.all_sent == math.inf or self.transcript.line != "":
            kind = "other" if was_open else "closed"
            raise Failure(kind, "the session ended before the last words were final")


if __name__ == "__main__":
    flags = Flags(__doc__)
    flags.add("--url", "UNDERSTUDY_URL", help="endpoint, such as wss://realtime.scriptix.io/v2/realtime")
    flags.add("--api-url", "UNDERSTUDY_API_URL", help="initialize the service first, and connect where it says")
    flags.add("--audio", "UNDERSTUDY_AUDIO", help="WAV file: 16 kHz, mono, 16 bit")
    flags.add("--language", "UNDERSTUDY_LANGUAGE", help="such as en; detected without it")
    flags.add("--type", default="fast", help="fast or quality")
    settings = flags.read()
    flags.need(settings, "token", "audio", *(["url"] if settings.api_url is None else []))
    try:
        wav = Wav(settings.audio)
    except ValueError as error:
        flags.refuse(str(error))
    if wav.sample_rate != 16000 or wav.channels != 1:
        flags.refuse("expected 16 kHz, mono")
    run(main(settings, wav))
