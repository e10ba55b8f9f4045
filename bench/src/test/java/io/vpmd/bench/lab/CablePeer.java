// SPDX-License-Identifier: Apache-2.0
package io.vpmd.bench.lab;

/** A host at the far end of a guest's cable: the interface of a network namespace. */
interface CablePeer {
    /** Where programs of that host run. */
    String namespace();

    /** Frames that went into the cable. */
    long sent();

    /** Frames that came out of it. */
    long received();
}
