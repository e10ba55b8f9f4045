// SPDX-License-Identifier: Apache-2.0
/**
 * What drivers of network interface controllers have in common: the life of a port around resets,
 * interrupts, counters, and features whose registers differ from one family to the next in place
 * rather than in kind.
 *
 * <p>A driver extends {@link io.vpmd.spi.hw.nic.NicPort} and says what is written to its registers.
 * Where nothing else is said, methods run with the port's lock, and throw {@link
 * io.vpmd.spi.hw.DeviceException} when the device does not do in time what it is asked for.
 */
package io.vpmd.spi.hw.nic;
