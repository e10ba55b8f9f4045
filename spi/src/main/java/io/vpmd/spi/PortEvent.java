// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi;

/** Something that happened to a port. */
public sealed interface PortEvent {
    /** The link went up, down, or changed speed. */
    record LinkChanged(Link link) implements PortEvent {}

    /** The device is gone; the port moves no more packets and waits to be closed. */
    record Removed(String reason) implements PortEvent {}

    /** A transmit queue did not get on for seconds although the link is up; it was started anew. */
    record TransmitHang(int queue) implements PortEvent {}
}
