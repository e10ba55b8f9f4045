// SPDX-License-Identifier: Apache-2.0
package io.vpmd.bench.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vpmd.contract.qtest.Lab;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;

/** A driver of the kernel, written against silicon, drives each of our models of its family. */
@Tag("guest")
@Timeout(900)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class ServedNics {
    static final int SECONDS = 240;
    private final String driver;
    private final int speedMbps;
    private final int linkVector;
    private final Map<String, ServedCard> cards = new LinkedHashMap<>();
    private Guest guest;

    /**
     * A test of a driver.
     *
     * @param driver the kernel's module
     * @param linkVector the interrupt vector on which it hears of the link
     */
    ServedNics(String driver, int speedMbps, int linkVector) {
        this.driver = driver;
        this.speedMbps = speedMbps;
        this.linkVector = linkVector;
    }

    /** The names of those that all is tested with, as {@code vpmd nic} has them. */
    abstract Stream<String> models();

    /** All that the driver has to bring up. */
    Stream<String> probed() {
        return models();
    }

    @BeforeAll
    void boot(@TempDir Path folder) {
        Lab.need(Lab.guestMissing());
        Lab.need(Lab.missing(GuestMachine.SERVED));
        GuestMachine machine = machine();
        probed().forEach(
                        name -> {
                            ServedCard card = card(cards.size(), name, folder);
                            cards.put(name, card);
                            machine.servedCard(card.number(), card.socket());
                        });
        guest = machine.boot();
        guest.check("modprobe " + driver);
    }

    GuestMachine machine() {
        return new GuestMachine();
    }

    ServedCard card(int number, String name, Path folder) {
        return new ServedCard(number, name, folder);
    }

    @AfterAll
    void end() {
        if (guest != null) {
            guest.close();
        }
        cards.values().forEach(ServedCard::close);
    }

    Guest guest() {
        return guest;
    }

    ServedCard card(String model) {
        return cards.get(model);
    }

    /** Carries out a script with the card's interface as $n; it has to succeed. */
    String run(ServedCard card, String script) {
        String find =
                "n=$(ls /sys/bus/pci/devices/%s/net) || { dmesg | grep %s; exit 1; }\n"
                        .formatted(GuestMachine.address(card.number()), driver);
        try (GuestCommand command = guest.start(find + script)) {
            return command.check(SECONDS);
        }
    }

    String awaitCarrier(int value) {
        return """
        for i in $(seq 200); do [ "$(cat /sys/class/net/$n/carrier)" = %1$d ] && break; sleep .1; done
        [ "$(cat /sys/class/net/$n/carrier)" = %1$d ] || { dmesg | grep %2$s; exit 1; }
        """
                .formatted(value, driver);
    }

    /** Brings the interface up with its address, and waits for the link. */
    String up(ServedCard card) {
        return "ip link set $n up && ip addr replace %s/24 dev $n\n".formatted(card.host(1))
                + awaitCarrier(1);
    }

    @ParameterizedTest
    @MethodSource("probed")
    void theStockDriverProbesGetsLinkAndPings(String model) {
        ServedCard card = card(model);
        String said = run(card, up(card) + "cat /sys/class/net/$n/address\n");
        assertEquals(card.mac().toString(), said.strip());
        said = run(card, "ethtool $n; ethtool -i $n");
        assertTrue(
                said.contains("Speed: " + speedMbps + "Mb/s") && said.contains("Duplex: Full"),
                said);
        assertTrue(said.contains("driver: " + driver), said);
        run(card, "ping -c 3 -W 5 " + card.host(2));
        // The host at the cable puts no fragments together.
        run(card, "ping -q -c 300 -i 0.002 -W 5 -s 1472 " + card.host(2));
        card.check();
    }

    @ParameterizedTest
    @MethodSource("models")
    void theCableIsPulledAndPluggedIn(String model) {
        ServedCard card = card(model);
        run(card, up(card));
        long signals = card.model().vectors().signals(linkVector);
        card.model().setCable(false);
        run(card, awaitCarrier(0));
        assertTrue(
                card.model().vectors().signals(linkVector) > signals,
                "the link's vector is silent");
        card.model().setCable(true);
        run(card, awaitCarrier(1));
        card.check();
    }

    /** Online the link; offline registers, EEPROM, interrupts, loop, link. */
    @ParameterizedTest
    @MethodSource("models")
    void theDriversSelfTestPasses(String model) {
        ServedCard card = card(model);
        run(card, up(card));
        for (String way : new String[] {"online", "offline"}) {
            String test = "ethtool -t $n " + way + " || { dmesg | grep " + driver + "; exit 1; }";
            String said = run(card, test);
            assertTrue(said.contains("The test result is PASS"), said);
        }
        card.check();
    }

    /** Takes the card from the driver and gives it back. */
    void rebind(ServedCard card) {
        guest.check(
                """
                echo %1$s > /sys/bus/pci/drivers/%2$s/unbind
                echo %1$s > /sys/bus/pci/drivers/%2$s/bind
                """
                        .formatted(GuestMachine.address(card.number()), driver));
    }

    /** The card is as after power-on for the next driver, which may be ours. */
    @ParameterizedTest
    @MethodSource("models")
    void theDriverGoesAndComesBack(String model) {
        ServedCard card = card(model);
        rebind(card);
        run(card, up(card) + "ping -c 3 -W 5 " + card.host(2));
        card.check();
    }
}
