// SPDX-License-Identifier: Apache-2.0
package io.vpmd.bench.lab;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vpmd.ixgbe.model.IxgbeModel;
import io.vpmd.ixgbe.model.IxgbeModelChip;
import io.vpmd.spi.hw.Register;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The kernel's own ixgbe drives each of our models over vfio-user, and what ethtool says of the
 * card is what the model's registers hold (T2). With {@code VPMD_SOAK=1} the module is loaded 20
 * times and all models are looked at; else 3 times, and the oldest and the newest.
 */
class ServedIxgbeGuestTest extends ServedNics {
    private static final int QUEUES = 2;
    /* Beside the others it differs in how its link is set up only. */
    private static final String BACKPLANE = "x550em-kr";
    private static final boolean SOAK = "1".equals(System.getenv("VPMD_SOAK"));
    private static final Set<String> SHARE = Set.of("82599-kx4", "x550");
    private static final int RELOADS = SOAK ? 20 : 3;
    private static final int PINGS = 100;
    private static final int PING_BYTES = 100;
    private static final int FRAME_BYTES = PING_BYTES + 8 + 20 + 14;
    private static final int CRC_BYTES = 4;
    private static final int EEPROM_BYTES = 2048;
    private static final Pattern DECODED =
            Pattern.compile("(?m)^0x([0-9A-F]{5}): (\\S+) .*0x([0-9A-F]{8})$");
    private static final Pattern COUNTER = Pattern.compile("(?m)^ *(\\w+): ([0-9]+)$");
    /* These change by themselves, or by being read. */
    private static final Set<String> RESTLESS =
            Set.of("EICS", "EIMS", "EIMC", "EERD", "FRTIMER", "SWSM", "MSIXT");
    /* ethtool gives it the offset of SECTXCTRL. */
    private static final String MISPLACED = "SECRXSTAT";

    ServedIxgbeGuestTest() {
        super("ixgbe", 10_000, QUEUES);
    }

    @Override
    Stream<String> models() {
        return probed().filter(name -> SOAK ? !name.equals(BACKPLANE) : SHARE.contains(name));
    }

    @Override
    Stream<String> probed() {
        return Stream.of(IxgbeModelChip.names().split("\\|", -1));
    }

    @Override
    GuestMachine machine() {
        return new GuestMachine().processors(QUEUES);
    }

    private IxgbeModel model(String name) {
        return (IxgbeModel) card(name).model();
    }

    private static Register register(String name) {
        return IxgbeModel.table().registers().get(name);
    }

    private int value(String model, String register, int index) {
        return model(model).registers().get(register(register), index);
    }

    /** The same with only the ping's frames on the wire. */
    private String quiet(ServedCard card) {
        return "sysctl -q net.ipv6.conf.$n.disable_ipv6=1\n" + up(card);
    }

    @Test
    void theModuleIsReloadedWithoutAComplaint() {
        for (int i = 0; i < RELOADS; i++) {
            guest().check("rmmod ixgbe && modprobe ixgbe");
            for (String model : models().toList()) {
                ServedCard card = card(model);
                run(card, up(card) + "ping -c 1 -W 5 " + card.host(2));
                card.check();
            }
        }
        String complaints =
                guest().check(
                                "dmesg -l emerg,alert,crit,err,warn | grep -E 'ixgbe"
                                        + " 0000:|WARNING:' || true");
        assertEquals("", complaints.strip());
    }

    @ParameterizedTest
    @MethodSource("models")
    void countersAreWhatWentOverTheWire(String model) {
        ServedCard card = card(model);
        // Nobody asks for an address while it is counted.
        run(
                card,
                quiet(card)
                        + """
                        ping -c 1 -W 5 %1$s
                        mac=$(ip neigh show %1$s dev $n | sed 's/.*lladdr \\([^ ]*\\).*/\\1/')
                        ip neigh replace %1$s lladdr $mac nud permanent dev $n
                        """
                                .formatted(card.host(2)));
        // The driver collects every two seconds.
        String collected = "sleep 3; ethtool -S $n";
        Map<String, Long> before = counters(run(card, collected));
        String ping =
                "ping -q -c %d -i 0.01 -W 5 -s %d %s\n".formatted(PINGS, PING_BYTES, card.host(2));
        Map<String, Long> after = counters(run(card, ping + collected));
        Map<String, Long> wanted = new TreeMap<>();
        Map<String, Long> counted = new TreeMap<>();
        for (String way : new String[] {"rx", "tx"}) {
            wanted.put(way + "_packets", (long) PINGS);
            wanted.put(way + "_pkts_nic", (long) PINGS);
            wanted.put(way + "_bytes", (long) PINGS * FRAME_BYTES);
            wanted.put(way + "_bytes_nic", (long) PINGS * (FRAME_BYTES + CRC_BYTES));
        }
        // The driver asks for filters of TCP flows only, and the device looks for one each time.
        wanted.put("fdir_miss", (long) PINGS);
        for (String name : after.keySet()) {
            long difference = after.get(name) - before.getOrDefault(name, 0L);
            boolean restless = name.contains("queue") || name.startsWith("alloc");
            if (difference != 0 && !restless) {
                counted.put(name, difference);
            }
        }
        assertEquals(wanted, counted);
        card.check();
    }

    private static Map<String, Long> counters(String printed) {
        Map<String, Long> all = new TreeMap<>();
        COUNTER.matcher(printed)
                .results()
                .forEach(line -> all.put(line.group(1), Long.parseLong(line.group(2))));
        assertTrue(all.size() > 50, printed);
        return all;
    }

    @ParameterizedTest
    @MethodSource("models")
    void theRegisterDumpIsWhatTheRegistersHold(String model) {
        ServedCard card = card(model);
        String decoded = run(card, quiet(card) + "ethtool -d $n");
        int compared = 0;
        List<String> wrong = new ArrayList<>();
        for (MatchResult line : DECODED.matcher(decoded).results().toList()) {
            int offset = Integer.parseInt(line.group(1), 16);
            String name = card.model().registers().name(offset);
            Register register = register(name.replaceFirst("\\[.*", ""));
            boolean stays = register != null && register.access() != Register.Access.RC;
            if (stays && !RESTLESS.contains(line.group(2)) && !line.group(2).equals(MISPLACED)) {
                compared++;
                String live = "%08X".formatted(card.model().registers().read(offset));
                if (!live.equals(line.group(3))) {
                    wrong.add(line.group() + " but " + name + " has " + live);
                }
            }
        }
        assertEquals(List.of(), wrong);
        assertTrue(compared > 600, compared + " registers only:\n" + decoded);
        card.check();
    }

    @ParameterizedTest
    @MethodSource("models")
    void theEepromIsReadWordByWord(String model) {
        ServedCard card = card(model);
        String length = " raw on length " + EEPROM_BYTES;
        String said = run(card, "ethtool -e $n" + length + " | base64 -w 0");
        byte[] wanted = new byte[EEPROM_BYTES];
        for (int i = 0; i < EEPROM_BYTES; i++) {
            wanted[i] = (byte) (model(model).nvmWord(i / 2) >>> (8 * (i % 2)));
        }
        assertArrayEquals(wanted, Base64.getDecoder().decode(said.strip()));
        card.check();
    }

    @ParameterizedTest
    @MethodSource("models")
    void settingsReachTheRegisters(String model) {
        ServedCard card = card(model);
        run(card, quiet(card) + "ethtool -G $n rx 1024 tx 256\n" + awaitCarrier(1));
        assertEquals(1024 * 16, value(model, "RDLEN", 0));
        assertEquals(256 * 16, value(model, "TDLEN", 0));
        run(card, "ethtool -C $n rx-usecs 50");
        assertEquals((50 / 2) << 3, value(model, "EITR", 0) & 0xff8);
        run(card, "ethtool -A $n autoneg off rx off tx off\n" + awaitCarrier(1));
        assertEquals(0, (value(model, "MFLCN", 0) | value(model, "FCCFG", 0)) & 8);
        run(card, "ethtool -A $n autoneg off rx on tx on\n" + awaitCarrier(1));
        assertEquals(8, value(model, "MFLCN", 0) & value(model, "FCCFG", 0) & 8);
        run(card, "ip link set $n promisc on");
        assertEquals(0x300, value(model, "FCTRL", 0) & 0x300);
        run(card, "ip link set $n promisc off");
        assertEquals(0, value(model, "FCTRL", 0) & 0x300);
        run(card, "ethtool -K $n rxvlan off\n" + awaitCarrier(1));
        assertEquals(0, value(model, "RXDCTL", 0) & (1 << 30));
        run(card, "ethtool -K $n rxvlan on\n" + awaitCarrier(1));
        assertEquals(1 << 30, value(model, "RXDCTL", 0) & (1 << 30));
        run(card, "ethtool -L $n combined 1\n" + awaitCarrier(1));
        assertEquals(0, value(model, "RXDCTL", 1) & (1 << 25));
        run(card, "ethtool -L $n combined 2\n" + awaitCarrier(1));
        assertEquals(1 << 25, value(model, "RXDCTL", 1) & (1 << 25));
        card.check();
    }

    @ParameterizedTest
    @MethodSource("models")
    void theHashIsTheRegisters(String model) {
        ServedCard card = card(model);
        String said = run(card, up(card) + "ethtool -x $n");
        StringBuilder key = new StringBuilder();
        for (int i = 0; i < 40; i++) {
            key.append(i == 0 ? "" : ":")
                    .append(
                            "%02x"
                                    .formatted(
                                            value(model, "RSSRK", i / 4) >>> (8 * (i % 4)) & 0xff));
        }
        assertTrue(said.contains(key), () -> said + "\nbut the key is " + key);
        int entries = said.contains("  504: ") ? 512 : 128;
        assertEquals(model.equals("x550") ? 512 : 128, entries, said);
        for (int row = 0; row < entries; row += 8) {
            StringBuilder line = new StringBuilder("%5d: ".formatted(row));
            for (int i = row; i < row + 8; i++) {
                int four =
                        i < 128 ? value(model, "RETA", i / 4) : value(model, "ERETA", i / 4 - 32);
                line.append(" %5d".formatted(four >>> (8 * (i % 4)) & 0x3f));
            }
            assertTrue(said.contains(line), () -> said + "\nbut the table has " + line);
        }
    }

    @Test
    void theModuleOfTheCageIsRead() {
        ServedCard card = card("82599-sfp");
        String said = run(card, up(card) + "ethtool -m $n");
        assertTrue(said.contains("0x03 (SFP)") && said.contains("850nm"), said);
        assertTrue(said.contains("25.00 degrees C") && said.contains("3.3000 V"), said);
        card.check();
    }

    @ParameterizedTest
    @MethodSource("models")
    void aFlowRuleReachesTheFlowDirector(String model) {
        ServedCard card = card(model);
        run(card, up(card) + "ethtool -K $n ntuple on\n" + awaitCarrier(1));
        assertEquals(0, model(model).flowFilters());
        String rule = "flow-type udp4 src-ip %s dst-port 6000 action 1".formatted(card.host(2));
        run(card, "ethtool -N $n " + rule + " loc 5");
        assertEquals(1, model(model).flowFilters());
        assertTrue(run(card, "ethtool -n $n").contains("Action: Direct to queue 1"));
        run(card, "ethtool -N $n delete 5");
        assertEquals(0, model(model).flowFilters());
        run(card, "ethtool -K $n ntuple off\n" + awaitCarrier(1));
        card.check();
    }
}
