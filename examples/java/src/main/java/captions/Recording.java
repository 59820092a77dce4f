package captions;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import javax.sound.sampled.AudioSystem;
import javax.sound.sampled.UnsupportedAudioFileException;

/**
 * The audio that was recorded and is not final yet. It stands in for a microphone: it records a file at the pace of
 * speech, and then silence.
 *
 * <p>A connection can break at any time. Audio that the service has not made final by then is sent again on the next
 * connection, followed by the audio that was recorded in between.
 *
 * <pre>
 * first ───────────────── next ─────────── recorded
 *   sent, not final yet    │   not sent yet
 * </pre>
 */
public final class Recording {
    /** Audio in each frame, and its size: 16 kHz, mono, 16 bit. */
    private static final int FRAME_MS = 100;
    private static final int FRAME_BYTES = 3200;
    /**
     * At most this much is kept, whether sent or not: one minute. Anything older would be sent long after it was said.
     */
    private static final int MOST_FRAMES = 600;

    private final byte[] samples;
    private final long beganNanos = System.nanoTime();
    private final List<byte[]> frames = new ArrayList<>();
    /** Positions in frames since the beginning of the recording. */
    private int first;
    private int next;
    /** The end of the audio that may contain speech; after it there is only silence. */
    private final int end;
    private Long allSentNanos;
    /** Frames that were dropped before they were sent. */
    private int lostFrames;

    public Recording(byte[] samples) {
        this.samples = samples;
        this.end = (samples.length + FRAME_BYTES - 1) / FRAME_BYTES;
    }

    /** Adds the audio that is due by now. */
    void record() {
        long due = (System.nanoTime() - beganNanos) / 1_000_000 / FRAME_MS;
        while (first + frames.size() < due) {
            int at = Math.min((first + frames.size()) * FRAME_BYTES, samples.length);
            int to = Math.min(at + FRAME_BYTES, samples.length);
            // Zeros are silence. They also fill up the last frame of the file.
            frames.add(Arrays.copyOf(Arrays.copyOfRange(samples, at, to), FRAME_BYTES));
            if (frames.size() > MOST_FRAMES) giveUpFirst();
        }
    }

    private void giveUpFirst() {
        frames.remove(0);
        first += 1;
        if (next >= first) return;
        next = first;
        lostFrames += 1;
    }

    /** The next frame to send, if it has been recorded. */
    Optional<byte[]> next() {
        int at = next - first;
        if (at >= frames.size()) return Optional.empty();
        next += 1;
        if (next >= end && allSentNanos == null) allSentNanos = System.nanoTime();
        return Optional.of(frames.get(at));
    }

    /** When the last audio that may contain speech was sent, by `System.nanoTime`; null before that. */
    Long allSentNanos() {
        return allSentNanos;
    }

    boolean hasLost() {
        return lostFrames > 0;
    }

    /**
     * A new connection begins: everything that is not final is sent again. Returns the position at which it begins, in
     * ms.
     */
    double rewind() {
        next = first;
        allSentNanos = null;
        return (double) first * FRAME_MS;
    }

    /** Everything before this position in the recording is final. Audio that was not sent cannot be final. */
    void forget(double beforeMs) {
        int upTo = (int) Math.min(beforeMs / FRAME_MS, next);
        if (upTo <= first) return;
        frames.subList(0, upTo - first).clear();
        first = upTo;
    }

    /** The samples of a WAV file of 16 kHz, mono, 16 bit. */
    public static byte[] readWav(Path path) throws IOException {
        try (var audio = AudioSystem.getAudioInputStream(path.toFile())) {
            var format = audio.getFormat();
            boolean isRight = format.getSampleRate() == 16000 && format.getChannels() == 1;
            if (isRight && format.getSampleSizeInBits() == 16 && !format.isBigEndian()) return audio.readAllBytes();
            throw new IOException(path + ": expected 16 kHz, mono, 16 bit");
        } catch (UnsupportedAudioFileException wrong) {
            throw new IOException(path + ": expected a WAV file", wrong);
        }
    }
}
