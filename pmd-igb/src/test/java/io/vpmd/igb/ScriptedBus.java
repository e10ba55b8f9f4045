// SPDX-License-Identifier: Apache-2.0
package io.vpmd.igb;

import io.vpmd.spi.hw.Bus;
import io.vpmd.spi.hw.ConfigSpace;
import io.vpmd.spi.hw.DmaMap;
import io.vpmd.spi.hw.DmaMemory;
import io.vpmd.spi.hw.Mmio;
import io.vpmd.spi.mbuf.MbufPool;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;

/**
 * Registers in memory whose NVM, PHY and configuration space a test writes, and which a test can
 * watch: what is done when a register is written, and all writes in their order.
 */
final class ScriptedBus implements Bus {
    private static final int EERD = 0x14;
    private static final int MDIC = 0x20;
    private static final int POWER_AT = 0x40;
    private static final int EXPRESS_AT = 0xa0;

    private final MemoryBus inside;
    private final int[] nvm = new int[0x200];
    private final int[] phy = new int[32];
    private final byte[] config = new byte[256];
    private final List<String> written = Collections.synchronizedList(new ArrayList<>());
    private final Map<Integer, IntConsumer> onWrite = new HashMap<>();
    private final Map<Integer, IntConsumer> onPhyWrite = new HashMap<>();

    ScriptedBus(int deviceId) {
        inside = new MemoryBus(deviceId);
        put(ConfigSpace.VENDOR_ID, 2, 0x8086);
        put(ConfigSpace.DEVICE_ID, 2, deviceId);
        put(ConfigSpace.STATUS, 2, 1 << 4);
        put(0x34, 1, POWER_AT);
        put(POWER_AT, 2, 1 | EXPRESS_AT << 8);
        put(EXPRESS_AT, 2, 0x10);
        seal();
    }

    /** Makes the checksum right. */
    void seal() {
        nvm[0x3f] = 0;
        int sum = 0;
        for (int i = 0; i < 0x3f; i++) {
            sum += nvm[i];
        }
        nvm[0x3f] = (0xbaba - sum) & 0xffff;
    }

    MemoryBus registers() {
        return inside;
    }

    int[] nvm() {
        return nvm;
    }

    int[] phy() {
        return phy;
    }

    /** Runs after the register was written. */
    void onWrite(int offset, IntConsumer action) {
        onWrite.put(offset, action);
    }

    void onPhyWrite(int register, IntConsumer action) {
        onPhyWrite.put(register, action);
    }

    /** {@code offset=value} of registers, {@code pci offset=value}, {@code phy register=value}. */
    List<String> written() {
        return List.copyOf(written);
    }

    /** Those of some registers only, as they are named in {@link #written}. */
    List<String> written(String... names) {
        List<String> wanted = List.of(names);
        return written().stream().filter(w -> wanted.contains(w.split("=", -1)[0])).toList();
    }

    private void put(int offset, int width, int value) {
        for (int i = 0; i < width; i++) {
            config[offset + i] = (byte) (value >>> (8 * i));
        }
    }

    private static String text(String where, int value) {
        return where + "=" + Integer.toHexString(value);
    }

    private final class Space extends Mmio {
        private final Mmio memory = inside.bar(0);

        @Override
        public long size() {
            return memory.size();
        }

        @Override
        public int read(int offset) {
            return memory.read(offset);
        }

        @Override
        public void write(int offset, int value) {
            written.add(text(Integer.toHexString(offset), value));
            switch (offset) {
                case EERD -> inside.set(EERD, nvm[(value >>> 2) % nvm.length] << 16 | 2);
                case MDIC -> mdi(value);
                default -> memory.write(offset, value);
            }
            onWrite.getOrDefault(offset, v -> {}).accept(value);
        }

        private void mdi(int value) {
            int register = value >>> 16 & 0x1f;
            if ((value & 1 << 26) != 0) {
                written.add(text("phy " + Integer.toHexString(register), value & 0xffff));
                phy[register] = value & 0xffff;
                onPhyWrite.getOrDefault(register, v -> {}).accept(value & 0xffff);
            }
            inside.set(MDIC, (value & ~0xffff) | phy[register] | 1 << 28);
        }
    }

    @Override
    public String kind() {
        return inside.kind();
    }

    @Override
    public String device() {
        return inside.device();
    }

    @Override
    public ConfigSpace config() {
        return new ConfigSpace() {
            @Override
            public int read(int offset, int bytes) {
                int v = 0;
                for (int i = bytes - 1; i >= 0; i--) {
                    v = v << 8 | (config[offset + i] & 0xff);
                }
                return v;
            }

            @Override
            public void write(int offset, int bytes, int value) {
                written.add(text("pci " + Integer.toHexString(offset), value));
                put(offset, bytes, value);
            }
        };
    }

    @Override
    public Mmio bar(int number) {
        return new Space();
    }

    @Override
    public DmaMemory allocate(String name, long bytes) {
        return inside.allocate(name, bytes);
    }

    @Override
    public DmaMap map(MbufPool pool) {
        return inside.map(pool);
    }

    @Override
    public boolean reset() {
        return inside.reset();
    }

    @Override
    public void close() {
        inside.close();
    }
}
