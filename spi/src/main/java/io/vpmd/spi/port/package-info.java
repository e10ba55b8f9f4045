// SPDX-License-Identifier: Apache-2.0
/** Ports that are only software, and decorators that add something to any port. */
package io.vpmd.spi.port;
