package captions;

import java.util.concurrent.ThreadLocalRandom;
import java.util.function.IntSupplier;

/** Why a session did not end as it should: something to tell the user, not a mistake in this program. */
public final class Failure extends Exception {
    private static final long serialVersionUID = 1;
    /** Attempts in a row that bring no result, before it is given up. */
    private static final int MOST_RETRIES = 4;
    private static final double FIRST_PAUSE_MS = 500;
    private static final double LONGEST_PAUSE_MS = 8000;

    /** timeout, auth, closed, server or other. */
    public final String kind;
    /** Whether another attempt makes sense. */
    final boolean mayRetry;
    /** Whether the connection was there before. */
    final boolean wasOpen;

    Failure(String kind, String message, boolean mayRetry, boolean wasOpen) {
        super(message);
        this.kind = kind;
        this.mayRetry = mayRetry;
        this.wasOpen = wasOpen;
    }

    /** A conversation from its opening to its end. */
    interface Attempt {
        void hold() throws Failure;
    }

    /**
     * Holds one conversation after the other until one ends as it should.
     *
     * <p>A connection that breaks is taken up again, after a pause that gets longer each time; a first connection that
     * does not come about, or a key that is refused, is the end.
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
            // Many clients lose a server at the same moment; they should not all come back at the same moment.
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
