// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.hw.vfiouser;

import io.vpmd.spi.hw.Mmio;
import io.vpmd.spi.hw.model.DeviceModel;
import io.vpmd.spi.hw.model.ModelConfigSpace;
import io.vpmd.spi.sys.Errno;

import java.nio.ByteBuffer;

/** The regions of a served device: BARs and the configuration space, in the order of VFIO. */
final class Regions {
    private final DeviceModel device;
    private final Mmio registers;
    private final AccessListener listener;

    Regions(DeviceModel device, AccessListener listener) {
        this.device = device;
        this.registers = device.bar(0);
        this.listener = listener;
    }

    /** Bytes of a region, 0 when the device does not have it. */
    int size(int region) {
        if (region < Protocol.REGION_BARS) {
            return device.config().barBytes(region);
        }
        return region == Protocol.REGION_CONFIG ? ModelConfigSpace.SIZE : 0;
    }

    /** Refuses an access that is not within a region, or that registers do not take. */
    void check(int region, long offset, int count, boolean write) throws RefusedException {
        RefusedException.unless(
                region >= 0 && region < Protocol.REGIONS && size(region) > 0,
                Errno.EINVAL,
                "region that is not there");
        RefusedException.unless(
                count > 0 && offset >= 0 && offset <= size(region) - (long) count,
                Errno.EINVAL,
                "access beyond a region");
        if (region != Protocol.REGION_CONFIG) {
            boolean width = count == 4 || count == 8 || (!write && (count == 1 || count == 2));
            RefusedException.unless(
                    width && offset % Math.min(count, 4) == 0,
                    Errno.EINVAL,
                    "access that registers do not take");
        }
    }

    /** Reads what was checked. */
    void read(int region, int offset, int count, ByteBuffer into, int at) {
        for (int i = 0; i < count; ) {
            int bytes = width(offset + i, count - i);
            int value = read(region, offset + i, bytes);
            listener.access(false, region, offset + i, bytes, value);
            put(into, at + i, bytes, value);
            i += bytes;
        }
    }

    /** Writes what was checked. */
    void write(int region, int offset, int count, ByteBuffer from, int at) {
        for (int i = 0; i < count; ) {
            int bytes = width(offset + i, count - i);
            int value = get(from, at + i, bytes);
            write(region, offset + i, bytes, value);
            listener.access(true, region, offset + i, bytes, value);
            i += bytes;
        }
    }

    /** Bytes of the next part of an access: as wide as its offset and its length allow. */
    private static int width(int offset, int left) {
        int width = left >= 4 ? 4 : left >= 2 ? 2 : 1;
        int aligned = offset == 0 ? 4 : Integer.lowestOneBit(offset);
        return Math.min(width, aligned);
    }

    private int read(int region, int offset, int bytes) {
        if (region == Protocol.REGION_CONFIG) {
            return device.config().read(offset, bytes);
        }
        // The MSI-X table and pending bits: the client keeps its own.
        int word = region == 0 ? registers.read(offset & ~3) : 0;
        return bytes == 4 ? word : (word >>> (8 * (offset & 3))) & ((1 << (8 * bytes)) - 1);
    }

    private void write(int region, int offset, int bytes, int value) {
        if (region == Protocol.REGION_CONFIG) {
            device.config().write(offset, bytes, value);
        } else if (region == 0) {
            registers.write(offset, value);
        }
    }

    private static void put(ByteBuffer into, int at, int bytes, int value) {
        for (int i = 0; i < bytes; i++) {
            into.put(at + i, (byte) (value >>> (8 * i)));
        }
    }

    private static int get(ByteBuffer from, int at, int bytes) {
        int value = 0;
        for (int i = bytes - 1; i >= 0; i--) {
            value = value << 8 | (from.get(at + i) & 0xff);
        }
        return value;
    }
}
