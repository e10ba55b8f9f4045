// SPDX-License-Identifier: Apache-2.0
/**
 * The burst path of NICs with advanced descriptors, which the 82576 and 82599 families share: rings
 * that are queues of the SPI. A driver extends {@link io.vpmd.spi.hw.ring.RxRing} and {@link
 * io.vpmd.spi.hw.ring.TxRing} with the register writes that start and end a queue of its device.
 */
package io.vpmd.spi.hw.ring;
