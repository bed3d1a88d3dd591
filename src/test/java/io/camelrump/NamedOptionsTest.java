package io.camelrump;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.camelrump.fixtures.Vault;
import io.camelrump.redis.LogIn;
import io.camelrump.redis.RedisException;
import io.camelrump.redis.ServerAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import org.apache.camel.CamelContext;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.main.Main;
import org.apache.camel.support.CamelContextHelper;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What properties say of a server by its name, and of all servers; that it does not become part of a URI. */
class NamedOptionsTest {
    private final CamelContext context = new DefaultCamelContext();

    @AfterEach
    void close() {
        context.stop();
    }

    @ParameterizedTest
    @ValueSource(strings = {"scan-count", "scanCount"})
    void aNameBringsItsOptionsInBothSpellings(String option) {
        set("rump.source.host", "old", "rump.source." + option, "250", "rump.target.host", "new");

        assertThat(endpoint("rump:source").getSourceOptions().getScanCount()).isEqualTo("250");
        assertThat(endpoint("rump:source").address().toString()).isEqualTo("old:6379");
        assertThat(endpoint("rump:target").address().toString()).isEqualTo("new:6379");
        assertThat(endpoint("rump:target").getSourceOptions().getScanCount()).isEqualTo("auto");
    }

    @Test
    void theUriTakesPrecedenceOverTheNameAndTheNameOverTheComponent() {
        set(
                "rump.source.host", "named",
                "rump.source.port", "1",
                "rump.source.retry-for", "2s",
                "camel.component.rump.port", "3",
                "camel.component.rump.retryFor", "4s",
                "camel.component.rump.match", "user:*");

        RumpEndpoint source = endpoint("rump:source?host=written");
        assertThat(source.address().toString()).isEqualTo("written:1");
        assertThat(source.getServerOptions().getRetryFor()).isEqualTo(Duration.ofSeconds(2));
        assertThat(source.getSelectionOptions().getMatch()).isEqualTo("user:*");
        RumpEndpoint other = endpoint("rump:other?host=h&match=*");
        assertThat(other.address().toString()).isEqualTo("h:3");
        assertThat(other.getServerOptions().getRetryFor()).isEqualTo(Duration.ofSeconds(4));
        assertThat(other.getSelectionOptions().getMatch()).isEqualTo("*");
    }

    @Test
    void aSourceThatCannotBeListedIsAskedForTheSpellingWithDashes() {
        context.getPropertiesComponent().addPropertiesSource(new Vault(Map.of("rump.source.scan-count", "250")));
        set("rump.source.host", "old");

        assertThat(endpoint("rump:source").getSourceOptions().getScanCount()).isEqualTo("250");
    }

    @Test
    void aValueMayBeANumber() {
        Properties properties = properties("rump.source.host", "old");
        properties.put("rump.source.port", 7000);
        context.getPropertiesComponent().setInitialProperties(properties);
        context.start();

        assertThat(endpoint("rump:source").address().toString()).isEqualTo("old:7000");
    }

    @Test
    void onlyOneOfTwoThatExcludeEachOtherIsTaken() {
        set(
                "rump.source.sentinels", "a:1",
                "rump.source.password-file", "/no/such/file",
                "camel.component.rump.host", "h");

        RumpEndpoint endpoint = endpoint("rump:source?host=written&password=RAW(s3cret)");

        assertThat(endpoint.getSentinelOptions().getSentinels()).isNull();
        assertThat(endpoint.getServerOptions().getPasswordFile()).isNull();
        assertThatThrownBy(() -> endpoint("rump:source")).hasStackTraceContaining("masterName=null: it must be what");
    }

    @Test
    void optionsThatEveryPollingEndpointHasAreTakenToo() {
        set(
                "rump.source.host", "h",
                "rump.source.delay", "2000",
                "rump.source.bridge-error-handler", "true",
                "camel.component.rump.initial-delay", "7");

        RumpEndpoint endpoint = endpoint("rump:source");
        assertThat(endpoint.getDelay()).isEqualTo(2_000);
        assertThat(endpoint.getInitialDelay()).isEqualTo(7);
        assertThat(endpoint.isBridgeErrorHandler()).isTrue();
        assertThat(endpoint("rump:source?bridgeErrorHandler=false").isBridgeErrorHandler())
                .isFalse();
    }

    @Test
    void aValueMayReferToABeanAnotherPropertyOrTheSystem() {
        System.setProperty("rump.named.delay", "3s");
        try {
            context.getRegistry().bind("pattern", new StringBuilder("{{a}}:%41+"));
            set(
                    "old.place", "old",
                    "rump.source.host", "{{old.place}}",
                    "rump.source.retry-for", "{{sys:rump.named.delay}}",
                    "rump.source.match", "#bean:pattern");

            assertThat(endpoint("rump:source").address().toString()).isEqualTo("old:6379");
            assertThat(endpoint("rump:source").getServerOptions().getRetryFor()).isEqualTo(Duration.ofSeconds(3));
            assertThat(endpoint("rump:source").getSelectionOptions().getMatch()).isEqualTo("{{a}}:%41+");
        } finally {
            System.clearProperty("rump.named.delay");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "rump.source.scan-cuont, rump.source.scan-count",
        "rump.source.scancount, rump.source.scan-count",
        "rump.source.scan.count, rump.source.scan-count",
        "rump.source.sacnCount, rump.source.scan-count",
        "rump.source.pasword, rump.source.password",
        "rump.source.name, rump.source.rename",
        "camel.component.rump.onconflict, camel.component.rump.on-conflict",
    })
    void anUnknownNameIsRefusedWithTheNearest(String name, String nearest) {
        set("rump.source.host", "h", name, "5");

        assertThatThrownBy(() -> endpoint("rump:source"))
                .hasStackTraceContaining(name + " is set, but there is no such option: did you mean " + nearest + "?");
    }

    @Test
    void anUnknownNameOfTheSystemIsRefusedToo() {
        System.setProperty("rump.source.hots", "h");
        try {
            assertThatThrownBy(() -> endpoint("rump:source")).hasStackTraceContaining("did you mean rump.source.host?");
        } finally {
            System.clearProperty("rump.source.hots");
        }
    }

    @Test
    void anOptionThatIsSetInBothSpellingsIsRefused() {
        set("rump.source.host", "h", "rump.source.scan-count", "5", "rump.source.scanCount", "6");

        assertThatThrownBy(() -> endpoint("rump:source"))
                .hasStackTraceContaining("rump.source.scanCount and rump.source.scan-count are both set");
    }

    @ParameterizedTest
    @ValueSource(strings = {"rump.tagret.on-conflict", "rump.tagret.onConflict"})
    void aServerWhoseNameIsNearlyThatOfAnEndpointStopsTheStart(String name) throws Exception {
        context.getPropertiesComponent()
                .setInitialProperties(properties("rump.source.host", "h", "rump.target.host", "h", name, "keep"));
        context.addRoutes(route());

        assertThatThrownBy(context::start)
                .hasStackTraceContaining(name + " is set, but no endpoint has this name: did you mean rump.target.on");
    }

    @Test
    void namesOfServersMayBeginAlike() {
        set("rump.target.host", "h", "rump.target-2.host", "h2");

        assertThat(endpoint("rump:target").address().toString()).isEqualTo("h:6379");
        assertThat(endpoint("rump:target-2").address().toString()).isEqualTo("h2:6379");
    }

    @Test
    void optionsOfServersThatOtherRoutesReadAreLeftAlone() throws Exception {
        context.getPropertiesComponent()
                .setInitialProperties(properties(
                        "rump.source.host", "127.0.0.1",
                        "rump.source.port", "1",
                        "rump.source.retry-for", "0s",
                        "rump.target.host", "h",
                        "rump.target-2.host", "h2",
                        "rump.backup.host", "h3",
                        "rump.tarbet.on-fire", "yes"));
        context.addRoutes(route());

        assertThatThrownBy(context::start).hasStackTraceContaining("127.0.0.1:1");
    }

    private static RouteBuilder route() {
        return new RouteBuilder() {
            @Override
            public void configure() {
                from("rump:source").to("rump:target?lazyStartProducer=true");
            }
        };
    }

    @ParameterizedTest
    @CsvSource({
        "rump.source.port, abc, rump.source.port=abc: it must be a whole number",
        "rump.source.scanCount, 0, 'scanCount=0: it must be auto, or a whole number from 1 to 1000000'",
        "rump.source.on-conflict, maybe, rump.source.on-conflict=maybe: it must be one of replace",
        "camel.component.rump.retry-for, soon, camel.component.rump.retryFor=soon: it must be a time",
        "rump.source.retry-for, {{no.such.property}}, no.such.property",
    })
    void aWrongValueIsRefusedByTheNameOfItsProperty(String name, String value, String message) {
        set("rump.source.host", "h", name, value);

        assertThatThrownBy(() -> endpoint("rump:source")).hasStackTraceContaining(message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"password", "key-password", "sentinel-password", "sentinelPassword"})
    void summariesOfPropertiesLeavePasswordsOut(String option) {
        set("rump.source.host", "h");
        endpoint("rump:source");

        assertThat(CamelContextHelper.containsSensitive(context, "rump.source." + option))
                .isTrue();
    }

    @Test
    void anEmptyValueIsOneToo() {
        set("rump.source.host", "h", "rump.source.include-key", "");

        assertThatThrownBy(() -> endpoint("rump:source")).hasStackTraceContaining("it must be at least one character");
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1:6379", "a.b", "{name}"})
    void aNameThatNoPropertyCanHaveIsANameAlone(String name) {
        set("rump.127.0.0.1:6379.host", "h", "rump.a.b.host", "h", "6379.host", "h");

        assertThatThrownBy(() -> endpoint("rump:" + name)).hasStackTraceContaining("host=null: it must be the name");
        assertThat(endpoint("rump:" + name + "?host=there").address().toString())
                .isEqualTo("there:6379");
    }

    @ParameterizedTest
    @ValueSource(strings = {"s3cret&1 %41", "#s3cret", "s3cret\\d", "RAW(s3cret)", "#class:s3cret"})
    void aPasswordIsTakenAsItIsAndBecomesPartOfNoUri(String password) {
        set("rump.source.host", "h", "rump.source.password", password, "camel.component.rump.password", password);

        RumpEndpoint endpoint = endpoint("rump:source");

        assertThat(endpoint.getServerOptions().getPassword()).isEqualTo(password);
        assertThat(endpoint("rump:other?host=h").getServerOptions().getPassword())
                .isEqualTo(password);
        assertThat(endpoint.getEndpointUri() + endpoint.getEndpointKey() + endpoint + endpoint.address())
                .doesNotContain("cret");
    }

    @ParameterizedTest
    @CsvSource({
        "rump.source.password, rump:source",
        "camel.component.rump.password, rump:source",
        "camel.component.rump.sentinel-password, rump:source",
        "rump.source.sentinel-password, rump:source",
        "redis.secret, rump:source?password=#property:redis.secret",
        "redis.secret, rump:source?sentinelPassword=RAW(#property:redis.secret)",
    })
    void aPasswordIsLookedUpForEachConnection(String property, String uri) {
        Map<String, String> vault = new HashMap<>(Map.of(property, "first"));
        context.getPropertiesComponent().addPropertiesSource(new Vault(vault));
        set("rump.source.sentinels", "s:1", "rump.source.master-name", "m");
        ServerAddress address = endpoint(uri).address();
        LogIn logIn = property.contains("entinel") || uri.contains("entinel")
                ? Objects.requireNonNull(address.sentinels()).logIn()
                : address.logIn();

        assertThat(logIn.password().current("s")).isEqualTo("first");
        vault.put(property, "second");
        assertThat(logIn.password().current("s")).isEqualTo("second");
        assertThat(logIn.password().mayChange()).isTrue();
        vault.put(property, "sec{{ond}}ret");
        assertThatThrownBy(() -> logIn.password().current("s"))
                .isInstanceOfSatisfying(RedisException.class, error -> assertThat(error.isPermanent())
                        .isFalse())
                .hasMessage("The property " + property + " for s cannot be looked up (IllegalArgumentException:"
                        + " Property with key [ond] not found in properties).");
        vault.clear();
        assertThatThrownBy(() -> logIn.password().current("s"))
                .hasMessageContaining(property + " for s was set at the start, and is not any more");
    }

    @Test
    void aPasswordThatNothingCanRotateIsKnownToStay() {
        set("rump.source.host", "h", "rump.source.password", "s3cret", "rump.source.username", "{{sys:user.name}}");

        LogIn logIn = endpoint("rump:source").address().logIn();

        assertThat(logIn.password().current("h")).isEqualTo("s3cret");
        assertThat(logIn.password().mayChange()).isFalse();
        assertThat(logIn.username().current("h")).isEqualTo(System.getProperty("user.name"));
    }

    @Test
    void camelMainTakesDefaultsForAll() {
        Main main = new Main();
        main.setDefaultPropertyPlaceholderLocation("false");
        Properties given = properties(
                "camel.component.rump.scan-count", "300",
                "camel.component.rump.maxTtl", "1h",
                "camel.component.rump.password", "s3cret",
                "rump.source.sentinels", "s:1",
                "rump.source.masterName", "m",
                "rump.source.sentinel-password", "s3cret");
        given.forEach((name, value) -> main.addInitialProperty((String) name, (String) value));
        try {
            main.start();
            RumpEndpoint endpoint = main.getCamelContext().getEndpoint("rump:source", RumpEndpoint.class);

            assertThat(endpoint.getSourceOptions().getScanCount()).isEqualTo("300");
            assertThat(endpoint.getSelectionOptions().getMaxTtl()).isEqualTo(Duration.ofHours(1));
            assertThat(endpoint.getServerOptions().getPassword()).isEqualTo("s3cret");
            assertThat(endpoint.getSentinelOptions().getSentinelPassword()).isEqualTo("s3cret");
        } finally {
            main.stop();
        }
    }

    private RumpEndpoint endpoint(String uri) {
        return context.getEndpoint(uri, RumpEndpoint.class);
    }

    private void set(String... namesAndValues) {
        context.getPropertiesComponent().setInitialProperties(properties(namesAndValues));
        context.start();
    }

    private static Properties properties(String... namesAndValues) {
        Properties properties = new Properties();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            properties.setProperty(namesAndValues[i], namesAndValues[i + 1]);
        }
        return properties;
    }
}
