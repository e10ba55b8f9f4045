// SPDX-License-Identifier: Apache-2.0
package io.vpmd.kni;

import io.vpmd.spi.Port;
import io.vpmd.spi.Ports;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A test of the interface vEth0 in a namespace of its own. */
abstract class NamespaceTest {
    static final String IF = "vEth0";

    private TestNamespace namespace;

    @BeforeEach
    final void makeNamespace() {
        namespace = TestNamespace.create();
    }

    /** After what subclasses close. */
    @AfterEach
    final void removeNamespace() {
        if (namespace != null) {
            namespace.close();
        }
    }

    final TestNamespace namespace() {
        return namespace;
    }

    /** The port of vEth0; options begin with a comma each. */
    final Port openPort(String options) {
        return Ports.open("net_kni:" + IF + ",netns=" + namespace.name() + options);
    }
}
