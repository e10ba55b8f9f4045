// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.port;

import io.vpmd.spi.mbuf.Mbuf;
import io.vpmd.spi.mbuf.MbufCache;
import io.vpmd.spi.mbuf.MbufFlags;

import org.jspecify.annotations.Nullable;

import java.util.Map;

/**
 * Decides the fate of one packet after the other and counts it. The sequence depends on the seed
 * and the queue alone, not on how packets are grouped into bursts. One thread at a time.
 */
final class FaultDice {
    static final int DROP = 1;
    static final int DUPLICATE = 2;
    static final int CORRUPT = 4;
    static final int REORDER = 8;

    private static final String[] NAMES = {
        "fault_dropped", "fault_duplicated", "fault_corrupted", "fault_reordered", "fault_short_tx",
    };

    /** A packet whose checksum is still to be computed would be corrupt with a right checksum. */
    private static final int UNFINISHED =
            MbufFlags.TX_IP_CKSUM | MbufFlags.TX_L4_MASK | MbufFlags.TX_TSO;

    private final Faults faults;
    private final long[] counts = new long[NAMES.length];
    private long state;

    /** Dice for one queue; {@code stream} tells the queues of a port apart. */
    FaultDice(Faults faults, int stream) {
        this.faults = faults;
        this.state = faults.seed() * 0x9e37_79b9_7f4a_7c15L + stream;
    }

    /** SplitMix64 (Steele, Lea, Flood 2014). */
    private int next(int bound) {
        state += 0x9e37_79b9_7f4a_7c15L;
        long z = state;
        z = (z ^ (z >>> 30)) * 0xbf58_476d_1ce4_e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d0_49bb_1331_11ebL;
        z ^= z >>> 31;
        return (int) (((z >>> 32) * bound) >>> 32);
    }

    /** What happens to the next packet: a union of the constants above. */
    int roll() {
        int fate = 0;
        fate |= next(Faults.CERTAIN) < faults.drop() ? DROP : 0;
        fate |= next(Faults.CERTAIN) < faults.duplicate() ? DUPLICATE : 0;
        fate |= next(Faults.CERTAIN) < faults.corrupt() ? CORRUPT : 0;
        fate |= next(Faults.CERTAIN) < faults.reorder() ? REORDER : 0;
        // A lost packet cannot come twice.
        return (fate & DROP) != 0 ? DROP : fate;
    }

    /** Counts that {@code fate}, one of the constants, was done. */
    void count(int fate) {
        counts[Integer.numberOfTrailingZeros(fate)]++;
    }

    /** How many packets of a burst of {@code count} the queue pretends to have room for. */
    int room(int count) {
        if (faults.shortTx() == 0 || count == 0 || next(Faults.CERTAIN) >= faults.shortTx()) {
            return count;
        }
        counts[NAMES.length - 1]++;
        return next(count);
    }

    /** Inverts one bit somewhere in the packet and forgets what was known of its checksums. */
    void corrupt(Mbuf packet) {
        int flags = packet.flags();
        if (packet.packetLength() == 0 || (flags & UNFINISHED) != 0) {
            return;
        }
        packet.setFlags(flags & ~(MbufFlags.RX_IP_MASK | MbufFlags.RX_L4_MASK));
        count(CORRUPT);
        int at = next(packet.packetLength());
        int bit = 1 << next(8);
        Mbuf m = packet;
        while (m != null && at >= m.dataLength()) {
            at -= m.dataLength();
            m = m.next();
        }
        if (m != null) {
            m.putByte(at, m.byteAt(at) ^ bit);
        }
    }

    /** A second packet like this one, or null when there are no buffers. */
    @Nullable Mbuf copy(Mbuf packet, MbufCache buffers) {
        Mbuf first = null;
        Mbuf last = null;
        for (Mbuf m = packet; m != null; m = m.next()) {
            int done = 0;
            do {
                Mbuf one = buffers.take();
                if (one == null) {
                    if (first != null) {
                        buffers.free(first);
                    }
                    return null;
                }
                int n = Math.min(m.dataLength() - done, one.tailroom());
                one.copyFrom(m, done, one.append(n), n);
                done += n;
                if (first == null || last == null) {
                    first = one;
                } else {
                    first.chain(last, one);
                }
                last = one;
            } while (done < m.dataLength());
        }
        if (first != null) {
            first.copyMetadata(packet);
        }
        return first;
    }

    /** Adds these counts to the sums of the same names. */
    void addTo(Map<String, Long> sums) {
        for (int i = 0; i < NAMES.length; i++) {
            sums.merge(NAMES[i], counts[i], Long::sum);
        }
    }
}
