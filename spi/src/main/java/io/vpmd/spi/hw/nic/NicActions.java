// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.hw.nic;

import io.vpmd.spi.AbstractPort;
import io.vpmd.spi.MacAddress;
import io.vpmd.spi.PortConfig;
import io.vpmd.spi.PortSpec;

import java.util.List;

/**
 * What a driver does to its device: the registers that it writes at each step of a port's life.
 *
 * <p>The methods run one at a time with the port's lock, {@link #present} excepted, and on a device
 * that is there, except those that end something.
 */
abstract class NicActions extends AbstractPort {
    NicActions(PortSpec spec, MacAddress mac, int mtu) {
        super(spec, mac, mtu);
    }

    /** Resets the device to a state in which it moves nothing and everything is masked. */
    protected abstract void resetDevice(String operation);

    /** From the reset to a device with all its settings that does not move packets yet. */
    protected abstract void bringUp(String operation);

    /** Writes what depends on a configuration, and switches on what queues are enabled after. */
    protected abstract void prepare(PortConfig config);

    /** Switches the receiver on, whose queues are enabled; their tails are written afterwards. */
    protected abstract void openReceiver();

    /** Switches the receiver off, and returns when it has ended. */
    protected abstract void closeReceiver();

    /** Switches the transmitter off, whose queues are disabled. */
    protected abstract void closeTransmitter();

    /** Leaves the device reset, silent, and without a link where nobody else needs it. */
    protected abstract void shutDown();

    /** Whether registers answer; on the watch's thread too. */
    protected abstract boolean present();

    /** Sets the largest frame. */
    protected abstract void writeMtu(int bytes);

    /** Sets both modes. */
    protected abstract void writePromiscuous(boolean promiscuous, boolean allmulticast);

    /** A full queue drops packets rather than hold up the others. */
    protected abstract boolean dropsWhenFull();

    /** The device's features, beside the control of queues. */
    protected abstract List<Object> features();

    /** Takes over a configuration that will hold. */
    protected void configured(PortConfig config) {}

    /** The link has come up, gone down or changed. */
    protected void linkChanged() {}

    /** Whether the link is to be set up anew, told once; on the watch's thread. */
    protected boolean wantsSetUp() {
        return false;
    }

    /** Sets the link up anew, because {@link #wantsSetUp} said so. */
    protected void setUpLink() {}

    /** Called about every second while the device is there. */
    protected void everySecond() {}
}
