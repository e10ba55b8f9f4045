// SPDX-License-Identifier: Apache-2.0
package io.vpmd.contracttest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;

import io.vpmd.contract.PortContract;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import org.junit.platform.engine.DiscoverySelector;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.launcher.TagFilter;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherConfig;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/** The contract kit lets a right driver pass and catches wrong ones by the case meant for it. */
class ContractTest {
    /** Failed cases with what they threw, and how many passed. */
    private static final class Outcome implements TestExecutionListener {
        final Map<String, Throwable> failed = new TreeMap<>();
        int passed;

        @Override
        public void executionFinished(TestIdentifier test, TestExecutionResult result) {
            if (result.getStatus() == TestExecutionResult.Status.FAILED) {
                failed.put(test.getDisplayName(), result.getThrowable().orElseThrow());
            } else if (test.isTest()
                    && result.getStatus() == TestExecutionResult.Status.SUCCESSFUL) {
                passed++;
            }
        }
    }

    private static Outcome run(Defect defect, DiscoverySelector selector) {
        Outcome outcome = new Outcome();
        LoopSuite.DEFECT.set(defect);
        var request =
                LauncherDiscoveryRequestBuilder.request()
                        .selectors(selector)
                        .filters(TagFilter.excludeTags("debug"))
                        .build();
        var config =
                LauncherConfig.builder().enableTestExecutionListenerAutoRegistration(false).build();
        LauncherFactory.create(config).execute(request, outcome);
        return outcome;
    }

    @Test
    void aRightDriverPassesEveryCase() {
        Outcome outcome = run(Defect.NONE, selectClass(LoopSuite.class));
        assertEquals(Map.of(), outcome.failed);
        assertTrue(outcome.passed > 60, outcome.passed + " cases passed");
    }

    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "NONE")
    void aWrongDriverIsCaughtByTheCaseMeantForIt(Defect defect) {
        Outcome outcome = run(defect, selectMethod(LoopSuite.class, defect.caughtBy));
        Throwable failure = outcome.failed.get(defect.caughtBy + "()");
        assertTrue(failure != null, () -> defect + " was not caught by " + defect.caughtBy);
        assertTrue(thrownByTheCase(failure, defect), () -> "caught only afterwards: " + failure);
    }

    /** Whether the case itself threw it, not the closing of accounts that follows every case. */
    private static boolean thrownByTheCase(Throwable failure, Defect defect) {
        return Arrays.stream(failure.getStackTrace())
                .anyMatch(
                        frame ->
                                frame.getMethodName().equals(defect.caughtBy)
                                        && frame.getClassName()
                                                .startsWith(PortContract.class.getPackageName()));
    }
}
