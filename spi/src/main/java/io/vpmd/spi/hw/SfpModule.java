// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.hw;

import io.vpmd.spi.feature.ModuleEeprom;

import java.util.OptionalInt;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * An SFP module behind any I2C master. It answers at two addresses, with 256 bytes at each: what it
 * is at A0h, and what it measures at A2h (SFF-8472), where it does that.
 */
public abstract class SfpModule implements ModuleEeprom {
    private static final int IDENTITY = 0xa0;
    private static final int DIAGNOSTICS = 0xa2;
    private static final int PAGE = 256;
    private static final int DIAGNOSTICS_TYPE = 92;
    private static final int ADDRESS_CHANGE = 1 << 2;
    private static final int COMPLIANCE = 94;
    /* SFF-8431 gives a module 300 ms from power to the first answer. */
    private static final int TRIES = 4;
    private static final int PAUSE_MICROS = 100_000;

    private final String port;

    /**
     * The module of a port.
     *
     * @param port name for messages
     */
    protected SfpModule(String port) {
        this.port = port;
    }

    /** Does some reads with the I2C pins ready for them, and nobody else's in between. */
    protected abstract <T> T withPins(String operation, Supplier<T> reads);

    /**
     * Reads two bytes in one go, as what a module measures in 16 bits wants it.
     *
     * @param address as the standards write it, with the bit that tells reads from writes as 0
     * @param offset an even one below 256
     * @return the byte at {@code offset} and 256 times the next one; empty when nobody answers
     * @throws DeviceException when the I2C master does not do its part
     */
    protected abstract OptionalInt word(String operation, int address, int offset);

    @Override
    public final Layout moduleLayout() {
        return withPins("moduleLayout", () -> layout("moduleLayout"));
    }

    @Override
    public final byte[] readModuleEeprom(int offset, int length) {
        return withPins("readModuleEeprom", () -> bytes("readModuleEeprom", offset, length));
    }

    private byte[] bytes(String operation, int offset, int length) {
        return new WordMemory(port, layout(operation).bytes())
                .read(
                        operation,
                        offset,
                        length,
                        (first, count) ->
                                IntStream.range(first, first + count)
                                        .map(word -> read(operation, 2 * word))
                                        .toArray());
    }

    private Layout layout(String operation) {
        for (int i = 1; i < TRIES && word(operation, IDENTITY, 0).isEmpty(); i++) {
            Registers.delayMicros(PAUSE_MICROS);
        }
        boolean complies = (read(operation, COMPLIANCE) & 0xff) != 0;
        // Such a module wants to be told, in a way of its own, before it answers at A2h.
        boolean hidden = (read(operation, DIAGNOSTICS_TYPE) & ADDRESS_CHANGE) != 0;
        return complies && !hidden ? Layout.SFF_8472 : Layout.SFF_8079;
    }

    private int read(String operation, int offset) {
        int address = offset < PAGE ? IDENTITY : DIAGNOSTICS;
        return word(operation, address, offset % PAGE)
                .orElseThrow(
                        () ->
                                new DeviceException(
                                        operation,
                                        port,
                                        "no module answers at "
                                                + Integer.toHexString(address)
                                                + "h",
                                        "plug one in, or another one"));
    }
}
