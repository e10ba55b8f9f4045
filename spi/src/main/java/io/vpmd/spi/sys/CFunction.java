// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.sys;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * Functions of the C library whose arguments are integers and addresses, seven at most.
 *
 * <p>All share one handle: linking one takes the JDK tens of milliseconds at start-up. A function
 * with fewer or narrower arguments does not look at the rest of the registers, on every 64-bit
 * Linux ABI; with "variadic", the handle also suits those that are (open, ioctl, syscall).
 */
@SuppressWarnings("restricted")
final class CFunction {
    private static final Linker LINKER = Linker.nativeLinker();
    private static final FunctionDescriptor SEVEN_LONGS =
            FunctionDescriptor.of(
                    JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG,
                    JAVA_LONG);

    private CFunction() {}

    /** A handle that takes the function, then what {@code options} ask for, then seven longs. */
    static MethodHandle handle(Linker.Option... options) {
        Linker.Option[] all = new Linker.Option[options.length + 1];
        System.arraycopy(options, 0, all, 0, options.length);
        all[options.length] = Linker.Option.firstVariadicArg(1);
        return LINKER.downcallHandle(SEVEN_LONGS, all);
    }

    /** The address of a function. */
    static MemorySegment find(String name) {
        return LINKER.defaultLookup()
                .find(name)
                .orElseThrow(
                        () ->
                                new UnsatisfiedLinkError(
                                        "the C library has no "
                                                + name
                                                + ": vpmd needs Linux with glibc 2.35 or newer"));
    }

    /** What a downcall never throws. */
    static AssertionError unexpected(Throwable t) {
        if (t instanceof Error e) {
            throw e;
        }
        if (t instanceof RuntimeException e) {
            throw e;
        }
        return new AssertionError(t);
    }
}
