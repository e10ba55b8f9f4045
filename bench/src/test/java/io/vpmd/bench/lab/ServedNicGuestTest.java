// SPDX-License-Identifier: Apache-2.0
package io.vpmd.bench.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vpmd.contract.qtest.Lab;
import io.vpmd.igb.model.IgbModelChip;
import io.vpmd.spi.MacAddress;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** The kernel's own igb, written against silicon, drives each of our models over vfio-user (T2). */
@Timeout(900)
class ServedNicGuestTest {
    private static final int SECONDS = 240;
    @TempDir private static Path folder;
    private static final Map<IgbModelChip, ServedCard> CARDS = new EnumMap<>(IgbModelChip.class);
    private static Guest guest;

    @BeforeAll
    static void boot() {
        Lab.need(Lab.guestMissing());
        Lab.need(Lab.missing(GuestMachine.SERVED));
        GuestMachine machine = new GuestMachine();
        for (IgbModelChip chip : IgbModelChip.values()) {
            ServedCard card = new ServedCard(CARDS.size(), chip, folder);
            CARDS.put(chip, card);
            machine.servedCard(card.number(), card.socket());
        }
        guest = machine.boot();
        guest.check("modprobe igb");
    }

    @AfterAll
    static void end() {
        if (guest != null) {
            guest.close();
        }
        CARDS.values().forEach(ServedCard::close);
    }

    /** Carries out a script with the card's interface as $n; it has to succeed. */
    private static String run(ServedCard card, String script) {
        String find =
                "n=$(ls /sys/bus/pci/devices/%s/net) || { dmesg | grep igb; exit 1; }\n"
                        .formatted(GuestMachine.address(card.number()));
        try (GuestCommand command = guest.start(find + script)) {
            return command.check(SECONDS);
        }
    }

    private static void rebind(ServedCard card) {
        guest.check(
                """
                echo %1$s > /sys/bus/pci/drivers/igb/unbind
                echo %1$s > /sys/bus/pci/drivers/igb/bind
                """
                        .formatted(GuestMachine.address(card.number())));
    }

    private static String awaitCarrier(int value) {
        return """
        for i in $(seq 200); do [ "$(cat /sys/class/net/$n/carrier)" = %1$d ] && break; sleep .1; done
        [ "$(cat /sys/class/net/$n/carrier)" = %1$d ] || { dmesg | grep igb; exit 1; }
        """
                .formatted(value);
    }

    @ParameterizedTest
    @EnumSource
    void theStockDriverProbesGetsLinkAndPings(IgbModelChip chip) {
        ServedCard card = CARDS.get(chip);
        String up = "ip link set $n up && ip addr replace %s/24 dev $n && ".formatted(card.host(1));
        String said = run(card, up + "cat /sys/class/net/$n/address\n" + awaitCarrier(1));
        assertEquals(card.mac().toString(), said.strip());
        said = run(card, "ethtool $n; ethtool -i $n");
        assertTrue(said.contains("Speed: 1000Mb/s") && said.contains("Duplex: Full"), said);
        assertTrue(said.contains("driver: igb"), said);
        run(card, "ping -c 3 -W 5 " + card.host(2));
        // The host at the cable puts no fragments together.
        run(card, "ping -q -c 300 -i 0.002 -W 5 -s 1472 " + card.host(2));
        card.check();
    }

    @ParameterizedTest
    @EnumSource
    void theCableIsPulledAndPluggedIn(IgbModelChip chip) {
        ServedCard card = CARDS.get(chip);
        run(card, "ip link set $n up\n" + awaitCarrier(1));
        long signals = card.model().vectors().signals(0);
        card.model().setCable(false);
        run(card, awaitCarrier(0));
        assertTrue(card.model().vectors().signals(0) > signals, "the link's vector is silent");
        card.model().setCable(true);
        run(card, awaitCarrier(1));
        card.check();
    }

    /** Registers, EEPROM, interrupts, loop, link. */
    @ParameterizedTest
    @EnumSource
    void theDriversSelfTestPasses(IgbModelChip chip) {
        ServedCard card = CARDS.get(chip);
        run(card, "ip link set $n up\n" + awaitCarrier(1));
        String said = run(card, "ethtool -t $n offline || { dmesg | grep igb; exit 1; }");
        assertTrue(said.contains("The test result is PASS"), said);
        card.check();
    }

    /** The alternate address of an 82576 counts; later chips leave it to their option ROM. */
    @ParameterizedTest
    @EnumSource(names = {"E82576", "E82580"})
    void theAddressIsTheOneThatOurDriverTakes(IgbModelChip chip) {
        ServedCard card = CARDS.get(chip);
        MacAddress alternate = new MacAddress(0x5254_00a1_7e00L + card.number());
        for (MacAddress mac : List.of(alternate, card.mac())) {
            card.model().setAlternateMac(mac);
            rebind(card);
            MacAddress wanted = chip == IgbModelChip.E82576 ? mac : card.mac();
            String said = run(card, "cat /sys/class/net/$n/address");
            assertEquals(wanted.toString(), said.strip());
        }
    }

    /** Who it is and what it measures, as ethtool decodes it. */
    @ParameterizedTest
    @EnumSource(names = "E82576_FIBER")
    void theModuleInTheCageIsShown(IgbModelChip chip) {
        ServedCard card = CARDS.get(chip);
        String said = run(card, "ip link set $n up\n" + awaitCarrier(1) + "ethtool -m $n");
        for (String line :
                List.of(
                        "Identifier                                : 0x03 (SFP)",
                        "Transceiver type                          : Ethernet: 1000BASE-SX",
                        "Laser wavelength                          : 850nm",
                        "Vendor name                               : vpmd",
                        "Module temperature                        : 25.00 degrees C",
                        "Module voltage                            : 3.3000 V")) {
            assertTrue(said.contains(line), said);
        }
        card.model().setModule(false);
        run(card, "! ethtool -m $n");
        card.model().setModule(true);
        card.check();
    }

    /** The card is as after power-on for the next driver, which may be ours. */
    @ParameterizedTest
    @EnumSource
    void theDriverGoesAndComesBack(IgbModelChip chip) {
        ServedCard card = CARDS.get(chip);
        rebind(card);
        run(card, "ip link set $n up\n" + awaitCarrier(1));
        run(
                card,
                "ip addr replace %s/24 dev $n && ping -c 3 -W 5 %s"
                        .formatted(card.host(1), card.host(2)));
        card.check();
    }
}
