// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.hw.nic;

import io.vpmd.spi.feature.Eeprom;
import io.vpmd.spi.feature.Firmware;

/** The NVM as a feature of a port: each access holds the port's lock, so that no reset is in it. */
public final class PortEeprom<N extends NicEeprom & Firmware> implements Eeprom, Firmware {
    private final NicPort port;
    private final N nvm;

    public PortEeprom(NicPort port, N nvm) {
        this.port = port;
        this.nvm = nvm;
    }

    @Override
    public int eepromSize() {
        return port.query("eepromSize", nvm::eepromSize);
    }

    @Override
    public int eepromMagic() {
        return nvm.eepromMagic();
    }

    @Override
    public byte[] readEeprom(int offset, int length) {
        return port.query("readEeprom", () -> nvm.readEeprom(offset, length));
    }

    @Override
    public String firmwareVersion() {
        return port.query("firmwareVersion", nvm::firmwareVersion);
    }
}
