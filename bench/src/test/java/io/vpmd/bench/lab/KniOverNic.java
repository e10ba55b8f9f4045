// SPDX-License-Identifier: Apache-2.0
package io.vpmd.bench.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vpmd.bench.system.Shell;
import io.vpmd.bench.system.Started;
import io.vpmd.bench.system.TaggedFrame;
import io.vpmd.bench.system.Transfer;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The KNI application in a guest with a NIC behind vfio: the guest's kernel and a host outside talk
 * through the Java driver (T2). One run of the application for all, its start is slow there.
 */
@Tag("guest")
@Timeout(900)
abstract class KniOverNic {
    private static final String GUEST = "192.168.211.1";
    private static final String PEER = "192.168.211.2";
    static final String PEER_NETWORK = PEER + "/24";
    private static final String TAGGED_GUEST = "192.168.212.1/24";
    private static final String TAGGED_PEER = "192.168.212.2";
    private static final int VLAN = 7;
    private static final int TCP_PORT = 5201;
    private static final int START_SECONDS = 240;
    private static final int TRANSFER_SECONDS = 120;
    private static final long MEBIBYTE = 1 << 20;
    private static final long INTO_GUEST_BYTES = 64 * MEBIBYTE;
    /* The other way half as much: that is slower, and the way in was the full length. */
    private static final long OUT_OF_GUEST_BYTES = 32 * MEBIBYTE;
    private static final int STATISTICS_SECONDS = 20;
    private static final int LINK_TRIES = 3;
    private static final Pattern ROW =
            Pattern.compile(" {6}0 +0/ 0 +(\\d+) +(\\d+) +(\\d+) +(\\d+)");

    private Guest guest;
    private GuestCommand kni;
    private CablePeer peer;

    /**
     * Runs all of it.
     *
     * @param machine has the NIC
     * @param port its spec
     * @param outside at the far end of its cable, with {@link #PEER_NETWORK}
     * @param backend of the application
     */
    final void talk(Guest machine, String port, CablePeer outside, String backend) {
        guest = machine;
        peer = outside;
        guest.check("echo 1 > /proc/sys/net/ipv6/conf/default/disable_ipv6");
        try (GuestCommand running =
                guest.vpmd(
                        "kni --port "
                                + port
                                + " -p 1 -m --backend "
                                + backend
                                + " --config '(0,0,0)'")) {
            kni = running;
            kni.awaitOutput("Zero KNI Statistics", START_SECONDS);
            guest.check("ip addr add " + GUEST + "/24 dev vEth0 && ip link set vEth0 up");
            kni.awaitOutput("link up", START_SECONDS);
            String driver = backend.equals("tap") ? "tun" : backend;
            assertTrue(guest.check("ethtool -i vEth0").contains("driver: " + driver));
            pingBothWays();
            statisticsAgree(true);
            transferBothWays();
            // What leaves the guest is segmented by the device, and counted before that.
            statisticsAgree(false);
            tagsPass();
            theMtuChangesUnderTraffic();
            aPulledCableShows();
            kni.signal("TERM");
            assertEquals(0, kni.await(START_SECONDS).exit(), kni::output);
        }
        assertEquals("", guest.run("ip -br link show vEth0 2>/dev/null").output());
    }

    private void pingBothWays() {
        String out = guest.check("ping -q -c 5 -i 0.2 -W 5 " + PEER);
        assertTrue(out.contains(" 0% packet loss"), out);
        String in = Shell.in(peer.namespace(), "ping -q -c 5 -i 0.2 -W 5 " + GUEST);
        assertTrue(in.contains(" 0% packet loss"), in);
    }

    private void transferBothWays() {
        String serve = "tcp-serve " + TCP_PORT + " " + INTO_GUEST_BYTES;
        try (Started server = Started.javaIn(peer.namespace(), Transfer.class, serve)) {
            server.awaitOutput("listening");
            String sum = sum("cat <&3 >/tmp/got; sha256sum </tmp/got", TCP_PORT);
            assertEquals(0, server.await(), server::output);
            assertTrue(
                    server.output().contains("sent " + INTO_GUEST_BYTES + " " + sum),
                    () -> sum + " but " + server.output());
        }
        String receive = "tcp-receive " + (TCP_PORT + 1);
        try (Started server = Started.javaIn(peer.namespace(), Transfer.class, receive)) {
            server.awaitOutput("listening");
            String some = "head -c " + OUT_OF_GUEST_BYTES + " /tmp/got";
            String sum = sum(some + " >&3; exec 3>&-; " + some + " | sha256sum", TCP_PORT + 1);
            assertEquals(0, server.await(), server::output);
            assertTrue(
                    server.output().contains("received " + OUT_OF_GUEST_BYTES + " " + sum),
                    () -> sum + " but " + server.output());
        }
    }

    /** Runs a script whose descriptor 3 is a connection to the peer, and that prints a sum. */
    private String sum(String script, int port) {
        String connect = "exec 3<>/dev/tcp/" + PEER + "/" + port + "; ";
        try (GuestCommand end = guest.start(connect + script)) {
            return end.check(TRANSFER_SECONDS).split(" ", -1)[0];
        }
    }

    /** What the application counted is what went over the cable, to the frame. */
    private void statisticsAgree(boolean bothWays) {
        Patience patience = new Patience(STATISTICS_SECONDS);
        String wanted = "";
        String counted = "none";
        while (!counted.equals(wanted) && !patience.over()) {
            int before = kni.output().length();
            kni.signal("USR1");
            kni.awaitOutput(ROW, before, START_SECONDS);
            wanted = peer.sent() + " in" + (bothWays ? ", " + peer.received() + " out" : "");
            Matcher row = ROW.matcher(kni.output());
            if (row.find(before)) {
                long in = Long.parseLong(row.group(1)) + Long.parseLong(row.group(2));
                counted = in + " in" + (bothWays ? ", " + row.group(3) + " out" : "");
            }
        }
        assertEquals(wanted, counted, kni::output);
    }

    /** Both ways; this machine's kernel may have no VLANs, the guest's has. */
    private void tagsPass() {
        guest.check(
                "ip link add link vEth0 name tagged type vlan id %d && ip addr add %s dev tagged"
                                .formatted(VLAN, TAGGED_GUEST)
                        + " && ip link set tagged up");
        String capture =
                "tcpdump -e -l -n -c 1 -i %s vlan %d and arp"
                        .formatted(OutsidePeer.INTERFACE, VLAN);
        if (Shell.has("tcpdump")) {
            try (Started seen = Started.in(peer.namespace(), capture)) {
                seen.awaitOutput("listening on");
                guest.run("ping -c 1 -W 1 " + TAGGED_PEER);
                assertEquals(0, seen.await(), seen::output);
                assertTrue(seen.output().contains("who-has " + TAGGED_PEER), seen::output);
            }
        }
        String frame = OutsidePeer.INTERFACE + " " + VLAN;
        try (Started sender = Started.javaIn(peer.namespace(), TaggedFrame.class, frame)) {
            assertEquals(0, sender.await(), sender::output);
        }
        guest.check(
                "for i in $(seq 100); do"
                        + " [ $(cat /sys/class/net/tagged/statistics/rx_packets) -gt 0 ] && break;"
                        + " sleep .1; done; [ $i -lt 100 ] && ip link del tagged");
    }

    private void theMtuChangesUnderTraffic() {
        String big = "ping -M do -q -s 8000 -i 0.2 -W 2 -c ";
        assertTrue(guest.run(big + "1 " + PEER).exit() != 0, "8000 bytes passed at MTU 1500");
        try (Started traffic =
                Started.in(peer.namespace(), "ping -q -i 0.05 -w 60 -c 100 " + GUEST)) {
            guest.check("ip link set vEth0 mtu 9000");
            kni.awaitOutput("to 9000", START_SECONDS);
            String out = guest.check(big + "5 " + PEER);
            assertTrue(out.contains(", 0% packet loss"), out);
            traffic.await();
            // Some are lost while the port starts anew with larger buffers.
            assertTrue(
                    traffic.output().matches("(?s).* ([5-9]\\d|100) received.*"), traffic::output);
        }
    }

    /** Plugs the cable in or out. */
    abstract void setLink(boolean up);

    /** Within a second, in the best of three tries: the processor is emulated and shared. */
    private void aPulledCableShows() {
        long best = Long.MAX_VALUE;
        for (int i = 0; i < LINK_TRIES && best > 1_000; i++) {
            best = Math.min(best, carrierMillis(false));
            carrierMillis(true);
        }
        assertTrue(best <= 1_000, "a pulled cable showed on vEth0 after " + best + " ms");
        String in = Shell.in(peer.namespace(), "ping -q -c 2 -i 0.5 -W 5 " + GUEST);
        assertTrue(in.contains(" 0% packet loss"), in);
    }

    private long carrierMillis(boolean up) {
        String old = up ? "0" : "1";
        String loop =
                "echo ready; while read -r c < /sys/class/net/vEth0/carrier && [ $c = "
                        + old
                        + " ]; do :; done; echo seen; sleep 0.1";
        try (GuestCommand watch = guest.start(loop)) {
            watch.awaitOutput("ready", Guest.RUN_SECONDS);
            long started = System.nanoTime();
            setLink(up);
            watch.awaitOutput("seen", Guest.RUN_SECONDS);
            return (System.nanoTime() - started) / 1_000_000;
        }
    }
}
