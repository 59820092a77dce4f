import array
import sys

# A frame whose mean square is below this is not speech (about -40 dB of full scale).
QUIET_POWER = 0.0001
# This many quiet frames of 100 ms after speech are a pause.
PAUSE_FRAMES = 5


class PauseDetector:
    """Detects when the speaker pauses."""

    def __init__(self):
        self._has_spoken = False
        self._quiet_frames = 0

    def hear(self, frame):
        """Whether a pause begins with this frame."""
        if _power_of(frame) >= QUIET_POWER:
            self._has_spoken = True
            self._quiet_frames = 0
            return False
        self._quiet_frames += 1
        if not self._has_spoken or self._quiet_frames < PAUSE_FRAMES:
            return False
        self._has_spoken = False
        return True


def _power_of(frame):
    """The mean square of 16-bit samples, from 0 to 1."""
    samples = array.array("h", frame)
    if sys.byteorder == "big":
        samples.byteswap()
    return sum(sample * sample for sample in samples) / len(samples) / 32768**2
