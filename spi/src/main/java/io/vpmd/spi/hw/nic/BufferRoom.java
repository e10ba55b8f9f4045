// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.hw.nic;

import io.vpmd.spi.PortConfig;
import io.vpmd.spi.PortException;
import io.vpmd.spi.RxOffload;
import io.vpmd.spi.mbuf.MbufPool;

/** Receive buffers, which devices take in units of 1024 bytes. */
public final class BufferRoom {
    /** Ethernet header and frame check sequence. */
    public static final int FRAME_OVERHEAD = 18;

    private static final int LONGEST_KB = 16;

    private BufferRoom() {}

    /** How much of a pool's buffers the device uses. */
    public static int kilobytes(MbufPool pool) {
        return Math.min(LONGEST_KB, pool.dataRoom() / 1024);
    }

    /**
     * Checks that a frame fits.
     *
     * @throws PortException when it does not
     */
    public static void check(String operation, String port, PortConfig config, int mtu) {
        int room = kilobytes(config.rxPool()) * 1024;
        boolean scatter = config.rxOffloads().contains(RxOffload.SCATTER);
        if (room == 0 || (!scatter && mtu + FRAME_OVERHEAD > room)) {
            throw new PortException(
                    operation,
                    port,
                    "a buffer of pool "
                            + config.rxPool().name()
                            + " has room for "
                            + config.rxPool().dataRoom()
                            + " bytes, of which the device uses "
                            + room
                            + ", and MTU "
                            + mtu
                            + " needs "
                            + (mtu + FRAME_OVERHEAD),
                    "make the data room a multiple of 1024 bytes, large enough or with SCATTER");
        }
    }
}
