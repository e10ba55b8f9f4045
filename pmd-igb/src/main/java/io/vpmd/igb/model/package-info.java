// SPDX-License-Identifier: Apache-2.0
/**
 * The 82576 family in software: what {@code net_igb:model} drives, and with it the tests that need
 * no device. Written from the data sheets' register and descriptor tables, apart from the driver's
 * own; section numbers are the 82576EB's.
 *
 * <p>Not modelled: legacy descriptors, header split, virtualization, 802.1AE, IPsec, IEEE 1588,
 * management, wake-up, INTx, SerDes and everything analog.
 */
package io.vpmd.igb.model;
