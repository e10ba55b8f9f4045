// SPDX-License-Identifier: Apache-2.0
/**
 * Packet headers: offsets and values as the standards name them, a parser that finds the headers of
 * a packet, and the Internet checksum.
 *
 * <p>The offset constants of a header count from its first byte, as in {@code m.u16At(l2Length +
 * Ipv4.TOTAL_LENGTH)}.
 */
package io.vpmd.spi.wire;
