import asyncio
import math
import time
import wave
from collections import deque

# Audio in each frame.
FRAME_MS = 100
# What is kept at most, sent or not: a minute. More would be replayed long after it was said.
MOST_FRAMES = 600


class Recording:
    """What was recorded and is not final yet.

    A connection can break at any time, and what the service has not made final by then has to be sent again; what was
    said while there was no connection has to be sent for the first time.

        first ───────────────── next ─────────── recorded
          sent, not final yet    │   not sent yet
    """

    def __init__(self):
        self._frames = deque()
        # Frames since the beginning of the recording.
        self._first = 0
        self._next = 0
        # The end of what somebody may have said; behind it there is only silence.
        self._end = math.inf
        # When all was sent that somebody may have said; infinity before.
        self.all_sent = math.inf
        # Frames that were given up before they were sent.
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
        """The recording is over; what is added from now on is silence."""
        self._end = min(self._end, self._first + len(self._frames))
        self._look_whether_all_is_sent()

    @property
    def has_ended(self):
        return self._end != math.inf

    def next(self):
        """The next frame to send, if it has been recorded already."""
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
        """A new connection begins: everything that is not final is sent again. Returns where it begins, in ms."""
        self._next = self._first
        self.all_sent = math.inf
        return self._first * FRAME_MS

    def forget(self, before_ms):
        """Everything before this place in the recording is final. What was not sent cannot be."""
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
                    raise ValueError(f"{path}: expected PCM of 16 bit")
                self.samples = file.readframes(file.getnframes())
        except (OSError, EOFError, wave.Error) as error:
            raise ValueError(f"{path}: expected a WAV file that can be read ({error})") from error


async def record_file(wav, recording):
    """Stands in for a microphone: records a file as fast as it would be spoken, and then the silence that follows.

    Your own microphone calls `recording.add()` with each 100 ms that it hears.
    """
    frame_bytes = round(wav.sample_rate * FRAME_MS / 1000) * wav.channels * 2
    began = time.monotonic()
    count = 0
    while True:
        # Absolute times: sleeps that are added up fall behind.
        count += 1
        await asyncio.sleep(max(0, began + count * FRAME_MS / 1000 - time.monotonic()))
        frame = wav.samples[(count - 1) * frame_bytes : count * frame_bytes]
        if frame == b"":
            recording.end()
        # Zeros are silence. The last frame of the file is filled up with them.
        recording.add((b"" if recording.has_ended else frame).ljust(frame_bytes, b"\0"))
