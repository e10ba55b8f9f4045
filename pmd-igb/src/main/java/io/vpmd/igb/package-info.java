// SPDX-License-Identifier: Apache-2.0
/**
 * {@code net_igb}, written from the data sheets: 82576EB (section numbers in comments are those of
 * this one where no other is named), 82580EB, I350, I354, I210 and I211. The files have the same
 * names as those of {@code net_ixgbe}, so that comparing the two folders shows the hardware.
 */
package io.vpmd.igb;
