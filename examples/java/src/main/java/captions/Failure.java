package captions;

import java.util.concurrent.ThreadLocalRandom;
import java.util.function.IntSupplier;

/** Why a session did not end normally: a message for the user, not a bug in this program. */
public final class Failure extends Exception {
    private static final long serialVersionUID = 1;
    /** How many attempts in a row may fail without a result before the client gives up. */
    private static final int MOST_RETRIES = 4;
    private static final double FIRST_PAUSE_MS = 500;
    private static final double LONGEST_PAUSE_MS = 8000;

    /** timeout, auth, closed, server or other. */
    public final String kind;
    /** Whether another attempt makes sense. */
    final boolean mayRetry;
    /** Whether the connection had been open. */
    final boolean wasOpen;

    Failure(String kind, String message, boolean mayRetry, boolean wasOpen) {
        super(message);
        this.kind = kind;
        this.mayRetry = mayRetry;
        this.wasOpen = wasOpen;
    }

    /** A conversation, from start to end. */
    interface Attempt {
        void hold() throws Failure;
    }

    /**
     * Runs one conversation after another until one ends normally.
     *
     * <p>A broken connection is replaced after a pause that grows with each attempt. If the first connection fails or
     * the key is refused, there is no further attempt.
     */
    static void keepConnected(Attempt attempt, IntSupplier countResults, Report report) throws Failure {
        int failures = 0;
        boolean wasEverOpen = false;
        while (true) {
            int before = countResults.getAsInt();
            try {
                attempt.hold();
                return;
            } catch (Failure failure) {
                wasEverOpen |= failure.wasOpen;
                failures = countResults.getAsInt() > before ? 1 : failures + 1;
                if (!failure.mayRetry || !wasEverOpen || failures > MOST_RETRIES) throw failure;
                report.error(failure);
            }
            double pauseMs = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * Math.pow(2, failures - 1));
            // Many clients may lose a server at the same moment; they should not all return at the same moment.
            sleep((long) (pauseMs * ThreadLocalRandom.current().nextDouble(0.75, 1.25)));
        }
    }

    private static void sleep(long ms) throws Failure {
        try {
            Thread.sleep(ms);
        } catch (InterruptedException stopped) {
            throw new Failure("other", "interrupted", false, false);
        }
    }
}
