import asyncio
import math
import time
import wave
from collections import deque

# Audio in each frame.
FRAME_MS = 100
# At most this much is kept, whether sent or not: one minute. Anything older would be sent long after it was said.
MOST_FRAMES = 600


class Recording:
    """The audio that was recorded and is not final yet.

    A connection can break at any time. Audio that the service has not made final by then is sent again on the next
    connection, followed by the audio that was recorded in between.

        first ───────────────── next ─────────── recorded
          sent, not final yet    │   not sent yet
    """

    def __init__(self):
        self._frames = deque()
        # Positions in frames since the beginning of the recording.
        self._first = 0
        self._next = 0
        # The end of the audio that may contain speech; after it there is only silence.
        self._end = math.inf
        # When the last audio that may contain speech was sent; infinity before that.
        self.all_sent = math.inf
        # Frames that were dropped before they were sent.
        self.lost_frames = 0

    def add(self, frame):
        self._frames.append(frame)
        if len(self._frames) <= MOST_FRAMES:
            return
        self._frames.popleft()
        self._first += 1
        if self._next < self._first:
            self._next = self._first
            self.lost_frames += 1

    def end(self):
        """The recording is over; everything added from now on is silence."""
        self._end = min(self._end, self._first + len(self._frames))
        self._look_whether_all_is_sent()

    @property
    def has_ended(self):
        return self._end != math.inf

    def next(self):
        """The next frame to send, if it has been recorded."""
        at = self._next - self._first
        if at >= len(self._frames):
            return None
        self._next += 1
        self._look_whether_all_is_sent()
        return self._frames[at]

    def _look_whether_all_is_sent(self):
        if self._next >= self._end and self.all_sent == math.inf:
            self.all_sent = time.monotonic()

    def rewind(self):
        """A new connection begins: everything that is not final is sent again.

        Returns the position at which it begins, in ms.
        """
        self._next = self._first
        self.all_sent = math.inf
        return self._first * FRAME_MS

    def forget(self, before_ms):
        """Everything before this position in the recording is final. Audio that was not sent cannot be final."""
        up_to = min(int(before_ms // FRAME_MS), self._next)
        while self._first < up_to:
            self._frames.popleft()
            self._first += 1


class Wav:
    """The samples of a WAV file: 16 bit PCM, little-endian. Raises ValueError for anything else."""

    def __init__(self, path):
        try:
            with wave.open(path, "rb") as file:
                self.sample_rate = file.getframerate()
                self.channels = file.getnchannels()
                if file.getsampwidth() != 2:
                    raise ValueError(f"{path}: expected 16-bit PCM")
                self.samples = file.readframes(file.getnframes())
        except (OSError, EOFError, wave.Error) as error:
            raise ValueError(f"{path}: expected a WAV file that can be read ({error})") from error


async def record_file(wav, recording):
    """Stands in for a microphone: records a file at the pace of speech, and then silence.

    With a real microphone, call `recording.add()` for each 100 ms of audio.
    """
    frame_bytes = round(wav.sample_rate * FRAME_MS / 1000) * wav.channels * 2
    began = time.monotonic()
    count = 0
    while True:
        # Absolute times, because a sum of sleeps would fall behind.
        count += 1
        await asyncio.sleep(max(0, began + count * FRAME_MS / 1000 - time.monotonic()))
        frame = wav.samples[(count - 1) * frame_bytes : count * frame_bytes]
        if frame == b"":
            recording.end()
        # Zeros are silence. They also fill up the last frame of the file.
        recording.add((b"" if recording.has_ended else frame).ljust(frame_bytes, b"\0"))
