// SPDX-License-Identifier: Apache-2.0
package io.vpmd.contract;

/** What the topics of the contract work with. */
public interface Rigged {
    /** The rig of this case. */
    Rig rig();

    /** A second rig with another port; the case closes it. */
    Rig anotherRig();
}
