// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.feature;

/** A port with a network interface of the kernel on its other side. */
public interface KernelRequests {
    /** Name of the interface as it is now; it may have been renamed. */
    String interfaceName();

    /** Its index in the namespace where it is now. */
    int interfaceIndex();

    /**
     * Hands the kernel's requests to {@code handlers} from now on, beginning with what differs from
     * the port's state.
     *
     * @throws io.vpmd.spi.PortException when this or another process has registered handlers; the
     *     message names its pid
     */
    void registerHandlers(KernelHandlers handlers);

    /** The reverse; does nothing when this process has registered none. */
    void unregisterHandlers();

    /**
     * Serves what is pending on the calling thread, for a port opened with {@code requests=app}.
     *
     * @return how many requests were served; 0 also when the control thread serves them
     */
    int handleRequests();
}
