// SPDX-License-Identifier: Apache-2.0
package io.vpmd.igb;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.vpmd.spi.Port;
import io.vpmd.spi.PortException;
import io.vpmd.spi.PortSpec;
import io.vpmd.spi.Ports;
import io.vpmd.spi.feature.Timesync;

import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;
import java.util.OptionalLong;

/** The clocks of the chips, on registers in memory: a test moves them (T0). */
@Timeout(60)
class IgbClockTest {
    private static final int SYSTIML = 0xb600;
    private static final int TIMINCA = 0xb608;
    private static final int TSYNCTXCTL = 0xb614;
    private static final int TXSTMPL = 0xb618;
    private static final int TSYNCRXCTL = 0xb620;
    private static final int RXSTMPL = 0xb624;
    private static final int TSAUXC = 0xb640;
    private static final long SECOND = 1_000_000_000L;

    private static Port open(MemoryBus bus) {
        return Ports.open(PortSpec.parse("net_igb:memory"), List.of(new IgbDriver(s -> bus)));
    }

    private static Timesync clock(Port port) {
        Timesync clock = port.feature(Timesync.class).orElseThrow();
        clock.enableTimesync();
        clock.setTime(SECOND);
        return clock;
    }

    /** Shows a time in a pair of registers as a chip has it. */
    private static void show(MemoryBus bus, String id, int low, long nanos) {
        switch (id) {
            case "10c9" -> put(bus, low, nanos << 19);
            // The upper bits of the high half are reserved, whatever they are.
            case "150e", "1521", "1f41" ->
                    put(bus, low, (nanos & ((1L << 40) - 1)) | (0x5aL << 56));
            default -> put(bus, low, ((nanos / SECOND) << 32) | (nanos % SECOND));
        }
    }

    private static void put(MemoryBus bus, int low, long bits) {
        // The watch may look in between and must not see time go back.
        bus.set(low + 4, (int) (bits >>> 32));
        bus.set(low, (int) bits);
    }

    @ParameterizedTest
    @ValueSource(strings = {"10c9", "150e", "1521", "1f41", "1533", "1539"})
    void timePassesAsTheCounterDoes(String id) {
        MemoryBus bus = new MemoryBus(Integer.parseInt(id, 16));
        bus.set(TSAUXC, 0x8000_0001);
        show(bus, id, SYSTIML, 5 * SECOND);
        try (Port port = open(bus)) {
            Timesync clock = clock(port);
            show(bus, id, SYSTIML, 7 * SECOND + 250);
            assertEquals(3 * SECOND + 250, clock.readTime());
            clock.adjustTime(-SECOND);
            show(bus, id, SYSTIML, 8 * SECOND + 250);
            assertEquals(3 * SECOND + 250, clock.readTime());
            int wanted = id.equals("10c9") ? 0x8000_0001 : 1;
            assertEquals(wanted, bus.value(TSAUXC), "the counter runs");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"150e", "1521", "1f41"})
    void aCounterThatGoesRoundIsFollowed(String id) {
        MemoryBus bus = new MemoryBus(Integer.parseInt(id, 16));
        long round = 1L << 40;
        show(bus, id, SYSTIML, round - 1_000);
        try (Port port = open(bus)) {
            Timesync clock = clock(port);
            show(bus, id, SYSTIML, round + 500);
            assertEquals(SECOND + 1_500, clock.readTime());
            // A packet that came before the counter was round is stamped so.
            show(bus, id, RXSTMPL, round - 300);
            bus.set(TSYNCRXCTL, bus.value(TSYNCRXCTL) | 1);
            assertEquals(OptionalLong.of(SECOND + 700), clock.readRxTimestamp());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"10c9", "150e", "1521", "1f41", "1533", "1539"})
    void stampsAreInTheTimeOfTheClock(String id) {
        MemoryBus bus = new MemoryBus(Integer.parseInt(id, 16));
        show(bus, id, SYSTIML, 5 * SECOND);
        try (Port port = open(bus)) {
            Timesync clock = clock(port);
            assertEquals(OptionalLong.empty(), clock.readTxTimestamp());
            show(bus, id, SYSTIML, 6 * SECOND);
            show(bus, id, TXSTMPL, 5 * SECOND + 999_999_999);
            show(bus, id, RXSTMPL, 5 * SECOND + 1);
            bus.set(TSYNCTXCTL, bus.value(TSYNCTXCTL) | 1);
            bus.set(TSYNCRXCTL, bus.value(TSYNCRXCTL) | 1);
            assertEquals(OptionalLong.of(SECOND + 999_999_999), clock.readTxTimestamp());
            assertEquals(OptionalLong.of(SECOND + 1), clock.readRxTimestamp());
        }
    }

    /** 8 ns in 2^-32 ns are 2^35: a millionth of that is 34359. */
    @ParameterizedTest
    @CsvSource({
        "10c9, 0, 1800000",
        "10c9, 1000, 1800008",
        "10c9, -1000, 17ffff8",
        "1521, 0, 0",
        "1521, 1000, 8637",
        "1521, -1000, 80008637",
        "150e, 62499999, 7fffffdd",
        "1533, 1, 22",
        "1539, -1, 80000022"
    })
    void itsRateIsInTiminca(String id, long partsPerBillion, String timinca) {
        MemoryBus bus = new MemoryBus(Integer.parseInt(id, 16));
        try (Port port = open(bus)) {
            Timesync clock = clock(port);
            clock.adjustFrequency(partsPerBillion);
            assertEquals(Integer.parseUnsignedInt(timinca, 16), bus.value(TIMINCA));
            assertThrows(PortException.class, () -> clock.adjustFrequency(62_500_000));
            assertEquals(Integer.parseUnsignedInt(timinca, 16), bus.value(TIMINCA));
        }
    }
}
