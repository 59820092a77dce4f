package captions;

import com.google.gson.Gson;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonPrimitive;
import java.io.IOException;
import java.net.URI;
import java.util.concurrent.TimeUnit;

/** One connection, from start to end. */
public final class Conversation {
    /** At most one frame of 100 ms every 50 ms: after an outage, the backlog is sent at twice the pace of speech. */
    private static final long SEND_EVERY_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
    /** After the last words: how long the service may take to start listening at all. */
    private static final long LISTENING_LIMIT_NANOS = TimeUnit.SECONDS.toNanos(15);
    /** After the last words: how long the last line may take to become final. */
    private static final long LAST_FINAL_LIMIT_NANOS = TimeUnit.SECONDS.toNanos(10);
    /** After the last words, with everything final: how long to wait for further lines. */
    private static final long SETTLED_NANOS = TimeUnit.SECONDS.toNanos(3);

    private static final Gson GSON = new Gson();

    private final Connection connection;
    private final Recording recording;
    private final Transcript transcript;
    private final Report report;
    /** The position in the recording at which this connection begins; the service counts from there. */
    private double beginsMs;
    private String state = "";
    private Failure failure;
    private long heardNanos = System.nanoTime();

    private Conversation(Connection connection, Recording recording, Transcript transcript, Report report) {
        this.connection = connection;
        this.recording = recording;
        this.transcript = transcript;
        this.report = report;
    }

    /** Streams a recording until all of it is final. */
    public static void transcribe(URI endpoint, String token, Recording recording, Report report) throws Failure {
        var transcript = new Transcript(report);
        Failure.keepConnected(
                () -> {
                    transcript.dropLine();
                    var connection = Connection.open(endpoint, token, report);
                    new Conversation(connection, recording, transcript, report).hold();
                },
                transcript::count,
                report);
        if (recording.hasLost()) {
            throw new Failure("other", "the outage was too long: some audio was lost", false, false);
        }
    }

    private void onText(String text) {
        JsonElement parsed;
        try {
            parsed = GSON.getAdapter(JsonElement.class).fromJson(text);
        } catch (IOException | JsonParseException wrong) {
            parsed = null;
        }
        if (!(parsed instanceof JsonObject message)) {
            report.note("ignored a message that is not a JSON object");
            return;
        }
        // Messages after an error are ignored.
        if (failure != null) return;
        if (message.get("error") instanceof JsonPrimitive error && error.isString()) {
            failure = new Failure("server", error.getAsString(), false, true);
        } else if (message.get("state") instanceof JsonPrimitive name && name.isString()) {
            onState(name.getAsString());
        } else if (message.get("text") instanceof JsonPrimitive words
                && words.isString()
                && message.get("is_final") instanceof JsonPrimitive isFinal
                && isFinal.isBoolean()) {
            onResult(words.getAsString(), isFinal.getAsBoolean(), message);
        }
        // Other messages belong to later versions and are ignored, and so are unknown fields.
    }

    private void onState(String name) {
        report.state(name);
        // A repeated state is a keep-alive.
        if (!name.equals(state)) heardNanos = System.nanoTime();
        state = name;
    }

    private void onResult(String text, boolean isFinal, JsonObject message) {
        heardNanos = System.nanoTime();
        state = "listening";
        boolean hasPlace = message.get("offset_ms") instanceof JsonPrimitive offset && offset.isNumber();
        Double place = hasPlace ? beginsMs + message.get("offset_ms").getAsDouble() : null;
        if (!isFinal) {
            transcript.hear(text, place);
            return;
        }
        transcript.keep(text, place);
        // Word times count from the offset of their line (S0:61-63). Without words, the end of the line is unknown.
        if (place != null) recording.forget(place + endOf(message.get("words")));
    }

    /** Where the last of `[word, start_ms, end_ms, confidence]` ends. */
    private static double endOf(JsonElement words) {
        try {
            var list = words.getAsJsonArray();
            return list.get(list.size() - 1).getAsJsonArray().get(2).getAsDouble();
        } catch (RuntimeException unknown) {
            return 0;
        }
    }

    /** whether everything that was said is final, or there is no time left for it. */
    private boolean isDone() {
        var sentNanos = recording.allSentNanos();
        if (sentNanos == null) return false;
        long quietNanos = Math.min(System.nanoTime() - heardNanos, System.nanoTime() - sentNanos);
        if (!state.equals("listening")) {
            if (quietNanos > LISTENING_LIMIT_NANOS) {
                failure = new Failure("timeout", "the service did not start listening", false, true);
            }
            return false;
        }
        return quietNanos > (transcript.isInALine() ? LAST_FINAL_LIMIT_NANOS : SETTLED_NANOS);
    }

    private void hold() throws Failure {
        connection.send("{\"action\":\"start\"}");
        beginsMs = recording.rewind();
        try {
            talk();
        } catch (InterruptedException stopped) {
            failure = new Failure("other", "interrupted", false, true);
        }
        boolean wasOpen = connection.isOpen();
        // Finals that arrive until the connection is closed still count.
        int code = connection.close(this::onText);
        if (failure != null) throw failure;
        // If a line is not final and the service does not even answer the Close frame, the connection was lost.
        if (code != 1000) throw connection.failure(wasOpen && !transcript.isInALine());
        if (recording.allSentNanos() == null || transcript.isInALine()) {
            var message = "the session ended before the last words were final";
            throw new Failure(wasOpen ? "other" : "closed", message, false, false);
        }
    }

    /** Sends and listens until everything is final or the connection ends. */
    private void talk() throws InterruptedException {
        long tickNanos = System.nanoTime();
        while (connection.isOpen() && failure == null && !isDone()) {
            long leftNanos = tickNanos - System.nanoTime();
            var text = connection.next(Math.max(0, leftNanos));
            if (text != null) {
                onText(text);
                continue;
            }
            if (leftNanos > 0) continue;
            tickNanos = System.nanoTime() + SEND_EVERY_NANOS;
            recording.record();
            recording.next().ifPresent(connection::send);
        }
    }
}
