// SPDX-License-Identifier: Apache-2.0
package io.vpmd.bench.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The kernel of one namespace talks to that of another through two ports that testpmd forwards
 * between. By default 64 MiB go over TCP, with VPMD_SOAK=1 1 GiB.
 */
@Timeout(120)
class TwoNamespacesTest {
    private static final boolean SOAK = "1".equals(System.getenv("VPMD_SOAK"));
    private static final long TCP_BYTES = SOAK ? 1L << 30 : 64L << 20;

    private Namespaces namespaces;
    private String left;
    private String right;

    @BeforeEach
    void make() {
        namespaces = new Namespaces();
        assumeTrue(Shell.has("ping"), "needs ping (package iputils-ping)");
        assumeTrue(Shell.has("tcpdump"), "needs tcpdump (package tcpdump)");
        left = namespaces.add();
        right = namespaces.add();
    }

    @AfterEach
    void delete() {
        // Making them skips the test where that is not possible.
        if (namespaces != null) {
            namespaces.close();
        }
    }

    @Test
    void portsInTwoNamespaces() {
        try (Started testpmd = Started.vpmd("testpmd " + portsOfBoth())) {
            testpmd.awaitOutput("packet forwarding");
            everythingPasses(testpmd);
        }
    }

    private String portsOfBoth() {
        return "--port net_kni:vl0,netns=" + left + " --port net_kni:vr0,netns=" + right;
    }

    @Test
    void interfacesMovedAfterTheStart() {
        String home = namespaces.add();
        try (Started testpmd =
                Started.vpmdIn(home, "testpmd --port net_kni:vl0 --port net_kni:vr0")) {
            testpmd.awaitOutput("packet forwarding");
            Shell.in(home, "ip link set vl0 netns " + left);
            Shell.in(home, "ip link set vr0 netns " + right);
            everythingPasses(testpmd);
        }
    }

    private void everythingPasses(Started testpmd) {
        configure(left, "vl0", 1);
        configure(right, "vr0", 2);
        captured();
        Shell.in(left, "ping -6 -q -c 3 -i 0.2 -W 5 fd77::2");
        tagged();
        transfer("tcp-receive 5001", "tcp-send 10.77.0.2 5001 " + TCP_BYTES);
        transfer("udp-receive 5002 200", "udp-send 10.77.0.2 5002 200");
        jumbo();
        testpmd.signal("TERM");
        assertEquals(0, testpmd.await(), testpmd::output);
    }

    private static void configure(String namespace, String name, int host) {
        Shell.in(namespace, "ip link set " + name + " up");
        Shell.in(namespace, "ip addr add 10.77.0." + host + "/24 dev " + name);
        Shell.in(namespace, "ip addr add fd77::" + host + "/64 dev " + name + " nodad");
    }

    /** Runs where this kernel has VLAN devices. */
    @Test
    void vlanDevices() {
        try (Started testpmd = Started.vpmd("testpmd " + portsOfBoth())) {
            testpmd.awaitOutput("packet forwarding");
            addVlan(left, "vl0", 1);
            addVlan(right, "vr0", 2);
            Shell.in(left, "ping -q -c 3 -i 0.2 -W 5 10.78.0.2");
        }
    }

    private static void addVlan(String namespace, String name, int host) {
        Shell.in(namespace, "ip link set " + name + " up");
        String command = "ip -n " + namespace + " link add link " + name + " v5 type vlan id 5";
        Shell.Result vlan = Shell.run(command.split(" "));
        assumeTrue(vlan.exit() == 0, () -> "no VLAN devices in this kernel: " + vlan.output());
        Shell.in(namespace, "ip link set v5 up");
        Shell.in(namespace, "ip addr add 10.78.0." + host + "/24 dev v5");
    }

    /** A frame with an 802.1Q tag arrives with it. */
    private void tagged() {
        String command = "tcpdump -e -l -n -c 1 -i vr0 vlan 5 and ether proto 0x88b5";
        try (Started capture = Started.in(right, command)) {
            capture.awaitOutput("listening on");
            try (Started sender = Started.javaIn(left, TaggedFrame.class, "vl0 5")) {
                assertEquals(0, sender.await(), sender::output);
            }
            assertEquals(0, capture.await(), capture::output);
            assertTrue(capture.output().contains("vlan 5,"), capture::output);
        }
    }

    /** tcpdump on either side sees the other's requests. */
    private void captured() {
        String command = "tcpdump -l -n -c 1 icmp[icmptype]==icmp-echo and src 10.77.0.1 -i ";
        try (Started a = Started.in(left, command + "vl0");
                Started b = Started.in(right, command + "vr0")) {
            a.awaitOutput("listening on");
            b.awaitOutput("listening on");
            Shell.in(left, "ping -q -c 3 -i 0.2 -W 5 10.77.0.2");
            assertEquals(0, a.await(), a::output);
            assertEquals(0, b.await(), b::output);
            assertTrue(b.output().contains("10.77.0.1 > 10.77.0.2: ICMP echo request"), b::output);
        }
    }

    /** Runs both ends and compares what they say. */
    private void transfer(String receive, String send) {
        try (Started receiver = Started.javaIn(right, Transfer.class, receive)) {
            receiver.awaitOutput("listening");
            try (Started sender = Started.javaIn(left, Transfer.class, send)) {
                assertEquals(0, sender.await(), sender::output);
                assertEquals(0, receiver.await(), receiver::output);
                assertEquals(
                        sender.output().replace("sent", "listening\nreceived"), receiver.output());
            }
        }
    }

    private void jumbo() {
        Shell.in(left, "ip link set vl0 mtu 9000");
        Shell.in(right, "ip link set vr0 mtu 9000");
        Shell.in(left, "ping -q -c 2 -i 0.2 -W 5 -M do -s 8972 10.77.0.2");
    }
}
