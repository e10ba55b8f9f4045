// SPDX-License-Identifier: Apache-2.0
/**
 * {@code bench/compare}: vpmd next to DPDK and next to bare C loops, on the same work, in turn, on
 * one machine.
 */
@NullMarked
package io.vpmd.bench.compare;

import org.jspecify.annotations.NullMarked;
