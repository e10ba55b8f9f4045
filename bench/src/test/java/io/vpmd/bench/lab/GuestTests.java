// SPDX-License-Identifier: Apache-2.0
package io.vpmd.bench.lab;

import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TagFilter;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;

/**
 * Runs the test classes, or methods as {@code CLASS#METHOD}, that it is told, inside a guest.
 * Prints failures, and at the end one line {@code N passed, N failed, N skipped}; exits 1 unless
 * all passed or were skipped.
 */
final class GuestTests {
    private GuestTests() {}

    /** One line a test: what a timeout interrupts has left a trace. */
    private static final class Progress implements TestExecutionListener {
        private long startedNanos;

        @Override
        public void executionStarted(TestIdentifier test) {
            startedNanos = System.nanoTime();
        }

        @Override
        public void executionFinished(TestIdentifier test, TestExecutionResult result) {
            if (test.isTest()) {
                long millis = (System.nanoTime() - startedNanos) / 1_000_000;
                System.out.println(
                        result.getStatus()
                                + " "
                                + name(test)
                                + " "
                                + millis
                                + " ms"
                                + result.getThrowable().map(t -> ": " + t.getMessage()).orElse(""));
            }
        }
    }

    private static String name(TestIdentifier test) {
        String method =
                test.getSource()
                        .filter(MethodSource.class::isInstance)
                        .map(source -> ((MethodSource) source).getMethodName())
                        .orElse("");
        String shown = test.getDisplayName();
        return shown.startsWith(method) ? shown : method + " " + shown;
    }

    public static void main(String[] classes) {
        LauncherDiscoveryRequestBuilder request = LauncherDiscoveryRequestBuilder.request();
        for (String name : classes) {
            request.selectors(
                    name.contains("#")
                            ? DiscoverySelectors.selectMethod(name)
                            : DiscoverySelectors.selectClass(name));
        }
        // These want a JVM of their own.
        LauncherDiscoveryRequest all = request.filters(TagFilter.excludeTags("debug")).build();
        SummaryGeneratingListener listener = new SummaryGeneratingListener();
        LauncherFactory.create().execute(all, listener, new Progress());
        TestExecutionSummary summary = listener.getSummary();
        PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
        summary.printFailuresTo(out, 20);
        long skipped = summary.getTestsSkippedCount() + summary.getTestsAbortedCount();
        out.printf(
                "%d passed, %d failed, %d skipped%n",
                summary.getTestsSucceededCount(), summary.getTotalFailureCount(), skipped);
        // Threads of the fixtures wait for devices for ever.
        Runtime.getRuntime().exit(summary.getTotalFailureCount() == 0 ? 0 : 1);
    }
}
