package captions;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The behaviour of the client as its user sees it. The token of each test selects what the fake does. */
class CaptionsTest {
    private static final Path WAV =
            Path.of(System.getProperty("recordings", "../../fixtures/audio"), "en-appointment.wav");
    private static final List<String> SAID = List.of(
            "good morning you have an appointment with doctor Jansen tomorrow",
            "please bring your passport and be here at nine");

    private static Understudy fake;
    private final List<JsonObject> events = new ArrayList<>();

    @BeforeAll
    static void start() throws IOException {
        fake = new Understudy();
    }

    @AfterAll
    static void stop() throws Exception {
        fake.close();
    }

    private void transcribe(String token) throws Exception {
        var recording = new Recording(Recording.readWav(WAV));
        Conversation.transcribe(fake.realtime, token, recording, Report.to(events::add));
    }

    /** The values that events of this name have. */
    private List<String> told(String event, String property) {
        return events.stream()
                .filter(each -> each.get("event").getAsString().equals(event))
                .map(each -> each.get(property).getAsString())
                .toList();
    }

    @Test
    void showsEachFinalOnce() throws Exception {
        transcribe("any-token");

        assertEquals(SAID, told("final", "text"));
        assertEquals(List.of("loading", "listening"), told("state", "state"));
        assertEquals(List.of("1000"), told("closed", "code"));
    }

    @Test
    void isBackAfterADrop() throws Exception {
        transcribe("reconnect-after-drop");

        assertEquals(SAID, told("final", "text"));
        assertEquals(List.of("closed"), told("error", "kind"));
        assertEquals(List.of("1006", "1000"), told("closed", "code"));
    }

    @Test
    void givesUpWithARefusedKey() {
        var failure = assertThrows(Failure.class, () -> transcribe("invalid-key"));

        assertEquals("auth", failure.kind);
        assertEquals(List.of("1006"), told("closed", "code"));
    }
}
