// SPDX-License-Identifier: Apache-2.0
package io.vpmd.bench.lab;

import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TagFilter;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;

/**
 * Runs the test classes that it is told, inside a guest. Prints failures, and at the end one line
 * {@code N passed, N failed, N skipped}; exits 1 unless all passed or were skipped.
 */
final class GuestTests {
    private GuestTests() {}

    public static void main(String[] classes) {
        LauncherDiscoveryRequestBuilder request = LauncherDiscoveryRequestBuilder.request();
        for (String name : classes) {
            request.selectors(DiscoverySelectors.selectClass(name));
        }
        // These want a JVM of their own.
        LauncherDiscoveryRequest all = request.filters(TagFilter.excludeTags("debug")).build();
        SummaryGeneratingListener listener = new SummaryGeneratingListener();
        LauncherFactory.create().execute(all, listener);
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
