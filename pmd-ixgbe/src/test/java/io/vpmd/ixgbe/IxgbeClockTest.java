// SPDX-License-Identifier: Apache-2.0
package io.vpmd.ixgbe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vpmd.contract.TestFrames;
import io.vpmd.ixgbe.model.IxgbeModelChip;
import io.vpmd.spi.Port;
import io.vpmd.spi.PortConfig;
import io.vpmd.spi.PortException;
import io.vpmd.spi.TxOffload;
import io.vpmd.spi.feature.Timesync;
import io.vpmd.spi.hw.Registers;
import io.vpmd.spi.mbuf.Mbuf;
import io.vpmd.spi.mbuf.MbufFlags;
import io.vpmd.spi.mbuf.MbufPool;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

import java.nio.ByteBuffer;
import java.util.EnumSet;
import java.util.OptionalLong;
import java.util.Set;

/** The clock that stamps packets, on models whose time is this machine's (T0). */
@Timeout(60)
class IxgbeClockTest {
    /* Its clock is not known well enough to be offered. */
    private static final String NO_TIME = "X550EM_KR";
    private static final long SECOND = 1_000_000_000L;
    private static final long PATIENCE_NANOS = 10_000_000_000L;

    private final MbufPool pool = MbufPool.create("clock", 512);
    private final Mbuf[] one = new Mbuf[1];
    private IxgbeModelFixture fixture;
    private Port port;
    private Timesync clock;

    @AfterEach
    void end() {
        port.close();
        fixture.close();
        pool.close();
    }

    private void started(IxgbeModelChip chip) {
        fixture = new IxgbeModelFixture(13, chip);
        port = fixture.open();
        port.configure(
                PortConfig.of(pool)
                        .withRings(64, 64)
                        .withOffloads(Set.of(), EnumSet.of(TxOffload.TIMESTAMP)));
        port.start();
        fixture.connect(port, pool);
        clock = port.feature(Timesync.class).orElseThrow();
        clock.enableTimesync();
        clock.setTime(SECOND);
    }

    /** Fails unless the clock runs at so many parts of 10^9 more than its own rate. */
    private void runs(long partsPerBillion) {
        long outer = System.nanoTime();
        long first = clock.readTime();
        long inner = System.nanoTime();
        Registers.delayMicros(50_000);
        inner = System.nanoTime() - inner;
        long passed = clock.readTime() - first;
        outer = System.nanoTime() - outer;
        // In 50 ms the rates that are asked for make a difference of more than a millisecond.
        double least = inner * (1 + partsPerBillion / 1e9) - 1_000;
        double most = outer * (1 + partsPerBillion / 1e9) + 1_000;
        assertTrue(passed >= least && passed <= most, passed + " in " + least + " to " + most);
    }

    @ParameterizedTest
    @EnumSource(value = IxgbeModelChip.class, names = NO_TIME, mode = Mode.EXCLUDE)
    void itRunsAtItsRate(IxgbeModelChip chip) {
        started(chip);
        runs(0);
        clock.adjustFrequency(39_000_000);
        runs(39_000_000);
        clock.adjustFrequency(-39_000_000);
        runs(-39_000_000);
        assertThrows(PortException.class, () -> clock.adjustFrequency(SECOND));
        assertThrows(PortException.class, () -> clock.adjustFrequency(Long.MIN_VALUE));
        long before = clock.readTime();
        clock.adjustTime(5 * SECOND);
        assertTrue(clock.readTime() >= before + 5 * SECOND);
        port.stop();
        port.start();
        fixture.connect(port, pool);
        runs(-39_000_000);
        assertTrue(clock.readTime() < before + 60 * SECOND, "it has gone on");
    }

    private byte[] sync() {
        byte[] frame = new byte[60];
        ByteBuffer.wrap(frame)
                .put(port.mac().bytes())
                .put(new byte[] {2, 0, 0, 0, 0, 9})
                .putShort((short) 0x88f7)
                .putShort((short) 0x0002);
        return frame;
    }

    private byte[] syncOverUdp() {
        byte[] frame = new byte[90];
        ByteBuffer b = ByteBuffer.wrap(frame);
        b.put(port.mac().bytes()).put(new byte[] {2, 0, 0, 0, 0, 9}).putShort((short) 0x0800);
        b.putShort((short) 0x4500).putShort((short) 76).putInt(0).put((byte) 1).put((byte) 17);
        b.putShort((short) 0).putInt(0x0a00_0001).putInt(0xe000_0181);
        b.putShort((short) 319).putShort((short) 319).putShort((short) 56).putShort((short) 0);
        b.putShort((short) 0x0002);
        return frame;
    }

    private void receive(byte[] frame) {
        fixture.inject(frame);
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        while (port.rxQueue(0).rxBurst(one, 0, 1) == 0) {
            assertTrue(System.nanoTime() - deadline < 0, "nothing was received");
            Registers.delayMicros(50);
        }
        one[0].free();
    }

    private void between(long from, OptionalLong stamp) {
        long to = clock.readTime();
        assertTrue(stamp.isPresent(), "no stamp");
        assertTrue(
                stamp.getAsLong() >= from && stamp.getAsLong() <= to,
                () -> stamp + " is not between " + from + " and " + to);
    }

    @ParameterizedTest
    @EnumSource(value = IxgbeModelChip.class, names = NO_TIME, mode = Mode.EXCLUDE)
    void packetsAreStampedBothWays(IxgbeModelChip chip) {
        started(chip);
        assertEquals(OptionalLong.empty(), clock.readRxTimestamp());
        for (byte[] frame : new byte[][] {sync(), syncOverUdp()}) {
            long before = clock.readTime();
            receive(frame);
            between(before, clock.readRxTimestamp());
            assertEquals(OptionalLong.empty(), clock.readRxTimestamp(), "once");
        }
        byte[] general = sync();
        general[14] = 8;
        receive(general);
        assertEquals(OptionalLong.empty(), clock.readRxTimestamp(), "no event");
        for (boolean asked : new boolean[] {true, false}) {
            long before = clock.readTime();
            one[0] = TestFrames.packet(pool, sync());
            one[0].setFlags(asked ? MbufFlags.TX_TIMESTAMP : 0);
            assertEquals(1, port.txQueue(0).txBurst(one, 0, 1));
            long deadline = System.nanoTime() + PATIENCE_NANOS;
            while (fixture.collect().isEmpty()) {
                assertTrue(System.nanoTime() - deadline < 0, "nothing was sent");
            }
            OptionalLong stamp = clock.readTxTimestamp();
            if (asked) {
                between(before, stamp);
            } else {
                assertEquals(OptionalLong.empty(), stamp);
            }
        }
        clock.disableTimesync();
        receive(sync());
        clock.enableTimesync();
        assertEquals(OptionalLong.empty(), clock.readRxTimestamp(), "while it was off");
    }
}
