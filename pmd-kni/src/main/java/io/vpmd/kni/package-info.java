// SPDX-License-Identifier: Apache-2.0
/** The Kernel NIC Interface: ports that face the kernel's network stack. */
package io.vpmd.kni;
