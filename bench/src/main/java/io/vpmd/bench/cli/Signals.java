// SPDX-License-Identifier: Apache-2.0
package io.vpmd.bench.cli;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodHandles.Lookup;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;

/**
 * Signal handlers, which the JDK offers in the module jdk.unsupported only: reached by name, so
 * that nothing here breaks a build that forbids it.
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
            Method handle = signal.getMethod("handle", signal, handler);
            Object one = signal.getConstructor(String.class).newInstance(name);
            handle.invoke(null, one, proxy(handler, action));
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("no handler for SIG" + name, e);
        }
    }

    private static Object proxy(Class<?> handler, Runnable action) {
        InvocationHandler calls =
                (self, method, arguments) ->
                        switch (method.getName()) {
                            case "handle" -> {
                                action.run();
                                yield null;
                            }
                            case "equals" -> self == arguments[0];
                            case "hashCode" -> System.identityHashCode(self);
                            default -> "signal handler";
                        };
        return Proxy.newProxyInstance(handler.getClassLoader(), new Class<?>[] {handler}, calls);
    }
}
