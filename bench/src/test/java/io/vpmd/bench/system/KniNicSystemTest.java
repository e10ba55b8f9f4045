// SPDX-License-Identifier: Apache-2.0
package io.vpmd.bench.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.vpmd.bench.app.Cores;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.util.SortedSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The kernel of one namespace talks to that of another through the KNI application, net_ixgbe and a
 * software 82599, whose cable ends in an interface there (T1). 64 MiB each way go over TCP, with
 * VPMD_SOAK=1 1 GiB.
 */
@Timeout(180)
class KniNicSystemTest {
    private static final boolean SOAK = "1".equals(System.getenv("VPMD_SOAK"));
    private static final long TCP_BYTES = SOAK ? 1L << 30 : 64L << 20;
    private static final int TRANSFER_SECONDS = 60;
    private static final long WATCHED_BYTES = 4L << 20;
    private static final String NEAR = "10.79.0.1";
    private static final String FAR = "10.79.0.2";
    private static final int ETHERNET = 14;
    private static final int MTU = 1500;

    private Namespaces namespaces;
    private String near;
    private String far;

    @BeforeEach
    void make() {
        namespaces = new Namespaces();
        assumeTrue(Shell.has("ping"), "needs ping (package iputils-ping)");
        assumeTrue(Shell.has("tcpdump"), "needs tcpdump (package tcpdump)");
        near = namespaces.add();
        far = namespaces.add();
    }

    @AfterEach
    void delete() {
        // Making them skips the test where that is not possible.
        if (namespaces != null) {
            namespaces.close();
        }
    }

    /** vEth0 in one namespace, the other end of the 82599's cable in the other. */
    private Started kni() {
        SortedSet<Integer> cores = Cores.allowed();
        String config = "(0," + cores.first() + "," + cores.last() + ")";
        String port = "net_ixgbe:model,wire=[net_kni:wire0,netns=" + far + "]";
        Started kni = Started.vpmdIn(near, "kni --port " + port + " -p 1 -m --config " + config);
        kni.awaitOutput("Zero KNI Statistics");
        configure(near, "vEth0", NEAR);
        configure(far, "wire0", FAR);
        return kni.awaitOutput("link up");
    }

    private static void configure(String namespace, String name, String address) {
        Shell.in(namespace, "ip link set " + name + " up");
        Shell.in(namespace, "ip addr add " + address + "/24 dev " + name);
    }

    private static void end(Started kni) {
        kni.signal("TERM");
        assertEquals(0, kni.await(), kni::output);
    }

    @Test
    void twoStacksTalkThroughTheDriver() {
        try (Started kni = kni()) {
            Shell.in(near, "ping -q -c 3 -i 0.2 -W 5 " + FAR);
            Shell.in(far, "ping -q -c 3 -i 0.2 -W 5 " + NEAR);
            segmentedByTheNic();
            receivedAsSent();
            transfer(near, far, FAR, TCP_BYTES);
            transfer(far, near, NEAR, TCP_BYTES);
            tagged(near, "vEth0", far, "wire0");
            tagged(far, "wire0", near, "vEth0");
            jumbo(kni);
            end(kni);
        }
    }

    /**
     * vEth0 sends packets of 64 KiB without checksums; on the wire are segments with right ones.
     */
    private void segmentedByTheNic() {
        try (Started here = watch(near, "vEth0", NEAR);
                Started there = watch(far, "wire0", FAR)) {
            transfer(near, far, FAR, WATCHED_BYTES);
            long sent = counter(here, "out");
            assertTrue(counter(here, "out-super") > 0, here::output);
            // All but those that no socket sends, at the end of a connection.
            assertTrue(sent - counter(here, "out-partial") < 5, here::output);
            assertTrue(counter(here, "out-longest") > MTU + ETHERNET, here::output);
            assertTrue(sent < counter(there, "in"), () -> here.output() + there.output());
            assertEquals(MTU + ETHERNET, counter(there, "in-longest"), there::output);
            assertEquals(0, counter(there, "in-wrong"), there::output);
        }
    }

    /** The other way nothing is put together; that the NIC has checked it, a TAP is not told. */
    private void receivedAsSent() {
        try (Started here = watch(near, "vEth0", NEAR)) {
            transfer(far, near, NEAR, WATCHED_BYTES);
            assertEquals(MTU + ETHERNET, counter(here, "in-longest"), here::output);
            assertEquals(0, counter(here, "in-wrong"), here::output);
        }
    }

    private static Started watch(String namespace, String name, String address) {
        return Started.javaIn(namespace, OffloadWatch.class, name + " " + address)
                .awaitOutput("listening");
    }

    private static long counter(Started watch, String name) {
        assertEquals(0, watch.await(), watch::output);
        Matcher value = Pattern.compile("[{ ]" + name + "=(\\d+)").matcher(watch.output());
        assertTrue(value.find(), watch::output);
        return Long.parseLong(value.group(1));
    }

    /** Runs both ends, whose data and sums are the same. */
    private static void transfer(String from, String to, String address, long bytes) {
        try (Started receiver = Started.javaIn(to, Transfer.class, "tcp-receive 5001")) {
            receiver.awaitOutput("listening");
            String send = "tcp-send " + address + " 5001 " + bytes;
            try (Started sender = Started.javaIn(from, Transfer.class, send)) {
                assertEquals(0, sender.await(TRANSFER_SECONDS), sender::output);
                assertEquals(0, receiver.await(), receiver::output);
                assertEquals(
                        sender.output().replace("sent", "listening\nreceived"), receiver.output());
            }
        }
    }

    /** A frame with an 802.1Q tag arrives with it. */
    private static void tagged(String from, String out, String to, String in) {
        String command = "tcpdump -e -l -n -c 1 -i " + in + " vlan 5 and ether proto 0x88b5";
        try (Started capture = Started.in(to, command)) {
            capture.awaitOutput("listening on");
            try (Started sender = Started.javaIn(from, TaggedFrame.class, out + " 5")) {
                assertEquals(0, sender.await(), sender::output);
            }
            assertEquals(0, capture.await(), capture::output);
            assertTrue(capture.output().contains("vlan 5,"), capture::output);
        }
    }

    /** The MTU of vEth0 is the port's, and the interface at the other end is asked to follow. */
    private void jumbo(Started kni) {
        Shell.in(near, "ip link set vEth0 mtu 9000");
        kni.awaitOutput("to 9000");
        Shell.in(far, "ip link set wire0 mtu 9000");
        Shell.in(near, "ping -q -c 3 -i 0.2 -W 5 -M do -s 8972 " + FAR);
        Shell.in(far, "ping -q -c 3 -i 0.2 -W 5 -M do -s 8972 " + NEAR);
        transfer(near, far, FAR, WATCHED_BYTES);
        transfer(far, near, NEAR, WATCHED_BYTES);
    }

    /** Runs where this kernel has VLAN devices. */
    @Test
    void vlanDevices() {
        Shell.Result vlan = addVlan(near, "lo");
        assumeTrue(vlan.exit() == 0, () -> "no VLAN devices in this kernel: " + vlan.output());
        Shell.in(near, "ip link del v5");
        try (Started kni = kni()) {
            configureVlan(near, "vEth0", 1);
            configureVlan(far, "wire0", 2);
            Shell.in(near, "ping -q -c 3 -i 0.2 -W 5 10.80.0.2");
            transfer(near, far, "10.80.0.2", WATCHED_BYTES);
            transfer(far, near, "10.80.0.1", WATCHED_BYTES);
            end(kni);
        }
    }

    private static Shell.Result addVlan(String namespace, String name) {
        String command = "ip -n " + namespace + " link add link " + name + " v5 type vlan id 5";
        return Shell.run(command.split(" "));
    }

    private static void configureVlan(String namespace, String name, int host) {
        Shell.Result vlan = addVlan(namespace, name);
        assertEquals(0, vlan.exit(), vlan::output);
        configure(namespace, "v5", "10.80.0." + host);
    }
}
