// SPDX-License-Identifier: Apache-2.0
/** What {@code vpmd devbind} does: network devices, who uses them, and which driver has them. */
@NullMarked
package io.vpmd.bench.pci;

import org.jspecify.annotations.NullMarked;
