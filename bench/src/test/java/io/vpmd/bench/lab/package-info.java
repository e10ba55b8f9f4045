// SPDX-License-Identifier: Apache-2.0
/**
 * Rig B: a Linux guest under QEMU with emulated NICs and an IOMMU, where the classes of this build
 * drive the NICs through /dev/vfio. What bench/lab/setup installs is all that it needs.
 */
package io.vpmd.bench.lab;
