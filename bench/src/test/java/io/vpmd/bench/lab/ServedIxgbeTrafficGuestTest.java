// SPDX-License-Identifier: Apache-2.0
package io.vpmd.bench.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vpmd.contract.qtest.Lab;
import io.vpmd.ixgbe.model.IxgbeModel;
import io.vpmd.ixgbe.model.IxgbeModelChip;
import io.vpmd.spi.hw.Register;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Two cards of a model with a cable between them, both driven by the kernel's own ixgbe, the far
 * one in a network namespace: the kernel's offloads work through the model (T2). All models take a
 * quarter of an hour and are for {@code VPMD_SOAK=1}; else it is the first.
 */
@Tag("guest")
@Timeout(1800)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ServedIxgbeTrafficGuestTest {
    private static final int SECONDS = 240;
    private static final int QUEUES = 4;
    private static final long TCP_BYTES = 64L << 20;
    private static final int VLAN = 7;
    /* In two pieces, below and above 4 GiB. */
    private static final int MEBIBYTES = 3072;

    private record Pair(ServedCard near, ServedCard far) {
        String namespace() {
            return "far" + near.number();
        }

        /** What runs a command at the far end. */
        String there() {
            return "ip netns exec " + namespace() + " ";
        }

        IxgbeModel model() {
            return (IxgbeModel) near.model();
        }

        /** How often a register of the near card's queues has one of these bits. */
        int count(String register, int bits) {
            Register r = IxgbeModel.table().registers().get(register);
            int n = 0;
            for (int i = 0; i < r.count(); i++) {
                n += (model().registers().get(r, i) & bits) != 0 ? 1 : 0;
            }
            return n;
        }
    }

    private final Map<String, Pair> pairs = new LinkedHashMap<>();
    private Guest guest;

    static Stream<String> models() {
        Stream<String> all = Stream.of(IxgbeModelChip.names().split("\\|", -1));
        return "1".equals(System.getenv("VPMD_SOAK")) ? all : all.limit(1);
    }

    @BeforeAll
    void boot(@TempDir Path folder) {
        Lab.need(Lab.guestMissing());
        Lab.need(Lab.missing(GuestMachine.SERVED));
        GuestMachine machine = new GuestMachine().processors(QUEUES).memory(MEBIBYTES);
        models().forEach(
                        name -> {
                            int n = 2 * pairs.size();
                            String ring = "net_ring:cable%d,peer=cable%d";
                            ServedCard near =
                                    new ServedCard(n, name, folder, ring.formatted(n, n + 1));
                            ServedCard far =
                                    new ServedCard(n + 1, name, folder, ring.formatted(n + 1, n));
                            pairs.put(name, new Pair(near, far));
                            machine.servedCard(n, near.socket());
                            machine.servedCard(n + 1, far.socket());
                        });
        guest = machine.boot();
        guest.check("modprobe -a ixgbe 8021q");
        pairs.values().forEach(this::connect);
    }

    private void connect(Pair pair) {
        script(
                """
                near=$(ls /sys/bus/pci/devices/%1$s/net)
                far=$(ls /sys/bus/pci/devices/%2$s/net)
                ip link set $near name near%3$d
                ip netns add %4$s
                ip link set $far name far0 netns %4$s
                ip addr add %5$s/24 dev near%3$d
                ip link set near%3$d up
                ip -n %4$s addr add %6$s/24 dev far0
                ip -n %4$s link set far0 up
                for i in $(seq 50); do ping -c 1 -W 1 %6$s && break; done
                """
                        .formatted(
                                GuestMachine.address(pair.near.number()),
                                GuestMachine.address(pair.far.number()),
                                pair.near.number(),
                                pair.namespace(),
                                pair.near.host(1),
                                pair.near.host(2)));
    }

    private String script(String script) {
        try (GuestCommand command = guest.start("set -e\n" + script)) {
            return command.check(SECONDS);
        }
    }

    @AfterAll
    void end() {
        if (guest != null) {
            guest.close();
        }
        pairs.values()
                .forEach(
                        pair -> {
                            pair.near.close();
                            pair.far.close();
                        });
    }

    private void check(Pair pair) {
        pair.near.check();
        pair.far.check();
        assertEquals("", guest.check("dmesg -l emerg,alert,crit,err | grep ixgbe || true"));
    }

    /** The far kernel checks the sums itself, of what the near card has segmented and summed. */
    @ParameterizedTest
    @MethodSource("models")
    void whatIsSentArrivesIntact(String model) {
        Pair pair = pairs.get(model);
        script(pair.there() + "ethtool -K far0 rx off\n");
        long before = pair.model().segmentedPackets();
        transfer("", pair.there(), pair.near.host(2));
        assertTrue(pair.model().segmentedPackets() - before > 1_000, "TSO is not in use");
        String offloads = script("ethtool -k near%d".formatted(pair.near.number()));
        assertTrue(offloads.contains("tx-checksumming: on"), offloads);
        assertTrue(pair.count("TDBAH", -1) > 0, "no ring is above 4 GiB");
        check(pair);
    }

    /** The near kernel trusts the card's verdict on the sums. */
    @ParameterizedTest
    @MethodSource("models")
    void whatIsReceivedIsIntact(String model) {
        Pair pair = pairs.get(model);
        transfer(pair.there(), "", pair.near.host(1));
        String said = script("ethtool -S near%d".formatted(pair.near.number()));
        assertTrue(said.contains("rx_csum_offload_errors: 0\n"), said);
        check(pair);
    }

    /**
     * Sends random bytes over TCP and compares.
     *
     * @param from what runs a command at the sender
     * @param to the same at the receiver
     */
    private void transfer(String from, String to, String address) {
        String said =
                script(
                        """
                        head -c %1$d /dev/urandom > /tmp/sent
                        %2$s busybox nc -l -p 5001 < /dev/null > /tmp/received &
                        listener=$!
                        for i in $(seq 100); do
                            %3$s bash -c 'cat /tmp/sent > /dev/tcp/%4$s/5001' && break
                            sleep .2
                        done
                        wait $listener
                        busybox cmp /tmp/sent /tmp/received && wc -c < /tmp/received
                        """
                                .formatted(TCP_BYTES, to, from, address));
        assertTrue(said.endsWith(TCP_BYTES + "\n"), said);
    }

    /** The near card puts segments together that the kernel then does not have to. */
    @ParameterizedTest
    @MethodSource("models")
    void coalescedSegmentsAreIntact(String model) {
        Pair pair = pairs.get(model);
        String near = "near" + pair.near.number();
        // Time stamps would keep segments apart, and what is forwarded must not be coalesced.
        script(
                "sysctl -qw net.ipv4.tcp_timestamps=0 net.ipv4.ip_forward=0\n"
                        + pair.there()
                        + "sysctl -qw net.ipv4.tcp_timestamps=0\n"
                        + "ethtool -K "
                        + near
                        + " lro on\n");
        long before = pair.model().coalescedPackets();
        transfer(pair.there(), "", pair.near.host(1));
        assertTrue(pair.model().coalescedPackets() > before, "nothing was coalesced");
        script("ethtool -K " + near + " lro off\n");
        check(pair);
    }

    @ParameterizedTest
    @MethodSource("models")
    void flowsAreSpreadOverQueues(String model) {
        Pair pair = pairs.get(model);
        String near = "near" + pair.near.number();
        // Without that datagrams are spread by their addresses only, of which there are two.
        script("ethtool -N " + near + " rx-flow-hash udp4 sdfn\n");
        String send =
                "for i in $(seq 200); do echo x > /dev/udp/%s/$((6000 + i)); done"
                        .formatted(pair.near.host(1));
        script(pair.there() + "bash -c '" + send + "'\n");
        String said = script("ethtool -S " + near + " | grep rx_queue_._packets\n");
        assertEquals(QUEUES, said.lines().filter(line -> !line.endsWith(": 0")).count(), said);
        check(pair);
    }

    @ParameterizedTest
    @MethodSource("models")
    void tagsArePutInAndTakenOut(String model) {
        Pair pair = pairs.get(model);
        script(
                """
                ip link add link near%1$d name v%1$d type vlan id %2$d
                ip link set v%1$d up
                ip addr add 192.168.%3$d.1/24 dev v%1$d
                ip -n %4$s link add link far0 name v0 type vlan id %2$d
                ip -n %4$s link set v0 up
                ip -n %4$s addr add 192.168.%3$d.2/24 dev v0
                ping -q -c 20 -i 0.05 -W 5 192.168.%3$d.2
                """
                        .formatted(
                                pair.near.number(),
                                VLAN,
                                100 + pair.near.number(),
                                pair.namespace()));
        assertTrue(pair.count("RXDCTL", 1 << 30) >= QUEUES, "tags are not taken out");
        assertEquals(1, pair.count("VFTA", 1 << VLAN), "the VLAN is not in the filter");
        script("ip link del v%d".formatted(pair.near.number()));
        assertEquals(0, pair.count("VFTA", 1 << VLAN), "the VLAN is still in the filter");
        check(pair);
    }

    @ParameterizedTest
    @MethodSource("models")
    void jumboFramesPass(String model) {
        Pair pair = pairs.get(model);
        String mtu =
                """
                ip link set near%1$d mtu %3$d
                ip -n %2$s link set far0 mtu %3$d
                for i in $(seq 50); do ping -c 1 -W 1 %4$s && break; done
                """;
        String near = pair.near.host(2);
        script(mtu.formatted(pair.near.number(), pair.namespace(), 9000, near));
        script("ping -q -c 20 -i 0.05 -W 5 -M do -s 8972 " + near);
        script(mtu.formatted(pair.near.number(), pair.namespace(), 1500, near));
        check(pair);
    }
}
