// SPDX-License-Identifier: Apache-2.0
/** Interfaces of kni.ko: its calls, its rings and the queues over them. */
package io.vpmd.kni.kmod;
