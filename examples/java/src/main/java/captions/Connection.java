package captions;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpTimeoutException;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/** A WebSocket that is or was open. One thread sends; messages that arrive are taken from a queue. */
final class Connection implements WebSocket.Listener {
    /** How long opening a connection may take (S2:27). */
    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(15);
    /** A connection that was lost without a Close frame looks like a silent one, so it is pinged and must answer. */
    private static final long PING_EVERY_NANOS = TimeUnit.SECONDS.toNanos(4);
    private static final long PONG_LIMIT_NANOS = TimeUnit.SECONDS.toNanos(12);
    /** How long the service may take to answer our Close frame. */
    private static final long CLOSE_LIMIT_S = 3;
    /** Close codes after which another attempt makes sense; 1006 stands for a connection that broke. */
    private static final Set<Integer> PASSING_CODES = Set.of(1001, 1006, 1011, 1012, 1013);
    private static final Set<Integer> PASSING_STATUSES = Set.of(429, 500, 502, 503, 504);

    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final Report report;
    private final BlockingQueue<String> texts = new LinkedBlockingQueue<>();
    private final CountDownLatch ended = new CountDownLatch(1);
    private final StringBuilder parts = new StringBuilder();
    private WebSocket ws;
    private long pingedNanos;
    private volatile long heardNanos;
    private volatile int code = 1006;

    private Connection(Report report) {
        this.report = report;
    }

    static Connection open(URI endpoint, String token, Report report) throws Failure {
        var connection = new Connection(report);
        var builder = HTTP.newWebSocketBuilder().connectTimeout(CONNECT_LIMIT).header("x-zoom-s2t-key", token);
        try {
            connection.ws = builder.buildAsync(endpoint, connection).join();
            connection.heardNanos = connection.pingedNanos = System.nanoTime();
            return connection;
        } catch (CompletionException failed) {
            report.closed(1006);
            throw refusal(failed.getCause());
        }
    }

    /** Why a connection could not be established. */
    private static Failure refusal(Throwable cause) {
        if (cause instanceof HttpTimeoutException) {
            var message = "the connection was not established within " + CONNECT_LIMIT.toSeconds() + " seconds";
            return new Failure("timeout", message, true, false);
        }
        int status = cause instanceof WebSocketHandshakeException shake ? shake.getResponse().statusCode() : 101;
        if (status == 101) return new Failure("closed", "no connection: " + cause.getMessage(), true, false);
        boolean isAuth = status == 401 || status == 403;
        var what = isAuth ? "the service does not accept the key" : "the service refuses the connection";
        // A refused key is never tried again: it stays wrong, and services block clients that keep trying.
        var mayRetry = PASSING_STATUSES.contains(status);
        return new Failure(isAuth ? "auth" : "server", what + " (HTTP " + status + ")", mayRetry, false);
    }

    boolean isOpen() {
        return ended.getCount() > 0;
    }

    /** The next message, or null if none arrives within this time. */
    String next(long nanos) throws InterruptedException {
        return texts.poll(nanos, TimeUnit.NANOSECONDS);
    }

    void send(String text) {
        await(ws.sendText(text, true));
    }

    /** Sends audio, and regularly pings the service to see whether it is still there. */
    void send(byte[] frame) {
        await(ws.sendBinary(ByteBuffer.wrap(frame), true));
        long now = System.nanoTime();
        if (now - pingedNanos > PING_EVERY_NANOS) {
            pingedNanos = now;
            await(ws.sendPing(ByteBuffer.allocate(0)));
        }
        if (now - heardNanos > PONG_LIMIT_NANOS) end(1006);
    }

    /** Waits while the connection is congested. If sending fails, the connection has ended. */
    private void await(CompletableFuture<WebSocket> sent) {
        try {
            sent.get(PONG_LIMIT_NANOS, TimeUnit.NANOSECONDS);
        } catch (TimeoutException late) {
            end(1006);
        } catch (ExecutionException | InterruptedException failed) {
            if (!ws.isInputClosed()) return;
            end(code);
        }
    }

    /** Closes the connection with 1000, as documented. Messages that arrive until then still count. */
    int close(Consumer<String> onText) {
        ws.sendClose(WebSocket.NORMAL_CLOSURE, "");
        try {
            ended.await(CLOSE_LIMIT_S, TimeUnit.SECONDS);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
        ws.abort();
        for (var text = texts.poll(); text != null; text = texts.poll()) onText.accept(text);
        report.closed(code);
        return code;
    }

    /** Describes how the connection ended. If we closed it, another attempt would gain nothing. */
    Failure failure(boolean wasOurs) {
        boolean mayRetry = !wasOurs && PASSING_CODES.contains(code);
        return new Failure("closed", "the connection ended (" + code + ")", mayRetry, true);
    }

    private void end(int withCode) {
        if (!isOpen()) return;
        code = withCode;
        ended.countDown();
        ws.abort();
    }

    @Override
    public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean isLast) {
        heardNanos = System.nanoTime();
        parts.append(data);
        if (isLast) {
            texts.add(parts.toString());
            parts.setLength(0);
        }
        from.request(1);
        return null;
    }

    @Override
    public CompletionStage<?> onBinary(WebSocket from, ByteBuffer data, boolean isLast) {
        report.note("ignored a binary message");
        from.request(1);
        return null;
    }

    @Override
    public CompletionStage<?> onPing(WebSocket from, ByteBuffer data) {
        heardNanos = System.nanoTime();
        from.request(1);
        return null;
    }

    @Override
    public CompletionStage<?> onPong(WebSocket from, ByteBuffer data) {
        return onPing(from, data);
    }

    @Override
    public CompletionStage<?> onClose(WebSocket from, int status, String reason) {
        code = status;
        ended.countDown();
        return null;
    }

    @Override
    public void onError(WebSocket from, Throwable error) {
        ended.countDown();
    }
}
