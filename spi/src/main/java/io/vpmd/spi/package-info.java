// SPDX-License-Identifier: Apache-2.0
/** Ports that are driven by polling: what an application calls and a driver author implements. */
package io.vpmd.spi;
