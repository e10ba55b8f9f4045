// SPDX-License-Identifier: Apache-2.0
/**
 * The 82599 family in software: what {@code net_ixgbe:model} drives, and with it the tests that
 * need no device. Written from the data sheets' register and descriptor tables, apart from the
 * driver's own; section numbers are the 82599's.
 *
 * <p>Not modelled: legacy descriptors, header split, virtualization, traffic classes, 802.1AE,
 * IPsec, FCoE, IEEE 1588, signature filters of the flow director, management, wake-up, INTx and
 * everything analog.
 */
package io.vpmd.ixgbe.model;
