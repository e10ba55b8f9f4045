// SPDX-License-Identifier: Apache-2.0
package io.vpmd.kni;

import io.vpmd.spi.MacAddress;
import io.vpmd.spi.PortSpec;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What an application wants of a KNI port.
 *
 * @param name of the interface, at most 15 bytes
 * @param netns where it is made: name, path or process id; empty means the caller's
 * @param mac its address; empty means a random one
 * @param mtu in bytes
 * @param backend how packets reach the kernel: {@code auto}, {@code kni} or {@code tap}
 * @param requestsByApplication whether handlers run in {@link Kni#handleRequests} only, instead of
 *     on the port's control thread
 */
public record KniConf(
        String name,
        Optional<String> netns,
        Optional<MacAddress> mac,
        int mtu,
        String backend,
        boolean requestsByApplication) {

    public KniConf {
        if (name.isEmpty()) {
            throw new IllegalArgumentException("a KNI port needs a name such as vEth0");
        }
    }

    /** An interface in the caller's namespace with a random address and an MTU of 1500. */
    public static KniConf of(String name) {
        return new KniConf(name, Optional.empty(), Optional.empty(), 1500, "auto", false);
    }

    public KniConf withNetns(String value) {
        return new KniConf(name, Optional.of(value), mac, mtu, backend, requestsByApplication);
    }

    public KniConf withMac(MacAddress value) {
        return new KniConf(name, netns, Optional.of(value), mtu, backend, requestsByApplication);
    }

    public KniConf withMtu(int bytes) {
        return new KniConf(name, netns, mac, bytes, backend, requestsByApplication);
    }

    public KniConf withBackend(String value) {
        return new KniConf(name, netns, mac, mtu, value, requestsByApplication);
    }

    public KniConf withRequestsByApplication() {
        return new KniConf(name, netns, mac, mtu, backend, true);
    }

    PortSpec spec() {
        Map<String, String> options = new LinkedHashMap<>();
        options.put("backend", backend);
        options.put("mtu", Integer.toString(mtu));
        netns.ifPresent(n -> options.put("netns", n));
        mac.ifPresent(m -> options.put("mac", m.toString()));
        if (requestsByApplication) {
            options.put("requests", KniDriver.REQUESTS_APP);
        }
        return new PortSpec(KniDriver.NAME, name, options);
    }
}
