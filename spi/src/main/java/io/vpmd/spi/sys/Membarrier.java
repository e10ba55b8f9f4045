// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.sys;

/**
 * membarrier(2): a full memory barrier on every running thread of this process, paid for by the
 * caller alone. It is what lets the other side of a hand-shake do with plain loads and stores.
 */
public final class Membarrier {
    private static final long SYS_MEMBARRIER =
            System.getProperty("os.arch", "").equals("aarch64") ? 283 : 324;
    private static final int CMD_GLOBAL = 1;
    private static final int CMD_PRIVATE_EXPEDITED = 1 << 3;
    private static final int CMD_REGISTER_PRIVATE_EXPEDITED = 1 << 4;
    private static final int COMMAND = register();

    private Membarrier() {}

    /** Returns after every thread of this process that runs has passed a full barrier. */
    public static void barrier() {
        if (BurstCalls.syscall(SYS_MEMBARRIER, COMMAND, 0, 0, 0, 0, 0) != 0) {
            int result = Libc.syscall(SYS_MEMBARRIER, COMMAND, 0, 0);
            ErrnoException.check(result, "membarrier", "process");
        }
    }

    private static int register() {
        boolean expedited = Libc.syscall(SYS_MEMBARRIER, CMD_REGISTER_PRIVATE_EXPEDITED, 0, 0) == 0;
        return expedited ? CMD_PRIVATE_EXPEDITED : CMD_GLOBAL;
    }
}
