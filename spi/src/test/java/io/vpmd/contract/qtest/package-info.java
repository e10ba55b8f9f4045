// SPDX-License-Identifier: Apache-2.0
/**
 * Rig A: drivers against QEMU's device models without a guest, a kernel or root. A machine whose
 * processor is halted, its registers behind the qtest socket, its memory shared with the test.
 */
package io.vpmd.contract.qtest;
