// SPDX-License-Identifier: Apache-2.0
package io.vpmd.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vpmd.spi.MacAddress;
import io.vpmd.spi.Port;
import io.vpmd.spi.PortException;
import io.vpmd.spi.PortInfo;

import org.junit.jupiter.api.Test;

import java.util.List;

/** Settings take effect, are kept over stop and start, and are refused without a trace. */
interface SettingsContract extends Rigged {
    MacAddress OTHER = MacAddress.parse("02:11:22:33:44:55");

    /** Stop, start, and stop, configure, start. */
    private void restarts(Runnable check) {
        Port port = rig().port();
        check.run();
        port.stop();
        check.run();
        port.start();
        check.run();
        var config = port.config();
        port.stop();
        port.configure(config);
        port.start();
        check.run();
    }

    @Test
    default void theAddressIsKept() {
        Port port = rig().started();
        port.setMac(OTHER);
        restarts(
                () -> {
                    assertEquals(OTHER, port.mac());
                    rig().fixture()
                            .deviceMac()
                            .ifPresent(m -> assertEquals(OTHER.toString(), m, "the device's"));
                });
        if (rig().fixture().injects()) {
            List<byte[]> frames = rig().frames(0, 5);
            Rig.assertFrames(frames, rig().receive(frames, 8));
        }
    }

    @Test
    default void theMtuIsKeptAndItsLargestFramePasses() {
        PortInfo info = rig().info();
        int room = rig().pool().dataRoom() - 18;
        for (int mtu : new int[] {Math.max(600, info.minMtu()), Math.min(info.maxMtu(), room)}) {
            Port port = rig().started();
            port.setMtu(mtu);
            restarts(
                    () -> {
                        assertEquals(mtu, port.mtu());
                        rig().fixture()
                                .deviceMtu()
                                .ifPresent(m -> assertEquals(mtu, m, "the device's MTU"));
                    });
            largestFramePasses(mtu);
        }
    }

    private void largestFramePasses(int mtu) {
        List<byte[]> frames = List.of(rig().frame(mtu, mtu + TestFrames.HEADER_LENGTH));
        if (rig().fixture().collects()) {
            Rig.assertFrames(frames, rig().send(frames, 1));
        }
        if (rig().fixture().injects()) {
            Rig.assertFrames(frames, rig().receive(frames, 8));
        }
        assertEquals(0, rig().port().stats().txErrors(), "txErrors");
    }

    @Test
    default void promiscuousIsKept() {
        Port port = rig().started();
        port.setPromiscuous(true);
        restarts(() -> assertTrue(port.promiscuous()));
        receives(TestFrames.frame(MacAddress.parse("02:00:00:00:77:77"), 1, 100));
        port.setPromiscuous(false);
        restarts(() -> assertTrue(!port.promiscuous()));
    }

    @Test
    default void allmulticastIsKept() {
        Port port = rig().started();
        port.setAllmulticast(true);
        restarts(() -> assertTrue(port.allmulticast()));
        receives(TestFrames.frame(MacAddress.parse("01:00:5e:00:00:fb"), 1, 100));
        port.setAllmulticast(false);
        restarts(() -> assertTrue(!port.allmulticast()));
    }

    @Test
    default void broadcastIsAlwaysReceived() {
        rig().started();
        receives(TestFrames.frame(MacAddress.BROADCAST, 1, 100));
    }

    private void receives(byte[] frame) {
        if (rig().fixture().injects()) {
            Rig.assertFrames(List.of(frame), rig().receive(List.of(frame), 8));
        }
    }

    @Test
    default void settingsBeforeTheFirstStartHold() {
        Port port = rig().port();
        port.setMac(OTHER);
        port.setMtu(1000);
        port.setPromiscuous(true);
        port.setAllmulticast(true);
        rig().started();
        assertEquals(OTHER, port.mac());
        assertEquals(1000, port.mtu());
        assertTrue(port.promiscuous() && port.allmulticast());
        receives(TestFrames.frame(MacAddress.parse("02:00:00:00:77:77"), 1, 100));
        largestFramePasses(1000);
    }

    @Test
    default void requestedOffloadsAreKept() {
        PortInfo info = rig().info();
        var wanted = rig().config().withOffloads(info.rxOffloads(), info.txOffloads());
        Port port = rig().started(wanted);
        port.stop();
        port.start();
        assertEquals(wanted, port.config());
        if (rig().fixture().injects()) {
            List<byte[]> frames = rig().frames(0, 20);
            Rig.assertFrames(frames, rig().receive(frames, 8));
        }
    }

    @Test
    default void anMtuOutOfRangeIsRefused() {
        Port port = rig().started();
        PortInfo info = port.info();
        int before = port.mtu();
        for (int mtu : new int[] {info.minMtu() - 1, info.maxMtu() + 1, 0, -1}) {
            PortException e = assertThrows(PortException.class, () -> port.setMtu(mtu));
            assertTrue(e.getMessage().contains(Integer.toString(mtu)), e::getMessage);
            assertEquals(before, port.mtu(), "after a refused MTU");
        }
        largestFramePasses(before);
    }

    @Test
    default void anAddressThatNoPortCanHaveIsRefused() {
        Port port = rig().started();
        MacAddress before = port.mac();
        for (String bad :
                new String[] {"00:00:00:00:00:00", "ff:ff:ff:ff:ff:ff", "01:00:5e:00:00:01"}) {
            MacAddress mac = MacAddress.parse(bad);
            PortException e = assertThrows(PortException.class, () -> port.setMac(mac), bad);
            assertTrue(e.getMessage().contains(bad), e::getMessage);
            assertEquals(before, port.mac(), "after a refused address");
        }
    }

    @Test
    default void theLinkIsDownWhileThePortIsNotStarted() {
        Port port = rig().configured();
        assertTrue(!port.link().up(), "before start");
        port.start();
        port.stop();
        assertTrue(!port.link().up(), "after stop");
    }
}
