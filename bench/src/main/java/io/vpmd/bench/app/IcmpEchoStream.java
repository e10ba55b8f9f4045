// SPDX-License-Identifier: Apache-2.0
package io.vpmd.bench.app;

import io.vpmd.spi.RxQueue;
import io.vpmd.spi.TxQueue;
import io.vpmd.spi.mbuf.Mbuf;

import java.util.function.LongSupplier;

/**
 * Answers ARP requests for any address and ICMP echo requests, in place and on the port where they
 * came in; frees everything else. VLAN tags stay as they are.
 */
final class IcmpEchoStream extends ForwardStream {
    private static final int VLAN = 0x8100;
    private static final int ARP = 0x0806;
    private static final int IPV4 = 0x0800;
    private static final int ICMP = 1;

    private final LongSupplier mac;

    IcmpEchoStream(RxQueue rx, TxQueue tx, int burstSize, LongSupplier mac) {
        super(rx, tx, burstSize);
        this.mac = mac;
    }

    @Override
    protected int run() {
        int n = receive();
        if (n == 0) {
            return 0;
        }
        Mbuf[] burst = burst();
        long own = mac.getAsLong();
        int replies = 0;
        for (int i = 0; i < n; i++) {
            Mbuf m = burst[i];
            if (answer(m, own)) {
                burst[replies++] = m;
            } else {
                recycler().free(m);
            }
        }
        if (replies > 0) {
            send(replies);
        }
        return n;
    }

    /** Turns a request into its reply; false for anything else. */
    static boolean answer(Mbuf m, long own) {
        int l3 = 14;
        while (m.dataLength() >= l3 + 4 && m.u16At(l3 - 2) == VLAN) {
            l3 += 4;
        }
        if (m.dataLength() < l3 + 28) {
            return false;
        }
        boolean reply =
                switch (m.u16At(l3 - 2)) {
                    case ARP -> arp(m, l3, own);
                    case IPV4 -> echo(m, l3);
                    default -> false;
                };
        if (reply) {
            RewriteStream.swap(m);
            putMac(m, 6, own);
        }
        return reply;
    }

    private static boolean arp(Mbuf m, int at, long own) {
        boolean request = m.longAt(at) == 0x0001_0800_0604_0001L;
        if (request) {
            int wanted = m.intAt(at + 24);
            m.putShort(at + 6, 2);
            m.copyFrom(m, at + 8, at + 18, 10);
            putMac(m, at + 8, own);
            m.putInt(at + 14, wanted);
        }
        return request;
    }

    private static boolean echo(Mbuf m, int at) {
        int icmp = at + (m.u8At(at) & 15) * 4;
        boolean fragment = (m.u16At(at + 6) & 0x3fff) != 0;
        if (m.u8At(at + 9) != ICMP
                || fragment
                || m.dataLength() < icmp + 8
                || m.u16At(icmp) != 0x0800
                || m.u8At(at + 16) >= 224) {
            return false;
        }
        int source = m.intAt(at + 12);
        m.putInt(at + 12, m.intAt(at + 16));
        m.putInt(at + 16, source);
        m.putShort(icmp, 0);
        // RFC 1624 for the type that went from 8 to 0.
        int sum = m.u16At(icmp + 2) + 0x0800;
        m.putShort(icmp + 2, (sum & 0xffff) + (sum >>> 16));
        return true;
    }

    private static void putMac(Mbuf m, int at, long value) {
        m.putShort(at, (int) (value >>> 32));
        m.putInt(at + 2, (int) value);
    }
}
