// SPDX-License-Identifier: Apache-2.0
/** What the commands run: forwarding between ports, the KNI application. */
@NullMarked
package io.vpmd.bench.app;

import org.jspecify.annotations.NullMarked;
