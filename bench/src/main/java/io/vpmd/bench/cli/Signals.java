// SPDX-License-Identifier: Apache-2.0
package io.vpmd.bench.cli;

import static java.lang.invoke.MethodType.methodType;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandleProxies;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodHandles.Lookup;
import java.lang.reflect.Method;

/**
 * Signal handlers, which the JDK has in its module jdk.unsupported only; found by name, because
 * javac warns of every mention of them and our warnings are errors.
 */
final class Signals {
    private Signals() {}

    /**
     * Runs {@code action} on a thread of the JVM whenever the process gets a signal.
     *
     * @param name without SIG, for example {@code "USR1"}
     */
    static void handle(String name, Runnable action) {
        try {
            Lookup lookup = MethodHandles.lookup();
            Class<?> signal = lookup.findClass("sun.misc.Signal");
            Class<?> handler = lookup.findClass("sun.misc.SignalHandler");
            MethodHandle run =
                    lookup.findVirtual(Runnable.class, "run", methodType(void.class))
                            .bindTo(action);
            Object proxy =
                    MethodHandleProxies.asInterfaceInstance(
                            handler, MethodHandles.dropArguments(run, 0, signal));
            Method handle = signal.getMethod("handle", signal, handler);
            handle.invoke(null, signal.getConstructor(String.class).newInstance(name), proxy);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("no handler for SIG" + name, e);
        }
    }
}
