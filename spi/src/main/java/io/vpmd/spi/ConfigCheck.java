// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi;

import io.vpmd.spi.mbuf.MbufPool;

import org.jspecify.annotations.Nullable;

import java.util.Set;

/** Refuses what a port cannot do before anything is changed. */
final class ConfigCheck {
    /** Ethernet header and one VLAN tag. */
    private static final int L2_OVERHEAD = 18;

    private ConfigCheck() {}

    static void check(String port, PortInfo info, PortConfig config, int mtu) {
        checkCount(port, "rxQueues", config.rxQueues(), info.maxRxQueues());
        checkCount(port, "txQueues", config.txQueues(), info.maxTxQueues());
        checkRing(port, "rxRingSize", config.rxRingSize());
        checkRing(port, "txRingSize", config.txRingSize());
        checkOffloads(port, "receive", config.rxOffloads(), info.rxOffloads());
        checkOffloads(port, "transmit", config.txOffloads(), info.txOffloads());
        if (config.rxPool().closed()) {
            throw refused(port, "the pool " + config.rxPool().name() + " is closed", "make one");
        }
        checkRoom("configure", port, config, mtu);
    }

    private static void checkCount(String port, String what, int count, int max) {
        if (count < 1 || count > max) {
            throw refused(
                    port, what + " " + count + " is not between 1 and " + max, "ask for fewer");
        }
    }

    private static void checkRing(String port, String what, int size) {
        if (size < 32 || size > 32768 || Integer.bitCount(size) != 1) {
            throw refused(
                    port,
                    what + " " + size + " is not a power of two from 32 to 32768",
                    "take " + PortConfig.DEFAULT_RING_SIZE);
        }
    }

    private static <E extends Enum<E>> void checkOffloads(
            String port, String direction, Set<E> wanted, Set<E> offered) {
        for (E offload : wanted) {
            if (!offered.contains(offload)) {
                throw refused(
                        port,
                        "it has no " + direction + " offload " + offload,
                        "ask for a subset of " + offered);
            }
        }
    }

    static void checkMtu(String port, PortInfo info, int mtu, @Nullable PortConfig config) {
        if (mtu < info.minMtu() || mtu > info.maxMtu()) {
            throw new PortException(
                    "setMtu",
                    port,
                    "MTU " + mtu + " is not between " + info.minMtu() + " and " + info.maxMtu(),
                    "pick one in that range");
        }
        if (config != null) {
            checkRoom("setMtu", port, config, mtu);
        }
    }

    private static void checkRoom(String operation, String port, PortConfig config, int mtu) {
        MbufPool pool = config.rxPool();
        if (mtu + L2_OVERHEAD > pool.dataRoom()
                && !config.rxOffloads().contains(RxOffload.SCATTER)) {
            throw new PortException(
                    operation,
                    port,
                    "a buffer of pool "
                            + pool.name()
                            + " holds "
                            + pool.dataRoom()
                            + " bytes, MTU "
                            + mtu
                            + " needs "
                            + (mtu + L2_OVERHEAD),
                    "use larger buffers or request " + RxOffload.SCATTER);
        }
    }

    private static PortException refused(String port, String problem, String nextStep) {
        return new PortException("configure", port, problem, nextStep);
    }
}
