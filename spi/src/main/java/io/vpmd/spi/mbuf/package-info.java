// SPDX-License-Identifier: Apache-2.0
/** Packet buffers: pools, the views of their buffers, and what a packet's metadata can say. */
package io.vpmd.spi.mbuf;
