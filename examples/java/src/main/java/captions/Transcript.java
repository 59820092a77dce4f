package captions;

import java.util.HashMap;
import java.util.Map;

/**
 * The transcript so far: the final lines, and the line that is still being spoken.
 *
 * <p>Finals are identified by their position, never by their text alone, because people do say "yes" twice.
 */
final class Transcript {
    private final Report report;
    /** Position of a final → its text. */
    private final Map<Double, String> finals = new HashMap<>();
    private int unplaced;
    /** The line that is still being spoken. */
    private String line = "";

    Transcript(Report report) {
        this.report = report;
    }

    int count() {
        return finals.size() + unplaced;
    }

    boolean isInALine() {
        return !line.isEmpty();
    }

    /**
     * The current text of the line. It replaces the previous one, because the service sends the whole line each time.
     */
    void hear(String text, Double place) {
        // Too late: this line is already final.
        if (place != null && finals.containsKey(place)) return;
        line = text;
        report.display(text);
    }

    /** A line that will not change again. The same line again is ignored. */
    void keep(String text, Double place) {
        if (place == null) {
            unplaced += 1;
        } else {
            var kept = finals.putIfAbsent(place, text);
            if (kept != null && !kept.equals(text)) report.note("ignored another text for a line that is final");
            if (kept != null) return;
        }
        line = "";
        report.finalLine(text);
    }

    /** The connection is gone, so this line will never become final. Its audio will be sent again. */
    void dropLine() {
        if (line.isEmpty()) return;
        line = "";
        report.display("");
    }
}
