// SPDX-License-Identifier: Apache-2.0
/**
 * Requests of the kernel ({@code ip link set ...}) and the application's answers, and who owns an
 * interface.
 */
package io.vpmd.kni.control;
