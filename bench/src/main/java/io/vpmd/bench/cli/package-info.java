// SPDX-License-Identifier: Apache-2.0
/** The {@code vpmd} command line: one class a command. */
@NullMarked
package io.vpmd.bench.cli;

import org.jspecify.annotations.NullMarked;
