// SPDX-License-Identifier: Apache-2.0
/** The TAP back-end: any Linux has it. */
package io.vpmd.kni.tap;
