// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.hw.vfiouser;

/**
 * Numbers and layouts of the protocol's version 0.0. All values are little-endian; a message is
 *
 * <pre>
 *   0  u16 id        the sender's; a reply has that of its request
 *   2  u16 command
 *   4  u32 size      of all of it, this header included
 *   8  u32 flags     bits 0-3: 0 request, 1 reply; bit 4: no reply is wanted; bit 5: error
 *  12  u32 errno     with the error flag
 *  16  body
 * </pre>
 */
final class Protocol {
    static final int HEADER = 16;
    static final int AT_COMMAND = 2;
    static final int AT_SIZE = 4;
    static final int AT_FLAGS = 8;
    static final int AT_ERRNO = 12;

    static final int VERSION = 1;
    static final int DMA_MAP = 2;
    static final int DMA_UNMAP = 3;
    static final int GET_INFO = 4;
    static final int GET_REGION_INFO = 5;
    static final int GET_REGION_IO_FDS = 6;
    static final int GET_IRQ_INFO = 7;
    static final int SET_IRQS = 8;
    static final int REGION_READ = 9;
    static final int REGION_WRITE = 10;
    static final int DMA_READ = 11;
    static final int DMA_WRITE = 12;
    static final int RESET = 13;
    static final int REGION_WRITE_MULTI = 15;

    static final int TYPE_MASK = 0xf;
    static final int TYPE_REPLY = 1;
    static final int NO_REPLY = 1 << 4;
    static final int ERROR = 1 << 5;

    /** Data of a region or DMA access, at most. */
    static final int MAX_DATA = 1 << 16;

    /** A whole message, at most; what comes before the data of an access fits as well. */
    static final int MAX_MESSAGE = MAX_DATA + 64;

    /** Descriptors of a message, at most. */
    static final int MAX_DESCRIPTORS = 16;

    /** Regions of memory that a client may have mapped at a time. */
    static final int MAX_DMA_MAPS = 8192;

    static final int MAP_READABLE = 1;
    static final int MAP_WRITABLE = 1 << 1;
    static final int MAP_BYTES = 32;
    static final int UNMAP_ALL = 1 << 1;
    static final int UNMAP_BYTES = 24;

    static final int INFO_BYTES = 16;
    static final int INFO_RESET = 1;
    static final int INFO_PCI = 1 << 1;

    static final int REGION_BARS = 6;
    static final int REGION_CONFIG = 7;
    static final int REGIONS = 9;
    static final int REGION_INFO_BYTES = 32;
    static final int REGION_READABLE = 1;
    static final int REGION_WRITABLE = 1 << 1;
    static final int REGION_IO_FDS_BYTES = 16;

    /** Offset u64, region u32, count u32, then the data. */
    static final int ACCESS_BYTES = 16;

    /** The same with 8 bytes of data, after a count u64 of such entries. */
    static final int MULTI_ENTRY_BYTES = 24;

    /** Address u64, count u64, then the data. */
    static final int DMA_ACCESS_BYTES = 16;

    static final int IRQ_MSIX = 2;
    static final int IRQS = 5;
    static final int IRQ_INFO_BYTES = 16;
    static final int IRQ_EVENTFD = 1;
    static final int SET_IRQS_BYTES = 20;
    static final int DATA_NONE = 1;
    static final int DATA_BOOL = 1 << 1;
    static final int DATA_EVENTFD = 1 << 2;
    static final int ACTION_MASK = 1 << 3;
    static final int ACTION_UNMASK = 1 << 4;
    static final int ACTION_TRIGGER = 1 << 5;
    static final int ACTIONS = ACTION_MASK | ACTION_UNMASK | ACTION_TRIGGER;

    private static final String[] NAMES = {
        "command 0",
        "VERSION",
        "DMA_MAP",
        "DMA_UNMAP",
        "DEVICE_GET_INFO",
        "DEVICE_GET_REGION_INFO",
        "DEVICE_GET_REGION_IO_FDS",
        "DEVICE_GET_IRQ_INFO",
        "DEVICE_SET_IRQS",
        "REGION_READ",
        "REGION_WRITE",
        "DMA_READ",
        "DMA_WRITE",
        "DEVICE_RESET",
        "command 14",
        "REGION_WRITE_MULTI",
    };

    private Protocol() {}

    /** For messages; a number that is not in use gets no name of its own, so that kinds are few. */
    static String name(int command) {
        return command < NAMES.length ? NAMES[command] : "another command";
    }
}
