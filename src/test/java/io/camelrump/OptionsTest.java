package io.camelrump;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.lang.reflect.Field;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.spi.PropertyConfigurerGetter;
import org.apache.camel.support.jsse.SSLContextParameters;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class OptionsTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "port | abc | a whole number",
                "port | 0 | from 1 to 65535",
                "port | 65536 | from 1 to 65535",
                "port | -1 | a whole number",
                "database | -1 | a whole number",
                "database | one | a whole number",
                "scanCount | 12abc | a whole number",
                "scanCount | 0 | from 1 to 1000000",
                "scanCount | 1e3 | a whole number",
                "scanCount | 99999999999 | a whole number",
                "queuePages | 0 | from 1 to 10000",
                "queuePages | few | a whole number",
                "targets | 0 | from 1 to 127",
                "targets | 128 | from 1 to 127",
                "waitReplicas | 1001 | from 0 to 1000",
                "waitReplicas | all | a whole number",
                "maxKeysPerSecond | fast | a whole number",
                "maxBytesPerSecond | fast | write 4096, 256kb, 16mb or 1gb",
                "maxBytesPerSecond | 100 | from 1kb",
                "latencyGuard | maybe | on, off or a time such as 500us, from 50us",
                "latencyGuard | 5 | on, off or a time such as 500us, from 50us",
                "latencyGuard | 0ms | on, off or a time such as 500us, from 50us",
                "latencyGuard | 49us | on, off or a time such as 500us, from 50us",
                "carryIdle | perhaps | true or false",
                "retryFor | soon | a time such as",
                "retryFor | 12abc | a time such as",
                "retryFor | -5s | a time such as",
                "stallTimeout | 0 | a time of more than 0",
                "connectTimeout | 0s | a time of more than 0",
                "replyTimeout | 1x | a time such as",
                "queueBytes | lots | write 4096, 256kb, 16mb or 1gb",
                "queueBytes | 1kb | from 64kb",
                "windowBytes | 9mb | from 64kb to 8mb",
                "windowBytes | -1 | write 4096, 256kb, 16mb or 1gb",
                "scan | twice | one of once",
                "onConflict | maybe | one of replace, keep, fail",
                "onRefused | ignore | one of count, fail",
                "type | str | one of all, string, list, set, zset, hash, stream",
                "includeRegex | user:( | a regular expression (Unclosed group)",
                "excludeRegex | [a | a regular expression",
                "minSize | few | write 4096, 256kb, 16mb or 1gb",
                "minTtl | soon | a time such as",
                "sample | some | a whole number",
                "functions | perhaps | true or false",
                "db | every | all, a number such as 3, or several such as 0,3,5",
                "db | -1 | all, a number",
                "mapDb | 3 | a database of the source = one of the target, such as 3=0",
                "mapDb | 3=1 | of databases that are read, which are [0]",
                "rename | user | FROM=TO",
                "rename | user:*=u | with a * at the end of both sides",
                "type | string,str | one of all, string, list, set, zset, hash, stream",
                "ttl | perhaps | true or false",
                "values | some | true or false",
                "repair | maybe | true or false",
                "prune | 1 | true or false",
                "operation | copy | one of restore, compare, lookup",
                "rounds | 0 | from 1 to 1000",
                "rounds | many | a whole number",
                "ttlTolerance | 12abc | a time such as",
                "ttlTolerance | 2h | a time from 0ms to 1h",
                "dryRun | perhaps | true or false",
                "dropFieldTtl | perhaps | true or false",
                "dropIdmp | perhaps | true or false",
                "tls | perhaps | true or false",
                "insecure | perhaps | true or false",
                "bigKey | 1kb | from 64kb",
                "bigKey | large | write 4096, 256kb, 16mb or 1gb",
                "mode | clustered | one of auto, standalone, cluster",
                "readFrom | slave | one of master, replica",
                "ttlAsOf | yesterday | milliseconds since 1970",
                "ttlAsOf | -1 | milliseconds since 1970",
                "ttlAsOf | 99999999999999999 | milliseconds since 1970",
                "live | perhaps | true or false",
                "resume | perhaps | true or false",
                "restartScan | perhaps | true or false",
                "bigValues | perhaps | true or false",
                "allowMassDelete | perhaps | true or false",
                "reverse | perhaps | true or false",
                "includeKey | '' | at least one character",
                "excludeKey | '' | at least one character",
                "includeRegex | '' | at least one character",
                "excludeRegex | '' | at least one character",
                "match | '' | at least one character",
                "rename | '' | at least one character",
                "mapDb | '' | at least one character",
                "retryFor | RAW(12abc) | a time such as",
                "ttl | RAW{no} | true or false",
            })
    void aWrongValueIsRefusedAtTheStart(String option, String value, String allowed) {
        assertThat(messages(startFailure("rump:a?host=127.0.0.1&" + option + "=" + value)))
                .contains(option + "=" + value)
                .contains(allowed);
    }

    static Stream<String> checkedOptions() {
        return OptionFields.all()
                .filter(field ->
                        field.getType().isPrimitive() || field.getType().isEnum() || field.getType() == Duration.class)
                .map(Field::getName);
    }

    @ParameterizedTest
    @MethodSource("checkedOptions")
    void wrongTextIsRefusedInOurOwnWords(String option) {
        assertThat(messages(startFailure("rump:a?host=127.0.0.1&" + option + "=12abc")))
                .contains(option + "=12abc: it must be ");
    }

    @Test
    void camelsOwnOptionsTakeWhatCamelTakes() throws Exception {
        try (CamelContext context = new DefaultCamelContext()) {
            RumpEndpoint endpoint = context.getEndpoint(
                    "rump:a?host=h&delay=2s&repeatCount=-1&runLoggingLevel=debug&exchangePattern=inOnly",
                    RumpEndpoint.class);

            assertThat(endpoint.getDelay()).isEqualTo(2_000);
        }
    }

    @Test
    void anUnknownOptionIsNamed() {
        assertThat(messages(startFailure("rump:a?host=127.0.0.1&scanCuont=10"))).contains("scanCuont");
    }

    @Test
    void theHostMustBeGiven() {
        assertThat(messages(startFailure("rump:a")))
                .contains("host")
                .contains("the name or address of the server, as rump.a.host or in the URI");
        assertThat(messages(startFailure("rump:a?host="))).contains("host");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "sentinels=a:1 | masterName=null: it must be what the sentinels call the master",
                "sentinels=a:0&masterName=m | sentinels=a:0: it must be host:port of each",
                "sentinels=a:1&masterName=m&host=h | host=h: it must be left out where sentinels report it",
                "host=h&masterName=m | sentinels=: it must be host:port of each"
            })
    void sentinelsAreGivenWithTheNameOfTheMaster(String options, String message) {
        assertThat(messages(startFailure("rump:a?" + options))).contains(message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ca=/no/such/file | tls=false: it must be true where options of TLS are given",
                "insecure=true | tls=false: it must be true",
                "tls=true&ca=/no/such/file | ca=/no/such/file: it cannot be read (there is no such file)",
                "tls=true&key=/no/such/file | with the certificate that it belongs to",
                "tls=true&sslContextParameters=#bean:ssl&insecure=true | without ca, cert, key, keyPassword and"
                        + " insecure",
            })
    void optionsOfTlsMustFitEachOther(String options, String reason) {
        assertThat(messages(
                        startFailure("rump:a?host=127.0.0.1&" + options, Map.of("ssl", new SSLContextParameters()))))
                .contains(reason);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "minSize=2kb&maxSize=1kb | maxSize=1kb: it must be at least 2kb",
                "minTtl=2s&maxTtl=1s | maxTtl=1000: it must be at least 2000",
                "resume=true | resume=true: it must be given with a checkpoint",
                "live=true&scan=repeat | live=true: it must be only with scan=once",
                "checkpoint=#bean:notes&scan=repeat | it must be only with scan=once",
            })
    void optionsMustFitEachOther(String options, String reason) {
        assertThat(messages(startFailure(
                        "rump:a?host=127.0.0.1&" + options,
                        Map.of("notes", new CheckpointFile("target/no.checkpoint")))))
                .contains(reason);
    }

    @Test
    void aMomentBefore1970IsNone() throws Exception {
        try (CamelContext context = new DefaultCamelContext()) {
            RumpEndpoint endpoint = context.getEndpoint("rump:a?host=h", RumpEndpoint.class);
            endpoint.getSelectionOptions().setTtlAsOf(-5);

            assertThat(messages(catchThrowable(endpoint::doInit)))
                    .contains("ttlAsOf=-5: it must be milliseconds since 1970");
        }
    }

    @Test
    void aUnixSocketHasNoTls() {
        assertThat(messages(startFailure("rump:a?host=/run/redis.sock&tls=true")))
                .contains("false with a Unix socket");
    }

    @Test
    void aQueueThatCannotHoldABatchIsRefused() {
        JoinPages join = new JoinPages();
        join.setBatchBytes("1mb");

        Throwable failure = startFailure("rump:a?host=127.0.0.1&queueBytes=512kb", Map.of("join", join));

        assertThat(messages(failure))
                .contains("queueBytes=512kb")
                .contains("at least the batchBytes")
                .contains("1000000");
    }

    @Test
    void everyOptionTakesItsOwnDefaultWrittenOut() throws Exception {
        try (CamelContext context = new DefaultCamelContext()) {
            RumpEndpoint endpoint = context.getEndpoint(
                    "rump:a?host=h&port=6379&database=0&connectTimeout=5s&replyTimeout=60s&retryFor=60s&migration=rump"
                            + "&match=*&type=all&sample=0&functions=false&scanCount=auto&scan=once&queuePages=16&queueBytes=16mb&windowBytes=8mb&bigKey=8mb"
                            + "&targets=1&stallTimeout=90s&ttl=true&onConflict=replace&onRefused=count&waitReplicas=0"
                            + "&maxKeysPerSecond=0&values=true&operation=restore&rounds=3&ttlTolerance=50ms&repair=false"
                            + "&prune=false&dryRun=false&dropFieldTtl=false&dropIdmp=false&latencyGuard=on&carryIdle=false"
                            + "&reverse=false&ttlAsOf=0&allowMassDelete=false&tls=false&insecure=false",
                    RumpEndpoint.class);
            RumpEndpoint plain = context.getEndpoint("rump:b?host=h", RumpEndpoint.class);

            assertThat(values(endpoint)).isEqualTo(values(plain));
        }
    }

    @Test
    void aPasswordIsShownNowhere() {
        String secret = "s3cret-pass";
        // no server listens there
        Throwable failure = startFailure("rump:a?host=127.0.0.1&port=1&retryFor=0&password=" + secret);
        assertThat(messages(failure)).doesNotContain(secret);

        failure = startFailure("rump:a?host=127.0.0.1&port=abc&password=" + secret);
        assertThat(messages(failure)).contains("port=abc").doesNotContain(secret);

        failure = startFailure("rump:a?host=127.0.0.1&nosuch=1&password=" + secret);
        assertThat(messages(failure)).contains("nosuch").doesNotContain(secret);
    }

    @Test
    void anEndpointDescribesItselfWithoutItsPassword() throws Exception {
        try (CamelContext context = new DefaultCamelContext()) {
            RumpEndpoint endpoint =
                    context.getEndpoint("rump:a?host=h&username=u&password=RAW(s3cret&1)", RumpEndpoint.class);

            assertThat(endpoint.getServerOptions().getPassword()).isEqualTo("s3cret&1");
            assertThat(endpoint.toString()).doesNotContain("s3cret");
            assertThat(endpoint.address().toString()).isEqualTo("h:6379");
        }
    }

    private static Map<String, Object> values(RumpEndpoint endpoint) {
        PropertyConfigurerGetter getter =
                (PropertyConfigurerGetter) endpoint.getComponent().getEndpointPropertyConfigurer();
        Map<String, Object> values = new TreeMap<>();
        OptionFields.all()
                .map(Field::getName)
                .forEach(option -> values.put(option, String.valueOf(getter.getOptionValue(endpoint, option, false))));
        return values;
    }

    private static Throwable startFailure(String uri) {
        return startFailure(uri, Map.of());
    }

    private static Throwable startFailure(String uri, Map<String, Object> beans) {
        return catchThrowable(() -> {
            try (CamelContext context = new DefaultCamelContext()) {
                beans.forEach((name, bean) -> context.getRegistry().bind(name, bean));
                context.addRoutes(new RouteBuilder() {
                    @Override
                    public void configure() {
                        from(uri).to("log:nowhere");
                    }
                });
                context.start();
            }
        });
    }

    /** All that a person could get to see of it. */
    private static String messages(Throwable failure) {
        assertThat(failure).isNotNull();
        List<String> messages = new ArrayList<>();
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            messages.add(cause.toString());
        }
        return String.join("\n", messages);
    }
}
