package captions;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * A client of Scriptix in microphone mode: streams speech, shows it while it is being spoken, and keeps what is final.
 */
public final class Captions {
    public static void main(String[] args) {
        var settings = settings(args);
        // The key is not a flag, because every user of the machine can see the command line.
        var token = System.getenv("UNDERSTUDY_TOKEN");
        if (token == null || token.isEmpty()) throw refusal("UNDERSTUDY_TOKEN is not set");
        for (var name : new String[] {"--url", "--audio"}) {
            if (settings.get(name).isEmpty()) throw refusal(name + " is missing");
        }
        var report = settings.get("--reports").equals("stdout") ? Report.asJson() : Report.asText();
        try {
            var endpoint = withQuery(settings.get("--url"), "type", settings.get("--type"), "language", settings.get("--language"));
            var recording = new Recording(Recording.readWav(Path.of(settings.get("--audio"))));
            Conversation.transcribe(endpoint, token, recording, report);
        } catch (IllegalArgumentException | IOException wrong) {
            throw refusal(wrong.getMessage());
        } catch (Failure failure) {
            report.error(failure);
            System.exit(1);
        }
        System.exit(0);
    }

    /** The flags; a flag that is not given is read from the environment. */
    private static Map<String, String> settings(String[] args) {
        Function<String, String> variable = name -> System.getenv().getOrDefault(name, "");
        var settings = new TreeMap<>(Map.of(
                "--url", variable.apply("UNDERSTUDY_URL"),
                "--audio", variable.apply("UNDERSTUDY_AUDIO"),
                "--language", variable.apply("UNDERSTUDY_LANGUAGE"),
                "--type", "fast",
                "--reports", "none"));
        for (int i = 0; i < args.length; i += 2) {
            if (!settings.containsKey(args[i])) throw refusal(args[i] + ": expected one of " + settings.keySet());
            if (i + 1 == args.length) throw refusal(args[i] + ": expected a value");
            settings.put(args[i], args[i + 1]);
        }
        return settings;
    }

    /** The URL with these parameters in addition to its own; empty ones are omitted. */
    static URI withQuery(String url, String... parameters) {
        var query = new StringBuilder();
        for (int i = 0; i < parameters.length; i += 2) {
            if (parameters[i + 1].isEmpty()) continue;
            query.append(query.isEmpty() && !url.contains("?") ? '?' : '&').append(parameters[i]).append('=');
            query.append(URLEncoder.encode(parameters[i + 1], StandardCharsets.UTF_8));
        }
        return URI.create(url + query);
    }

    /** Ends the program with exit code 2. */
    private static RuntimeException refusal(String why) {
        System.err.println(why);
        System.exit(2);
        return new IllegalStateException();
    }
}
