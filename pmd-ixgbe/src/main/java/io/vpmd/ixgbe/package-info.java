// SPDX-License-Identifier: Apache-2.0
/**
 * {@code net_ixgbe}, written from the data sheets: 82599 (section numbers in comments are those of
 * this one where no other is named), X540, X550 and X550EM. The files have the same names as those
 * of {@code net_igb}, so that comparing the two folders shows the hardware.
 */
package io.vpmd.ixgbe;
