// SPDX-License-Identifier: Apache-2.0
/**
 * The vfio-user protocol: a PCI device in one process, its driver in another, a socket of the Unix
 * domain between them. The driver's side passes its memory and its interrupts as descriptors, so
 * that only register accesses are messages.
 *
 * <p>{@link io.vpmd.spi.hw.vfiouser.VfioUserServer} serves any {@link
 * io.vpmd.spi.hw.model.DeviceModel}, for example to a virtual machine; {@link
 * io.vpmd.spi.hw.vfiouser.VfioUserBus} is a driver's way to a device that is served. Neither trusts
 * the other end: whatever arrives is checked once, refused with an errno where it breaks the
 * protocol or a limit, and counted.
 */
package io.vpmd.spi.hw.vfiouser;
