// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.hw.nic;

import io.vpmd.spi.Link;

/** The link of a device, as its port looks at it. */
public interface NicLink {
    /** What the MAC sees now; down also when the device is gone. From any thread. */
    Link state();
}
