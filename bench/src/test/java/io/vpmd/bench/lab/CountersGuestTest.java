// SPDX-License-Identifier: Apache-2.0
package io.vpmd.bench.lab;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vpmd.contract.qtest.Wire;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * What net_igb counts is what a peer sent and received, and its register dump, decoded by ethtool,
 * is what the device's registers hold (T2).
 */
@Tag("guest")
@Timeout(900)
class CountersGuestTest {
    private static final int SECONDS = 240;
    private static final String FILE = "/tmp/igb.dump";
    private static final int CRC_BYTES = 4;
    /* None within four bytes of a limit: QEMU's 82576 sorts without a check sequence it strips. */
    private static final Map<Integer, String> SIZES =
            Map.of(
                    100, "65_to_127",
                    200, "128_to_255",
                    400, "256_to_511",
                    800, "512_to_1023",
                    1400, "1024_to_max");
    private static final int ROUNDS = 40;
    /* Frames on their way at a time: fewer than the receive ring has descriptors. */
    private static final int WINDOW = 64;

    private static final Pattern DECODED =
            Pattern.compile("(?m)^0x([0-9A-F]{5}): (\\S+) .*0x([0-9A-F]{8})$");
    /* A read clears these, or gives what the last write to the other of a pair left. */
    private static final Set<String> READ_ONCE =
            Set.of("EICR", "EICS", "EIMC", "ICR", "ICS", "IMC");
    private static final int FIRST_COUNTER = 0x4000;
    private static final int LAST_COUNTER = 0x4138;
    private static final int SCVPC = 0x4228;

    @Test
    void countersAndRegistersAreTheDevices() {
        Guest guest = Cards.guest();
        String address = GuestMachine.address(Cards.OUTSIDE);
        List<byte[]> frames = frames();
        String arguments = address + " " + frames.size() + " " + FILE;
        try (Wire wire = guest.wire(Cards.OUTSIDE);
                GuestCommand card = guest.java(CountedCard.class, arguments)) {
            card.awaitOutput("ready", SECONDS);
            exchange(wire, frames);
            card.awaitOutput("written", SECONDS);
            countersAgree(card.output());
            registersAgree(guest, address);
        }
    }

    private static List<byte[]> frames() {
        List<byte[]> all = new ArrayList<>();
        for (int i = 0; i < ROUNDS; i++) {
            for (int size : SIZES.keySet()) {
                byte[] frame = new byte[size];
                // Broadcast, multicast, unicast.
                frame[0] = (byte) (i % 4 == 0 ? 0xff : i % 4 == 1 ? 0x01 : 0x02);
                for (int b = 1; b < 6; b++) {
                    frame[b] = (byte) (i % 4 == 0 ? 0xff : b);
                }
                frame[6] = 2;
                frame[12] = (byte) 0x88;
                frame[13] = (byte) 0xb5;
                frame[14] = (byte) all.size();
                all.add(frame);
            }
        }
        return all;
    }

    private static void exchange(Wire wire, List<byte[]> frames) {
        int sent = 0;
        for (int received = 0; received < frames.size(); received++) {
            while (sent < frames.size() && sent - received < WINDOW) {
                wire.send(frames.get(sent++));
            }
            Optional<byte[]> back = wire.await(SECONDS * 1_000L);
            assertTrue(back.isPresent(), "frame " + received + " did not come back");
            assertArrayEquals(frames.get(received), back.get(), "frame " + received);
        }
    }

    private static void countersAgree(String printed) {
        Map<String, Long> counted = new TreeMap<>();
        for (String line : printed.lines().toList()) {
            String[] words = line.split(" ", -1);
            if (words.length == 2) {
                counted.put(words[0], Long.parseLong(words[1]));
            }
        }
        long packets = (long) ROUNDS * SIZES.size();
        long bytes = ROUNDS * SIZES.keySet().stream().mapToLong(i -> i).sum();
        Map<String, Long> wanted = new TreeMap<>();
        for (String way : new String[] {"rx", "tx"}) {
            wanted.put(way + "_packets", packets);
            wanted.put(way + "_bytes", bytes);
            wanted.put(way + "_good_packets", packets);
            wanted.put(way + "_good_bytes", bytes);
            wanted.put(way + "_q0_packets", packets);
            wanted.put(way + "_q0_bytes", bytes);
            wanted.put(way + "_mac_good_packets", packets);
            wanted.put(way + "_mac_good_bytes", bytes + packets * CRC_BYTES);
            wanted.put(way + "_total_packets", packets);
            wanted.put(way + "_total_bytes", bytes + packets * CRC_BYTES);
            wanted.put(way + "_broadcast_packets", packets / 4);
            wanted.put(way + "_multicast_packets", packets / 4);
            for (String size : SIZES.values()) {
                wanted.put(way + "_size_" + size + "_packets", (long) ROUNDS);
            }
        }
        counted.keySet().removeAll(Set.of("version", "interrupt_assert_count"));
        // All others are of errors, of losses and of what nobody sent.
        counted.keySet().forEach(name -> wanted.putIfAbsent(name, 0L));
        assertEquals(wanted, counted);
    }

    /** QEMU's monitor reads the registers while the driver has the device. */
    private static void registersAgree(Guest guest, String address) {
        String folder = "/sys/bus/pci/devices/";
        String resource = guest.check("head -n 1 " + folder + address + "/resource");
        long bar = Long.decode(resource.split(" ", -1)[0]);
        String kernels = GuestMachine.address(Cards.KERNEL);
        String name = guest.check("ls " + folder + kernels + "/net").strip();
        String decoded = guest.check("ethtool -d " + name + " file " + FILE);
        int compared = 0;
        List<String> wrong = new ArrayList<>();
        for (MatchResult line : DECODED.matcher(decoded).results().toList()) {
            int offset = Integer.parseInt(line.group(1), 16);
            boolean counter =
                    (offset >= FIRST_COUNTER && offset <= LAST_COUNTER) || offset == SCVPC;
            if (!counter && !READ_ONCE.contains(line.group(2))) {
                // ethtool gives MDIC the offset of CTRL_EXT.
                int real = line.group(2).equals("MDIC") ? 0x20 : offset;
                String live = "%08X".formatted(guest.monitor().word(bar + real));
                compared++;
                if (!live.equals(line.group(3))) {
                    wrong.add(line.group() + " but the register has " + live);
                }
            }
        }
        assertEquals(List.of(), wrong);
        assertTrue(compared > 400, compared + " registers only:\n" + decoded);
        assertTrue(decoded.contains("Promiscuous") || decoded.contains("promiscuous"), decoded);
        assertTrue(decoded.matches("(?s).*GPRC .*0x0*" + hex() + "\\n.*"), decoded);
        assertTrue(decoded.matches("(?s).*GPTC .*0x0*" + hex() + "\\n.*"), decoded);
    }

    private static String hex() {
        return "%X".formatted(ROUNDS * SIZES.size());
    }
}
