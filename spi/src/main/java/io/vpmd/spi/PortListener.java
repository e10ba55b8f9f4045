// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi;

/**
 * Is told of events, on the port's control thread, one at a time and in order. It may block, and
 * may call control methods of any port, of this one all but {@code close}.
 */
@FunctionalInterface
public interface PortListener {
    void onEvent(Port port, PortEvent event);
}
