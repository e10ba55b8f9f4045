// SPDX-License-Identifier: Apache-2.0
package io.vpmd.kni.control;

import io.vpmd.spi.MacAddress;

import java.util.Set;

/** A setting of the interface that is another than the one the application knows. */
sealed interface Request {
    record Up(boolean up) implements Request {}

    record Mtu(int bytes) implements Request {}

    record Mac(MacAddress address) implements Request {}

    record Promiscuity(boolean on) implements Request {}

    record Allmulticast(boolean on) implements Request {}

    record MulticastList(Set<MacAddress> addresses) implements Request {}
}
