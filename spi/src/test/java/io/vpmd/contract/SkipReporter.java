// SPDX-License-Identifier: Apache-2.0
package io.vpmd.contract;

import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.TestExecutionResult.Status;
import org.junit.platform.engine.TestSource;
import org.junit.platform.engine.support.descriptor.ClassSource;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;

import java.util.Optional;

/**
 * Prints why a test was skipped; surefire's console output has the number of skipped tests only.
 */
public final class SkipReporter implements TestExecutionListener {
    @Override
    public void executionSkipped(TestIdentifier test, String reason) {
        print(test, reason);
    }

    @Override
    public void executionFinished(TestIdentifier test, TestExecutionResult result) {
        if (result.getStatus() == Status.ABORTED) {
            print(test, result.getThrowable().map(Throwable::getMessage).orElse("no reason given"));
        }
    }

    private static void print(TestIdentifier test, String reason) {
        System.out.println("SKIPPED " + name(test) + ": " + reason);
    }

    private static String name(TestIdentifier test) {
        Optional<TestSource> source = test.getSource();
        if (source.isPresent() && source.get() instanceof ClassSource type) {
            return type.getClassName();
        }
        if (source.isPresent() && source.get() instanceof MethodSource method) {
            String name = method.getClassName() + "." + method.getMethodName();
            boolean invocation = test.getUniqueIdObject().getLastSegment().getType().contains("-");
            return invocation && test.isTest() ? name + " " + test.getDisplayName() : name;
        }
        return test.getDisplayName();
    }
}
