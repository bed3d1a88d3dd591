package io.camelrump.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ProtocolException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClusterNodeTest {

    private static ClusterNode only(String place, boolean byName) throws IOException {
        List<ClusterNode> nodes =
                ClusterNode.parse("id1 " + place + " myself,master - 0 0 1 connected 0-99 101\n", "asked", byName);
        assertThat(nodes).hasSize(1);
        return nodes.get(0);
    }

    @Test
    void anAddressOfIPv6IsAllBeforeTheLastColon() throws IOException {
        ClusterNode node = only("2001:db8::7:7000@17000", false);

        assertThat(node.host()).isEqualTo("2001:db8::7");
        assertThat(node.port()).isEqualTo(7000);
        assertThat(node).hasToString("[2001:db8::7]:7000");
    }

    @Test
    void aNodeThatHasANameIsKnownByItWhereItsCertificateIsChecked() throws IOException {
        assertThat(only("10.0.0.1:7000@17000,node1.example", true)).hasToString("node1.example:7000");
        assertThat(only("10.0.0.1:7000@17000,node1.example", false)).hasToString("10.0.0.1:7000");
        assertThat(only("10.0.0.1:7000@17000,", true)).hasToString("10.0.0.1:7000");
        assertThat(only("10.0.0.1:7000@17000,,shard-id=1", true)).hasToString("10.0.0.1:7000");
        assertThat(only("10.0.0.1:7000@17000", true)).hasToString("10.0.0.1:7000");
    }

    @Test
    void aNodeWithoutAnAddressIsReachedWhereItAnswered() throws IOException {
        assertThat(only(":7000@0", false)).hasToString("asked:7000");
        assertThat(only(":7000", false)).hasToString("asked:7000");
    }

    @Test
    void slotsAreRangesOrSingleOnesAndThoseOnTheirWay() throws IOException {
        List<ClusterNode> nodes = ClusterNode.parse(
                "id1 10.0.0.1:7000@17000 myself,master - 0 0 1 connected 0-3 101 [101->-id2] [300-<-id2]\r\n"
                        + "id2 10.0.0.2:7000@17000 master,fail - 0 0 1 connected 200-16383\r\n"
                        + "id3 10.0.0.3:7000@17000 slave id1 0 0 1 connected\r\n",
                "asked",
                false);

        assertThat(nodes.get(0).slots()).hasToString("{0, 1, 2, 3, 101}");
        assertThat(nodes.get(0).open()).hasToString("{101, 300}");
        assertThat(nodes).extracting(ClusterNode::isMaster).containsExactly(true, false, false);
        assertThat(nodes).extracting(ClusterNode::master).containsExactly("", "", "id1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0-2147483646", "16384", "99999999999-1", "[16384->-id2]", "[2147483646-<-id2]"})
    void slotsBeyondTheLastAreNoReplyOfACluster(String slots) {
        assertThatThrownBy(() -> ClusterNode.parse(
                        "id1 10.0.0.1:7000@17000 myself,master - 0 0 1 connected " + slots, "asked", false))
                .isInstanceOf(ProtocolException.class)
                .hasMessageContaining("16383");
    }

    @ParameterizedTest
    @ValueSource(longs = {2147483646, 16384, -1, 1L << 32})
    void rangesBeyondTheLastSlotAreNoReplyOfACluster(long last) {
        List<Object> node = List.of("10.0.0.1".getBytes(StandardCharsets.US_ASCII), 7000L);

        assertThatThrownBy(() -> ClusterTopology.parse(List.of(List.of(0L, last, node)), "asked"))
                .isInstanceOf(ProtocolException.class)
                .hasMessageContaining("16383");
    }
}
