// SPDX-License-Identifier: Apache-2.0
package io.vpmd.kni;

import io.vpmd.spi.MacAddress;
import io.vpmd.spi.feature.KernelHandlers;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** Handlers that note every call and refuse what they are told to. */
public final class RecordedHandlers implements KernelHandlers {
    /** One call, its argument as text, and when it came. */
    public record Call(String what, Object value, long nanos) {
        public String text() {
            return what + " " + value;
        }
    }

    private final LinkedBlockingQueue<Call> calls = new LinkedBlockingQueue<>();
    private volatile Predicate<Call> refuses = c -> false;

    public RecordedHandlers refusing(Predicate<Call> which) {
        refuses = which;
        return this;
    }

    private boolean note(String what, Object value) {
        Call call = new Call(what, value, System.nanoTime());
        boolean ok = !refuses.test(call);
        calls.add(call);
        return ok;
    }

    @Override
    public boolean configNetworkIf(boolean up) {
        return note("up", up);
    }

    @Override
    public boolean changeMtu(int mtu) {
        return note("mtu", mtu);
    }

    @Override
    public boolean configVlanIds(Set<Integer> ids) {
        return note("vlans", ids);
    }

    @Override
    public boolean configMacAddress(MacAddress mac) {
        return note("mac", mac);
    }

    @Override
    public void configPromiscuity(boolean on) {
        note("promisc", on);
    }

    @Override
    public void configAllmulticast(boolean on) {
        note("allmulti", on);
    }

    @Override
    public void configMulticastList(Set<MacAddress> addresses) {
        note("multicast", addresses);
    }

    /** Waits for the next call that is not about the multicast list. */
    public Call await() {
        while (true) {
            Call call = await(c -> true);
            if (!call.what().equals("multicast")) {
                return call;
            }
        }
    }

    /** Waits for a call, taking the ones before it. */
    public Call await(Predicate<Call> which) {
        List<Call> others = new ArrayList<>();
        long deadline = System.nanoTime() + 5_000_000_000L;
        try {
            while (true) {
                Call call = calls.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
                if (call == null) {
                    throw new AssertionError("no such call within 5 s; there were " + others);
                }
                if (which.test(call)) {
                    return call;
                }
                others.add(call);
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /**
     * What has come up to now and was not taken, without what the kernel does by itself: the
     * multicast list, and with its 8021q loaded the id 0 of an interface that is up.
     */
    public List<String> take() {
        List<Call> all = new ArrayList<>();
        calls.drainTo(all);
        return all.stream().filter(c -> !byItself(c)).map(Call::text).toList();
    }

    private static boolean byItself(Call call) {
        return switch (call.what()) {
            case "multicast" -> true;
            case "vlans" -> call.value() instanceof Set<?> ids && Set.of(0).containsAll(ids);
            default -> false;
        };
    }
}
