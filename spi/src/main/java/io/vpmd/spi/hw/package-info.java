// SPDX-License-Identifier: Apache-2.0
/**
 * The kit of NIC drivers: PCI addresses and what sysfs knows, a {@linkplain io.vpmd.spi.hw.Bus bus}
 * that reaches a device's registers and its view of memory, and register tables.
 *
 * <p>A driver opens a bus, reads and writes {@link io.vpmd.spi.hw.Register}s of its table through
 * {@link io.vpmd.spi.hw.Registers}, puts its descriptor rings into {@link io.vpmd.spi.hw.DmaMemory}
 * and looks packet addresses up in {@link io.vpmd.spi.hw.DmaPools}. It does not know whether the
 * device is behind an IOMMU, in another process or in a test.
 */
package io.vpmd.spi.hw;
