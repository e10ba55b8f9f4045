// SPDX-License-Identifier: Apache-2.0
package io.vpmd.bench.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Interfaces of kni.ko as the kernel's stack uses them (T2): vEth2 in the namespace a and vEth3 in
 * the namespace b are what is on the cables of vEth0 and vEth1.
 */
@Tag("guest")
@Timeout(900)
class KmodStackGuestTest {
    private static final int SECONDS = 240;
    private static final String PORTS =
            "testpmd --port net_kni:vEth0,backend=kni --port net_kni:vEth2,backend=kni --port"
                    + " net_kni:vEth1,backend=kni --port net_kni:vEth3,backend=kni"
                    + " --stats-period 1";

    /* They are moved there after they were made. */
    private static final String NAMESPACES =
            """
            mkdir -p /run/netns
            for i in $(seq 600); do [ -e /sys/class/net/vEth3 ] && break; sleep 0.1; done
            for end in a:vEth2 b:vEth3; do
                ip netns add ${end%%:*}
                ip link set ${end#*:} netns ${end%%:*}
                ip -n ${end%%:*} link set lo up
            done
            """;

    private static final String BRIDGE =
            """
            modprobe bridge
            ip link add br_kni type bridge && ip link set br_kni up
            ip link set vEth0 up master br_kni && ip link set vEth1 up master br_kni
            ip -n a addr add 10.9.1.1/24 dev vEth2 && ip -n a addr add fd09::1/64 dev vEth2 nodad
            ip -n b addr add 10.9.1.2/24 dev vEth3 && ip -n b addr add fd09::2/64 dev vEth3 nodad
            ip -n a link set vEth2 up && ip -n b link set vEth3 up
            """;

    private static final String ROUTES =
            """
            echo 1 > /proc/sys/net/ipv4/ip_forward
            ip addr add 10.9.2.254/24 dev vEth0 && ip addr add 10.9.3.254/24 dev vEth1
            ip link set vEth0 up && ip link set vEth1 up
            ip -n a addr add 10.9.2.1/24 dev vEth2 && ip -n a link set vEth2 up
            ip -n b addr add 10.9.3.1/24 dev vEth3 && ip -n b link set vEth3 up
            ip -n a route add default via 10.9.2.254 && ip -n b route add default via 10.9.3.254
            """;

    /* Of a thousand requests and answers, each is counted once and at its whole length. */
    private static final String COUNTED =
            """
            all=/proc/sys/net/ipv6/conf/all/disable_ipv6
            echo 1 > $all; ip netns exec a sh -c "echo 1 > $all"
            ip addr add 10.9.4.1/24 dev vEth0 && ip link set vEth0 up
            ip -n a addr add 10.9.4.2/24 dev vEth2 && ip -n a link set vEth2 up
            ping -c 1 -w 60 10.9.4.2 > /dev/null || exit 1
            ip neigh change 10.9.4.2 lladdr $(ip netns exec a cat /sys/class/net/vEth2/address) \
                dev vEth0 nud permanent
            ip -n a neigh change 10.9.4.1 lladdr $(cat /sys/class/net/vEth0/address) \
                dev vEth2 nud permanent
            # What other tests talked to would be asked whether it is there still; permanent entries stay.
            ip neigh flush dev vEth0; ip -n a neigh flush dev vEth2
            cd /sys/class/net/vEth0/statistics
            before=($(cat rx_packets rx_bytes tx_packets tx_bytes rx_dropped tx_dropped))
            ping -f -q -c 1000 -s 200 10.9.4.2 > /dev/null || exit 1
            after=($(cat rx_packets rx_bytes tx_packets tx_bytes rx_dropped tx_dropped))
            for i in 0 1 2 3 4 5; do echo -n "$((after[i] - before[i])) "; done
            ethtool -S vEth0 | awk '/queue0_rx_packets/ {print $2 - %s}'
            cd /
            echo 0 > $all; ip netns exec a sh -c "echo 0 > $all"
            """
                    .formatted("'${before[0]}'");

    private static Guest guest;
    private static GuestCommand ports;

    @BeforeAll
    static void connect() {
        guest = Kmod.guest();
        ports = guest.vpmd(PORTS);
        ports.awaitOutput("vEth3", SECONDS);
        guest.check(NAMESPACES);
    }

    @AfterAll
    static void nothingIsLeft() {
        ports.signal("TERM");
        ports.await(Guest.RUN_SECONDS);
        ports.close();
        guest.check("ip netns del a; ip netns del b");
        Kmod.nothingIsLeft(guest);
    }

    private String inside(String namespace, String command) {
        return guest.check("ip netns exec " + namespace + " " + command);
    }

    private void pings(String where) {
        Kmod.pings(guest, "ip netns exec a ", where);
    }

    /** Also interfaces that were moved to other namespaces. */
    @Test
    void aBridgeCarriesTwoOfThem() {
        guest.check(BRIDGE);
        pings("10.9.1.2");
        pings("-6 fd09::2");
        String said = inside("a", "ping -c 2 -i 0.2 -W 1 10.9.1.99 || true");
        assertTrue(said.contains("100% packet loss"), said);
        try (GuestCommand server = guest.start("exec ip netns exec b iperf3 -s -1 --forceflush")) {
            server.awaitOutput("listening", SECONDS);
            inside("a", "iperf3 -c 10.9.1.2 -n 64M");
            server.await(SECONDS);
        } finally {
            guest.check("ip link del br_kni");
        }
    }

    @Test
    void theKernelRoutesBetweenThem() {
        guest.check(ROUTES);
        pings("10.9.3.1");
        pings("-s 20000 10.9.3.1");
    }

    @Test
    void everyKindOfFrameIsSeenByTcpdump() {
        guest.check("ip link set vEth0 up");
        inside("a", "ip link set vEth2 up");
        String dump =
                "exec ip netns exec a tcpdump -Z root -i vEth2 -l -e -n -c 6 ether src"
                        + " 02:4b:4e:49:00:99";
        try (GuestCommand tcpdump = guest.start(dump + " 2>&1")) {
            tcpdump.awaitOutput("listening on", SECONDS);
            guest.check("/run/frames vEth0");
            String seen = tcpdump.check(SECONDS);
            assertTrue(seen.contains("6 packets captured"), seen);
            assertTrue(seen.contains("vlan 5"), seen);
            assertTrue(seen.contains("0x88b5"), seen);
        }
    }

    @Test
    void statisticsAreExact() {
        assertEquals("1000 242000 1000 242000 0 0 1000", guest.check(COUNTED).strip(), "of vEth0");
    }
}
