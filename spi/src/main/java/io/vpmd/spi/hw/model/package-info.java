// SPDX-License-Identifier: Apache-2.0
/**
 * The kit of software NICs: what every PCI network device has, so that a model of one says only
 * what is special to it.
 *
 * <p>A model extends {@link io.vpmd.spi.hw.model.DeviceModel}, gives its {@link
 * io.vpmd.spi.hw.model.RegisterFile} hooks, and moves packets in {@link
 * io.vpmd.spi.hw.model.DeviceModel#turn} between descriptor rings, which it reaches through a
 * {@link io.vpmd.spi.hw.model.DmaSpace}, and a {@link io.vpmd.spi.hw.model.Wire}. A {@link
 * io.vpmd.spi.hw.model.ModelEngine} takes the turns on a thread; tests may take them one by one.
 * {@link io.vpmd.spi.hw.model.ModelBus} is the way of a driver in this process to the device,
 * {@link io.vpmd.spi.hw.vfiouser.VfioUserServer} that of one in another process.
 *
 * <p>A model is stricter than silicon: what the data sheet forbids and silicon would swallow is
 * written down in {@link io.vpmd.spi.hw.model.Violations}.
 */
package io.vpmd.spi.hw.model;
