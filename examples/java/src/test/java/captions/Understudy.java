package captions;

import com.google.gson.JsonParser;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The fake, on a free port. It ends when it is closed, or with the tests, even if they are killed. */
final class Understudy implements AutoCloseable {
    private final Process process;
    /** Where clients of Scriptix connect. */
    final URI realtime;

    Understudy() throws IOException {
        var command = new ArrayList<>(command());
        command.addAll(List.of("serve", "--port", "0", "--json", "--until-stdin-ends"));
        process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        var said = new BufferedReader(process.inputReader(StandardCharsets.UTF_8));
        var first = said.readLine();
        if (first == null) throw new IOException("the fake has not started");
        var listening = JsonParser.parseString(first).getAsJsonObject();
        realtime = URI.create(listening.getAsJsonObject("scriptix").get("realtime").getAsString());
        // Its log has to be read, or it would block on a full pipe.
        var drain = new Thread(() -> said.lines().forEach(line -> {}));
        drain.setDaemon(true);
        drain.start();
    }

    /** UNDERSTUDY_CLI is the path of its main.js, if it is not installed here. */
    private static List<String> command() {
        var cli = System.getenv("UNDERSTUDY_CLI");
        if (cli != null) return List.of("node", cli);
        var npx = System.getProperty("os.name").startsWith("Windows") ? "npx.cmd" : "npx";
        return List.of(npx, "understudy");
    }

    @Override
    public void close() throws IOException, InterruptedException {
        try (OutputStream input = process.getOutputStream()) {
            input.flush();
        }
        process.waitFor();
    }
}
