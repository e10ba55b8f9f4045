// SPDX-License-Identifier: Apache-2.0
package io.vpmd.kni.control;

import io.vpmd.kni.netlink.LinkMonitor;
import io.vpmd.kni.netlink.LinkState;
import io.vpmd.kni.netlink.Rtnetlink;

import java.util.List;
import java.util.function.Function;

/**
 * One setting of a watched interface; used under the monitor's lock.
 *
 * @param monitor watches the interface
 * @param of picks the setting from a state
 * @param setter sets it
 */
record WatchedSetting<T>(LinkMonitor monitor, Function<LinkState, T> of, Setter<T> setter)
        implements Setting.Kernel<T> {

    /** Sets one value of an interface. */
    interface Setter<T> {
        void set(Rtnetlink kernel, int ifindex, T value);
    }

    @Override
    public T now() {
        monitor.catchUp();
        return of.apply(monitor.state());
    }

    @Override
    public List<T> write(T value) {
        List<LinkState> seen =
                monitor.change((kernel, ifindex) -> setter.set(kernel, ifindex, value));
        return seen.stream().map(of).toList();
    }
}
