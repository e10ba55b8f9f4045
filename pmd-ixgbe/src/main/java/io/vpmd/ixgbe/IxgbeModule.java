// SPDX-License-Identifier: Apache-2.0
package io.vpmd.ixgbe;

import io.vpmd.spi.hw.SfpModule;
import io.vpmd.spi.hw.nic.NicPort;

import java.util.OptionalInt;
import java.util.function.Supplier;

/** The SFP module of a port, on the I2C bus that software drives. */
final class IxgbeModule extends SfpModule {
    private final NicPort port;
    private final IxgbeI2c i2c;

    IxgbeModule(NicPort port, IxgbeI2c i2c) {
        super(port.name());
        this.port = port;
        this.i2c = i2c;
    }

    /** The bus is nobody's between two accesses. */
    @Override
    protected <T> T withPins(String operation, Supplier<T> reads) {
        return port.query(operation, reads);
    }

    @Override
    protected OptionalInt word(String operation, int address, int offset) {
        return i2c.word(operation, address, offset);
    }
}
