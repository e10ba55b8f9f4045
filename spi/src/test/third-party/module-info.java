// SPDX-License-Identifier: Apache-2.0
/** A driver that knows vpmd's public API and nothing else. */
module com.example.vpmd.wire {
    requires io.vpmd.spi;

    provides io.vpmd.spi.PortDriver with
            com.example.vpmd.wire.WireDriver;
}
