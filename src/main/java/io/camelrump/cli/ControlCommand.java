package io.camelrump.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.camelrump.UsageException;
import io.camelrump.cli.flags.ControlFlags;
import io.camelrump.cli.flags.Flag;
import io.camelrump.cli.flags.FlagGroup;
import io.camelrump.cli.process.ExitCode;
import io.camelrump.text.ByteSize;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** Asks a run that has a control port for its status, or to do something. */
final class ControlCommand implements Callable<Integer> {
    private static final String STATUS = "status";
    private static final String LIMIT = "limit";
    private static final String CUTOVER = "cutover";
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(200);
    private static final String GO_BACK = "go-back";
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Set<String> LOOPBACK = Set.of("127.0.0.1", "localhost", "[::1]");
    private static final int OK = 200;
    private static final int BAD_REQUEST = 400;

    /** The commands that there are, one for each operation. */
    static final List<CommandText> TEXTS = List.of(
            text(STATUS, "Show where a run is that was started with --control-port.", ""),
            text("pause", "Let such a run read nothing until it is resumed.", ""),
            text("resume", "Let it read on.", ""),
            text(LIMIT, "Change how fast it reads.", " --max-keys-per-second 5000"),
            text(CUTOVER, "Cut a live run over, as soon as it can be.", ""),
            text(GO_BACK, "Lead the clients of a run with --way-back back: cut over in the other direction.", ""),
            text("release", "End the way back of such a run.", ""),
            text("abort", "Stop it before its end: what was read still arrives.", ""));

    private static CommandText text(String name, String description, String more) {
        String call = "rump " + name + " --control http://127.0.0.1:";
        return new CommandText(
                name,
                List.of(call + "PORT [options]"),
                List.of(description),
                List.of("  " + call + "8730 --control-token-file token" + more));
    }

    private static final class Flags extends FlagGroup {
        final Flag<String> url =
                text("--control", "URL", "Ask the run at URL, which its --control-port has printed. Default: none.");
        final Flag<Path> tokenFile = ControlFlags.tokenFile(this);
        final Flag<Boolean> json = toggle("--json", "Print the status as JSON. Default: false.");

        Flags() {
            super("Steering");
            help();
        }
    }

    private static final class Rehearsals extends FlagGroup {
        final Flag<Boolean> rehearse = toggle(
                "--rehearse",
                "Do all of a cutover but the pause of the writers and the switch of the clients, and say how long it would"
                        + " have taken. Default: false.");

        Rehearsals() {
            super("Rehearsal");
        }
    }

    private static final class Limits extends FlagGroup {
        final Flag<Integer> keys = number(
                "--max-keys-per-second", "N", "Read at most N keys per second; 0 is no limit. Default: unchanged.");
        final Flag<String> bytes = text(
                "--max-bytes-per-second", "SIZE", "Read at most SIZE per second; 0 is no limit. Default: unchanged.");

        Limits() {
            super("Limits");
        }
    }

    private static final class Trust extends FlagGroup {
        final Flag<String> side = text(
                "--trust",
                "new|former",
                "Trust this server for keys that others wrote at the former source since the cutover: new copies them"
                        + " again, former leaves them. Default: none, which refuses to go back while there are any.");

        Trust() {
            super("Way back");
        }
    }

    private final String operation;
    private final Map<String, String> environment;
    private final Flags flags = new Flags();
    private final Limits limits = new Limits();
    private final Rehearsals rehearsals = new Rehearsals();
    private final Trust trust = new Trust();
    final CommandSpec spec;

    private ControlCommand(CommandText text, Map<String, String> environment) {
        this.operation = text.name();
        this.environment = environment;
        spec = text.spec(this);
        flags.addTo(spec);
        if (operation.equals(LIMIT)) {
            limits.addTo(spec);
        } else if (operation.equals(GO_BACK)) {
            trust.addTo(spec);
        }
        if (operation.equals(CUTOVER)) {
            rehearsals.addTo(spec);
        }
    }

    /** The command of this name; null if it is none of these. */
    static @Nullable CommandSpec named(String name, Map<String, String> environment) {
        return TEXTS.stream()
                .filter(text -> text.name().equals(name))
                .findFirst()
                .map(text -> new ControlCommand(text, environment).spec)
                .orElse(null);
    }

    @Override
    public Integer call() throws InterruptedException {
        Logging.setUp(false);
        HttpRequest request = request(operation);
        PrintWriter err = spec.commandLine().getErr();
        try {
            JsonNode earlier = isRehearsal() ? rehearsal(send(request(STATUS))) : null;
            HttpResponse<String> response = send(request);
            JsonNode answer = json(response);
            if (response.statusCode() == OK && answer.has("phase")) {
                HttpResponse<String> last = earlier == null ? response : awaitRehearsal(earlier, response);
                print(last.body(), json(last));
                return ExitCode.COMPLETE.number();
            }
            err.println("rump: " + answer.path("error").asText("HTTP " + response.statusCode()));
            return (response.statusCode() == BAD_REQUEST ? ExitCode.USAGE : ExitCode.FAILED).number();
        } catch (IOException e) {
            err.println("rump: no run answers at " + request.uri().getAuthority() + " (" + reason(e)
                    + "): it may have ended, or have another port");
            return ExitCode.FAILED.number();
        }
    }

    private static HttpResponse<String> send(HttpRequest request) throws IOException, InterruptedException {
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .proxy(HttpClient.Builder.NO_PROXY)
                .connectTimeout(PATIENCE)
                .build()
                .send(request, HttpResponse.BodyHandlers.ofString());
    }

    private static JsonNode json(HttpResponse<String> response) throws IOException {
        return new ObjectMapper().readTree(response.body());
    }

    private boolean isRehearsal() {
        return Boolean.TRUE.equals(rehearsals.rehearse.value());
    }

    private static JsonNode rehearsal(HttpResponse<String> response) throws IOException {
        return json(response).path("rehearsal");
    }

    /** The status when another rehearsal has ended than the earlier one, or the run. */
    private HttpResponse<String> awaitRehearsal(JsonNode earlier, HttpResponse<String> first)
            throws IOException, InterruptedException {
        HttpResponse<String> now = first;
        while (rehearsal(now).equals(earlier)
                && !json(now).path("phase").asText().equals("ended")) {
            Thread.sleep(BETWEEN_LOOKS.toMillis());
            now = send(request(STATUS));
        }
        return now;
    }

    private static String reason(IOException e) {
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }

    private void print(String document, JsonNode status) {
        PrintWriter out = spec.commandLine().getOut();
        if (Boolean.TRUE.equals(flags.json.value())) {
            out.println(document);
        } else {
            out.print(new StatusText(status));
        }
        out.flush();
    }

    private HttpRequest request(String wanted) {
        HttpRequest.Builder request = HttpRequest.newBuilder(place().resolve("/" + wanted))
                .timeout(PATIENCE)
                .header("Authorization", "Bearer " + token().text());
        if (wanted.equals(STATUS)) {
            return request.build();
        }
        String body = body(wanted);
        return request.header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
    }

    private ControlToken token() {
        try {
            ControlToken given = ControlToken.given(flags.tokenFile.value(), environment);
            if (given == null) {
                throw wrong("the token of the run is missing: name its file by --control-token-file, or set "
                        + ControlToken.VARIABLE);
            }
            return given;
        } catch (UsageException e) {
            throw wrong(String.valueOf(e.getMessage()));
        }
    }

    /** Where the run is; elsewhere than on this machine anybody between could read the token. */
    private URI place() {
        String given = flags.url.value();
        if (given == null) {
            throw wrong("--control is required: http://127.0.0.1:PORT, as the run has printed it");
        }
        try {
            URI place = URI.create(given);
            if ("http".equals(place.getScheme())
                    && place.getHost() != null
                    && LOOPBACK.contains(place.getHost())
                    && place.getPort() > 0
                    && (place.getPath().isEmpty() || place.getPath().equals("/"))
                    && place.getUserInfo() == null) {
                return place;
            }
        } catch (IllegalArgumentException e) {
            // as any other that is none
        }
        throw wrong("--control " + given + " is no address of a control port, which is http://127.0.0.1:PORT");
    }

    private String body(String wanted) {
        return switch (wanted) {
            case LIMIT -> limits();
            case GO_BACK -> trust();
            case CUTOVER -> isRehearsal() ? "{\"rehearse\": true}" : "";
            default -> "";
        };
    }

    private String trust() {
        String side = trust.side.value();
        if (side == null) {
            return "";
        }
        if (!side.equals("new") && !side.equals("former")) {
            throw wrong("--trust: '" + side + "' is neither new nor former");
        }
        return "{\"trust\": \"" + side + "\"}";
    }

    private String limits() {
        Map<String, Object> wanted = new LinkedHashMap<>();
        if (limits.keys.isGiven()) {
            wanted.put("maxKeysPerSecond", limits.keys.value());
        }
        if (limits.bytes.isGiven()) {
            wanted.put("maxBytesPerSecond", bytes(limits.bytes.value()));
        }
        if (wanted.isEmpty()) {
            throw wrong("name a limit: --max-keys-per-second N, --max-bytes-per-second SIZE, or both");
        }
        return new ObjectMapper().valueToTree(wanted).toString();
    }

    private long bytes(String text) {
        try {
            return text.matches("0+") ? 0 : ByteSize.parse(text);
        } catch (UsageException e) {
            throw wrong("--max-bytes-per-second: '" + text + "' is not a size such as 256kb or 16mb, or 0");
        }
    }

    private ParameterException wrong(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
