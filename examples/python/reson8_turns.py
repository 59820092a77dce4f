#!/usr/bin/env python3
"""A client of Reson8's turns: streams speech, shows each candidate for a turn, and keeps each turn that has ended."""

import asyncio
import json
import math
import signal
import time

from lib.connection import connect
from lib.credentials import credentials_of
from lib.failure import Failure
from lib.keep_connected import keep_connected
from lib.messages import read_message
from lib.program import Flags, run
from lib.query import with_query
from lib.recording import Recording, Wav, record_file
from lib.transcript import Transcript

# At most one frame of 100 ms every 50 ms: after an outage, the backlog is sent at twice the pace of speech.
SEND_EVERY_S = 0.05
# From the flush to the end of the open turn.
END_LIMIT_S = 10
# From the flush to a turn if none is open: a flush with nothing buffered may get no answer at all.
ANSWER_LIMIT_S = 3


async def main(settings, wav, credentials):
    endpoint = with_query(
        settings.url,
        # The format is always stated: a stream that continues after an interruption has no header to detect it from.
        encoding="pcm_s16le",
        sample_rate=wav.sample_rate,
        channels=wav.channels,
        include_timestamps="true",
    )
    transcript = Transcript()
    recording = Recording()
    # Ctrl-C ends the recording, like a stop button; what was said before is still transcribed.
    asyncio.get_running_loop().add_signal_handler(signal.SIGINT, recording.end)
    # The recording goes on whether or not there is a connection.
    recorded = asyncio.create_task(record_file(wav, recording))
    try:
        await keep_connected(lambda: Conversation(recording, transcript).hold(endpoint, credentials), transcript.count)
    finally:
        recorded.cancel()
    if recording.lost_frames > 0:
        raise Failure("other", "the outage was too long: some audio was lost")


class Conversation:
    """One connection, from start to end."""

    def __init__(self, recording, transcript):
        self.recording = recording
        self.transcript = transcript
        # The position in the recording at which this connection begins; the service counts from there.
        self.begins_ms = 0
        self.failure = None
        self.is_turn_open = False
        # The position in the recording at which the last candidate ends.
        self.heard_ms = 0
        self.flushed = None
        self.has_ended_since_flush = False

    def on_text(self, text):
        message = read_message(text)
        if message is None or self.failure is not None:
            return
        kind = message.get("type")
        if kind == "turn_start":
            self.is_turn_open = True
        elif kind == "turn_end_candidate" and isinstance(message.get("text"), str):
            self.on_candidate(message)
        elif kind == "turn_end":
            self.on_end()
        # The documents show no error message, but a message of that type must not be ignored.
        elif kind == "error":
            self.failure = Failure("server", f"{message.get('code')}: {message.get('message')}", was_open=True)
        # A turn_continuation changes nothing: the next candidate has all of the turn. Other messages belong to later
        # versions and are ignored, and so are unknown fields.

    def on_candidate(self, message):
        """A candidate has the text of the whole turn, so it replaces the previous one.

        It may be empty, or repeat the same text.
        """
        self.is_turn_open = True
        self.transcript.hear(message["text"], None)
        start_ms = message.get("start_ms")
        if isinstance(start_ms, (int, float)):
            self.heard_ms = self.begins_ms + start_ms + (message.get("duration_ms") or 0)

    def on_end(self):
        """Every turn counts, even if its text repeats: people do say "yes" twice."""
        self.is_turn_open = False
        self.has_ended_since_flush = self.flushed is not None
        if self.transcript.line != "":
            self.transcript.keep(self.transcript.line, None)
        self.recording.forget(self.heard_ms)

    def is_done(self):
        """Whether the flush has been answered, or there is no time left for an answer."""
        waited = time.monotonic() - self.flushed
        if not self.is_turn_open:
            return self.has_ended_since_flush or waited > ANSWER_LIMIT_S
        if waited > END_LIMIT_S:
            self.failure = Failure("timeout", f"the turn did not end within {END_LIMIT_S} seconds")
        return False

    async def hold(self, endpoint, credentials):
        self.transcript.drop_line()
        connection = await connect(endpoint, self.on_text, **credentials)
        self.begins_ms = self.recording.rewind()
        while connection.is_open and self.failure is None and not (self.flushed is not None and self.is_done()):
            frame = None if self.flushed is not None else self.recording.next()
            if frame is not None:
                await connection.send(frame)
            if self.flushed is None and self.recording.all_sent != math.inf:
                self.flushed = time.monotonic()
                await connection.send(json.dumps({"type": "flush_request"}))
            await asyncio.sleep(SEND_EVERY_S)

        was_open = connection.is_open
        code = await connection.close()
        if self.failure is not None:
            raise self.failure
        if code != 1000:
            raise connection.failure(was_ours=was_open)
        if self.flushed is None or self.is_turn_open:
            raise Failure("other" if was_open else "closed", "the session ended before the last turn did")


if __name__ == "__main__":
    flags = Flags(__doc__)
    flags.add("--url", "UNDERSTUDY_URL", help="endpoint, such as wss://api.reson8.dev/v1/speech-to-text/turns")
    flags.add("--audio", "UNDERSTUDY_AUDIO", help="16-bit WAV file: any rate, any number of channels")
    flags.add("--auth", default="apikey", help="what the token is: apikey, bearer, or subprotocol")
    settings = flags.read()
    flags.need(settings, "token", "url", "audio")
    credentials = credentials_of(settings.auth, settings.token)
    if credentials is None:
        flags.refuse("--auth: expected apikey, bearer or subprotocol")
    try:
        wav = Wav(settings.audio)
    except ValueError as error:
        flags.refuse(str(error))
    run(main(settings, wav, credentials))
