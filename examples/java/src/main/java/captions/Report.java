package captions;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonObject;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/**
 * Shows the user what happens: finals on stdout, the rest on stderr; or all of it on stdout, one JSON object per line.
 */
public final class Report {
    private static final Gson GSON = new GsonBuilder().disableHtmlEscaping().create();
    private static final PrintStream OUT = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    private static final PrintStream ERR = new PrintStream(System.err, true, StandardCharsets.UTF_8);

    private final Consumer<JsonObject> events;

    private Report(Consumer<JsonObject> events) {
        this.events = events;
    }

    static Report asText() {
        return new Report(event -> {
            if (event.get("event").getAsString().equals("final")) OUT.println(event.get("text").getAsString());
        });
    }

    static Report asJson() {
        return to(event -> OUT.println(GSON.toJson(event)));
    }

    /** Reports an event to a program that reads stdout, such as a test. */
    public static Report to(Consumer<JsonObject> events) {
        return new Report(events);
    }

    /** A detail for readers of the log that the user need not know. */
    void note(String text) {
        ERR.println(text);
    }

    /** What the service says it is doing. */
    void state(String name) {
        note("(" + name + ")");
        tell("state", "state", name);
    }

    /** The line that is still being spoken. It replaces the previous one. */
    void display(String text) {
        if (!text.isEmpty()) note("… " + text);
        tell("display", "text", text);
    }

    /** A line that will not change again. The line that was being spoken is now empty. */
    void finalLine(String text) {
        tell("final", "text", text);
    }

    void error(Failure failure) {
        note("error: " + failure.getMessage());
        tell("error", "kind", failure.kind, "message", failure.getMessage());
    }

    /** A connection has ended; 1006 means that it broke or was never established. */
    void closed(int code) {
        note("closed: " + code);
        var event = new JsonObject();
        event.addProperty("event", "closed");
        event.addProperty("code", code);
        events.accept(event);
    }

    private void tell(String name, String... properties) {
        var event = new JsonObject();
        event.addProperty("event", name);
        for (int i = 0; i < properties.length; i += 2) event.addProperty(properties[i], properties[i + 1]);
        events.accept(event);
    }
}
