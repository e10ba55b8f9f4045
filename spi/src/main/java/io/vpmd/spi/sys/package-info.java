// SPDX-License-Identifier: Apache-2.0
/**
 * Every foreign function call of vpmd, and nothing else that is restricted. Exported so that
 * drivers outside this project can use it, but <b>unstable</b>: it changes without notice.
 */
package io.vpmd.spi.sys;
