package io.camelrump.properties;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.camelrump.UsageException;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Variables of the environment that mean a server by a name that no endpoint has. */
class ServerNamesTest {
    private static final Set<String> SERVERS = Set.of("source", "target", "eu-west");
    private final ServerNames names = new ServerNames(Set.of("host", "username", "sentinel-username", "on-conflict"));

    @ParameterizedTest
    @CsvSource({
        "RUMP_TAGRET_ON_CONFLICT, RUMP_TARGET_ON_CONFLICT",
        "RUMP_SOUCE_HOST, RUMP_SOURCE_HOST",
        "RUMP_SOURCES_SENTINEL_USERNAME, RUMP_SOURCE_SENTINEL_USERNAME",
        "RUMP_EU_WETS_HOST, RUMP_EU_WEST_HOST",
    })
    void aSlipInANameIsRefusedWithTheNameThatWasMeant(String variable, String meant) {
        assertThatThrownBy(() -> names.checkVariable(variable, SERVERS))
                .isInstanceOf(UsageException.class)
                .hasMessage(variable + " is set, but no endpoint has this name: did you mean " + meant + "?");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "RUMP_TARGET_ON_CONFLICT",
                "RUMP_TARGET_2_HOST",
                "RUMP_EU_WEST_SENTINEL_USERNAME",
                "RUMP_US_EAST_HOST",
                "RUMP_TARGTE_COLOUR",
                "RUMP_HOST",
                "TARGTE_HOST",
            })
    void otherNamesAreThoseOfAnEndpointOrOfAnotherApplication(String variable) {
        assertThatCode(() -> names.checkVariable(variable, SERVERS)).doesNotThrowAnyException();
    }
}
