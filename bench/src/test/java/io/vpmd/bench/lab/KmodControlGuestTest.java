// SPDX-License-Identifier: Apache-2.0
package io.vpmd.bench.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Changes of kni.ko's interfaces, and a process that is asked about them (T2). */
@Tag("guest")
@Timeout(900)
class KmodControlGuestTest {
    private static final int SECONDS = 60;
    private static final int EPERM = 1;

    private Guest guest;
    private GuestCommand owner;

    @BeforeEach
    void own() {
        guest = Kmod.guest();
        owner = guest.start(Kmod.owner("echo vEth0 10.9.0.2"));
        owner.awaitOutput("ready vEth0", SECONDS);
    }

    @AfterEach
    void nothingIsLeft() {
        mode("asynchronous");
        owner.close();
        Kmod.nothingIsLeft(guest);
    }

    private void mode(String mode) {
        guest.check("echo " + mode + " > /sys/module/kni/parameters/request_mode");
    }

    private GuestCommand handler(int error) {
        GuestCommand handler = guest.start(Kmod.owner("handle vEth0 " + error));
        handler.awaitOutput("handling", SECONDS);
        handler.awaitOutput("vlans", SECONDS);
        return handler;
    }

    private String refused(String line) {
        return guest.check("( " + Kmod.owner(line) + " 2>&1 ) || true");
    }

    /** What ip shows within some time. */
    private void becomes(String wanted) {
        Kmod.await(guest, "ip link show vEth0 | grep -q '" + wanted + "'");
    }

    @Test
    void eachChangeIsTold() {
        try (GuestCommand handler = handler(0)) {
            guest.check("ip link set vEth0 mtu 1400");
            handler.awaitOutput("?mtu 1400", SECONDS);
            guest.check("ip link set vEth0 address 02:00:00:00:00:77");
            handler.awaitOutput("?mac 02:00:00:00:00:77", SECONDS);
            guest.check("ip link set vEth0 up");
            handler.awaitOutput("?up 1", SECONDS);
            guest.check("ip link set vEth0 promisc on");
            handler.awaitOutput("filter 1 unicast 0", SECONDS);
            guest.check("ip maddr add 33:33:00:00:00:05 dev vEth0");
            handler.awaitOutput("multicast", SECONDS);
            guest.check("ip link set vEth0 down");
            handler.awaitOutput("\nup 0", SECONDS);
            becomes("mtu 1400");
            becomes("02:00:00:00:00:77");
        }
    }

    @Test
    void whatIsRefusedIsPutBack() {
        String before = guest.check("cat /sys/class/net/vEth0/address").strip();
        try (GuestCommand handler = handler(EPERM)) {
            guest.check("ip link set vEth0 mtu 1400");
            handler.awaitOutput("?mtu 1400", SECONDS);
            becomes("mtu 1500");
            guest.check("ip link set vEth0 address 02:00:00:00:00:77");
            becomes(before);
            guest.check("ip link set vEth0 up");
            handler.awaitOutput("?up 1", SECONDS);
            Kmod.await(guest, "! ip link show vEth0 | grep -q '[<,]UP[,>]'");
        }
    }

    @Test
    void aSynchronousChangeFails() {
        mode("synchronous");
        try (GuestCommand handler = handler(EPERM)) {
            String said = guest.check("ip link set vEth0 mtu 1400 2>&1 && echo done || true");
            assertTrue(said.contains("Operation not permitted"), said);
            handler.awaitOutput("?mtu 1400", SECONDS);
            becomes("mtu 1500");
        }
        guest.check("ip link set vEth0 mtu 1400");
        try (GuestCommand handler = handler(0)) {
            guest.check("ip link set vEth0 mtu 1300");
            handler.awaitOutput("?mtu 1300", SECONDS);
            becomes("mtu 1300");
        }
    }

    /** The bound of request_timeout, by a handler that does not answer. */
    @Test
    void aSynchronousChangeWaitsForABoundedTime() {
        mode("synchronous");
        try (GuestCommand handler = handler(0)) {
            handler.signal("STOP");
            String said =
                    guest.check("time -p ip link set vEth0 mtu 1400 2>&1 && echo done || true");
            assertTrue(said.contains("timed out"), said);
            becomes("mtu 1500");
            mode("asynchronous");
            guest.check("ip link set vEth0 mtu 1350");
            becomes("mtu 1350");
            handler.signal("CONT");
            handler.awaitOutput("?mtu 1350", SECONDS);
        }
    }

    @Test
    void oneHandlesAtATimeAndLearnsOfTheEnd() {
        try (GuestCommand handler = handler(0)) {
            String said = refused("handle vEth0 0");
            assertTrue(said.contains("another process handles the requests"), said);
            said = refused("handle lo 0");
            assertTrue(said.contains("is none of kni.ko"), said);
            owner.close();
            handler.awaitOutput("gone", SECONDS);
        }
    }

    private void vlans(String wanted) {
        Kmod.await(
                guest,
                "[ \"$(ls /sys/class/net | grep -o 'vEth0[.].*' | xargs)\" = '" + wanted + "' ]");
    }

    private String addVlan(int id) {
        return guest.check(
                "ip link add link vEth0 name vEth0.%d type vlan id %d 2>&1 || true"
                        .formatted(id, id));
    }

    @Test
    void vlanIdsAreToldAsOneSet() {
        guest.check("modprobe 8021q");
        try (GuestCommand handler = handler(0)) {
            addVlan(5);
            handler.awaitOutput("?vlans 5.", SECONDS);
            addVlan(4094);
            handler.awaitOutput("?vlans 5 4094.", SECONDS);
            guest.check("ip link set vEth0 up");
            guest.check("ip link del vEth0.5");
            handler.awaitOutput("\nvlans 4094.", SECONDS);
        }
        // The next one learns of what there is.
        try (GuestCommand handler = handler(0)) {
            handler.awaitOutput("\nvlans 4094.", SECONDS);
        }
    }

    @Test
    void aVlanIdThatIsRefusedIsPutBackOrFails() {
        guest.check("modprobe 8021q");
        assertEquals("", addVlan(3));
        try (GuestCommand handler = handler(EPERM)) {
            assertEquals("", addVlan(7));
            handler.awaitOutput("?vlans 3 7.", SECONDS);
            vlans("vEth0.3");
            handler.awaitOutput("\nvlans 3.", SECONDS);
            mode("synchronous");
            String said = addVlan(9);
            assertTrue(said.contains("Operation not permitted"), said);
            handler.awaitOutput("?vlans 3 9.", SECONDS);
            vlans("vEth0.3");
        }
        assertEquals("", addVlan(9));
        vlans("vEth0.3 vEth0.9");
    }
}
