// SPDX-License-Identifier: Apache-2.0
package io.vpmd.bench.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
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
    private static final String SETTINGS = "IPv4 and IPv6";

    private Namespaces namespaces;
    private String left;
    private String right;

    @BeforeEach
    void make() {
        namespaces = new Namespaces();
        assumeTrue(Shell.has("ping"), "needs ping (package iputils-ping)");
        left = namespaces.add();
        right = namespaces.add();
    }

    @AfterEach
    void delete() {
        namespaces.close();
    }

    @Test
    void portsInTwoNamespaces() {
        String ports = "--port net_kni:vl0,netns=" + left + " --port net_kni:vr0,netns=" + right;
        try (VpmdProcess testpmd = VpmdProcess.start("testpmd " + ports)) {
            testpmd.awaitOutput("packet forwarding");
            everythingPasses(testpmd);
        }
    }

    @Test
    void interfacesMovedAfterTheStart() {
        String home = namespaces.add();
        try (VpmdProcess testpmd =
                VpmdProcess.startIn(home, "testpmd --port net_kni:vl0 --port net_kni:vr0")) {
            testpmd.awaitOutput("packet forwarding");
            Shell.in(home, "ip link set vl0 netns " + left);
            Shell.in(home, "ip link set vr0 netns " + right);
            everythingPasses(testpmd);
        }
    }

    private void everythingPasses(VpmdProcess testpmd) {
        configure(left, "vl0", 1);
        configure(right, "vr0", 2);
        try (VpmdCapture a = VpmdCapture.start(left, "vl0");
                VpmdCapture b = VpmdCapture.start(right, "vr0")) {
            Shell.in(left, "ping -q -c 3 -i 0.2 -W 5 10.77.0.2");
            a.assertSaw("ICMP echo request");
            b.assertSaw("ICMP echo request");
        }
        Shell.in(left, "ping -6 -q -c 3 -i 0.2 -W 5 fd77::2");
        // Priority tagged: 802.1Q frames with ARP and ICMP in them.
        Shell.in(left, "ping -q -c 2 -i 0.2 -W 5 10.78.0.2");
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
        Shell.Result vlan =
                Shell.run(
                        "ip", "-n", namespace, "link", "add", "link", name, "name", "v5", "type",
                        "vlan", "id", "5");
        assumeTrue(vlan.exit() == 0, () -> "no VLAN devices here: " + vlan.output());
        Shell.in(namespace, "ip link set v5 up");
        Shell.in(namespace, "ip addr add 10.78.0." + host + "/24 dev v5");
    }

    /** Runs both ends and compares what they say. */
    private void transfer(String receive, String send) {
        try (Peer receiver = Peer.start(right, receive);
                Peer sender = Peer.start(left, send, receiver)) {
            assertEquals(
                    sender.awaitResult().replace("sent", ""),
                    receiver.awaitResult().replace("received", ""));
        }
    }

    private void jumbo() {
        Shell.in(left, "ip link set vl0 mtu 9000");
        Shell.in(right, "ip link set vr0 mtu 9000");
        Shell.in(left, "ping -q -c 2 -i 0.2 -W 5 -M do -s 8972 10.77.0.2");
    }
}
