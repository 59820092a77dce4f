#!/usr/bin/env python3
"""A client of Reson8: streams speech, asks for a final whenever the speaker pauses, and waits for the last one."""

import asyncio
import json
import math
import signal
import time
import uuid

from lib.connection import connect
from lib.credentials import credentials_of
from lib.failure import Failure
from lib.keep_connected import keep_connected
from lib.messages import read_message
from lib.pause import PauseDetector
from lib.program import Flags, run
from lib.query import with_query
from lib.recording import Recording, Wav, record_file
from lib.transcript import Transcript

# At most one frame of 100 ms every 50 ms: after an outage, the backlog is sent at twice the pace of speech.
SEND_EVERY_S = 0.05
# From the last flush to its confirmation.
CONFIRMATION_LIMIT_S = 10
# From the confirmation to a final that arrives after it, although it should arrive before.
STRAGGLER_LIMIT_S = 2


async def main(settings, wav, credentials):
    endpoint = with_query(
        settings.url,
        # The format is always stated: a stream that continues after an interruption has no header to detect it from.
        encoding="pcm_s16le",
        sample_rate=wav.sample_rate,
        channels=wav.channels,
        include_interim="true",
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
        # Ids of the flushes that are not yet confirmed, oldest first.
        self.unconfirmed = []
        self.last_flush = 0
        self.confirmed = 0

    def on_text(self, text):
        message = read_message(text)
        if message is None or self.failure is not None:
            return
        kind = message.get("type")
        if kind == "transcript" and isinstance(message.get("text"), str):
            self.on_transcript(message)
        elif kind == "flush_confirmation":
            self.on_confirmation(message.get("id"))
        # The documents show no error message, but a message of that type must not be ignored.
        elif kind == "error":
            self.failure = Failure("server", f"{message.get('code')}: {message.get('message')}", was_open=True)
        # Other messages belong to later versions and are ignored, and so are unknown fields.

    def on_transcript(self, message):
        text, start_ms = message["text"], message.get("start_ms")
        if message.get("is_final") is False:
            self.transcript.hear(text, None)
        elif isinstance(start_ms, (int, float)):
            # Two short lines may begin at the same time, so the time alone does not identify a line.
            self.transcript.keep(text, (self.begins_ms + start_ms, text))
            self.recording.forget(self.begins_ms + start_ms + (message.get("duration_ms") or 0))
        else:
            self.transcript.keep(text, None)

    def on_confirmation(self, flush_id):
        """A confirmation has the id of its flush; one without an id belongs to the oldest flush."""
        if flush_id is None and self.unconfirmed:
            flush_id = self.unconfirmed[0]
        # Otherwise it is the confirmation of an unknown flush, or a second one of the same flush.
        if flush_id in self.unconfirmed:
            self.unconfirmed.remove(flush_id)
            self.confirmed = time.monotonic()

    async def flush(self, connection):
        flush_id = str(uuid.uuid4())
        self.unconfirmed.append(flush_id)
        self.last_flush = time.monotonic()
        await connection.send(json.dumps({"type": "flush_request", "id": flush_id}))

    def is_done(self):
        """Whether the last flush has been answered, or there is no time left for an answer."""
        if self.unconfirmed:
            if time.monotonic() - self.last_flush > CONFIRMATION_LIMIT_S:
                self.failure = Failure("timeout", f"a flush was not confirmed within {CONFIRMATION_LIMIT_S} seconds")
            return False
        return self.transcript.line == "" or time.monotonic() - self.confirmed > STRAGGLER_LIMIT_S

    async def hold(self, endpoint, credentials):
        self.transcript.drop_line()
        connection = await connect(endpoint, self.on_text, **credentials)
        self.begins_ms = self.recording.rewind()
        pause = PauseDetector()
        has_flushed_all = False
        while connection.is_open and self.failure is None and not (has_flushed_all and self.is_done()):
            frame = None if has_flushed_all else self.recording.next()
            if frame is not None:
                await connection.send(frame)
                # At a pause, speakers expect to read what they said at once, not when the service is sure of it.
                if pause.hear(frame):
                    await self.flush(connection)
            if not has_flushed_all and self.recording.all_sent != math.inf:
                has_flushed_all = True
                await self.flush(connection)
            await asyncio.sleep(SEND_EVERY_S)

        was_open = connection.is_open
        code = await connection.close()
        if self.failure is not None:
            raise self.failure
        if code != 1000:
            raise connection.failure(was_ours=was_open)
        if not has_flushed_all or self.unconfirmed or self.transcript.line != "":
            kind = "other" if was_open else "closed"
            raise Failure(kind, "the session ended before the last words were final")


if __name__ == "__main__":
    flags = Flags(__doc__)
    flags.add("--url", "UNDERSTUDY_URL", help="endpoint, such as wss://api.reson8.dev/v1/speech-to-text/realtime")
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
