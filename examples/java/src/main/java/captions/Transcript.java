package captions;

import java.util.HashMap;
import java.util.Map;

/**
 * What was said so far: lines that are final, and one that is still being spoken.
 *
 * <p>Finals are told apart by their place and never by their text alone, because people do say "yes" twice.
 */
final class Transcript {
    private final Report report;
    /** Place of a final → its text. */
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

    /** The line as it is heard now. It replaces the one before: the service sends all of it each time. */
    void hear(String text, Double place) {
        // It comes late: the line is final already.
        if (place != null && finals.containsKey(place)) return;
        line = text;
        report.display(text);
    }

    /** A line that does not change any more. The same one again is not a second one. */
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

    /** The connection is gone: no one will finish the line. What was said will be sent again. */
    void dropLine() {
        if (line.isEmpty()) return;
        line = "";
        report.display("");
    }
}
