// SPDX-License-Identifier: Apache-2.0
package io.vpmd.kni.control;

import io.vpmd.spi.MacAddress;
import io.vpmd.spi.feature.KernelHandlers;

import java.util.Set;

/** A setting of the interface that is another than the one the application knows. */
sealed interface Request {
    /** Asks or tells the application; returns false when it refuses. */
    boolean deliver(KernelHandlers to);

    record Up(boolean up) implements Request {
        @Override
        public boolean deliver(KernelHandlers to) {
            return to.configNetworkIf(up);
        }
    }

    record Mtu(int bytes) implements Request {
        @Override
        public boolean deliver(KernelHandlers to) {
            return to.changeMtu(bytes);
        }
    }

    record Mac(MacAddress address) implements Request {
        @Override
        public boolean deliver(KernelHandlers to) {
            return to.configMacAddress(address);
        }
    }

    record Promiscuity(boolean on) implements Request {
        @Override
        public boolean deliver(KernelHandlers to) {
            to.configPromiscuity(on);
            return true;
        }
    }

    record Allmulticast(boolean on) implements Request {
        @Override
        public boolean deliver(KernelHandlers to) {
            to.configAllmulticast(on);
            return true;
        }
    }

    record MulticastList(Set<MacAddress> addresses) implements Request {
        @Override
        public boolean deliver(KernelHandlers to) {
            to.configMulticastList(addresses);
            return true;
        }
    }

    /** Of kni.ko only. */
    record Vlans(Set<Integer> ids) implements Request {
        @Override
        public boolean deliver(KernelHandlers to) {
            return to.configVlanIds(ids);
        }
    }
}
