// SPDX-License-Identifier: Apache-2.0
package io.vpmd.bench.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.util.List;
import java.util.stream.Collectors;

/**
 * The contract kit inside a guest, against the real /dev/vfio (T2): all of its cases, some 90, with
 * {@code VPMD_SOAK=1}, else one or two of each kind, because the processor is emulated. On the same
 * device model all of them run without a guest, in pmd-igb.
 */
@Timeout(1800)
class VfioContractTest {
    private static final boolean SOAK = "1".equals(System.getenv("VPMD_SOAK"));
    private static final int SECONDS = SOAK ? 1500 : 240;
    private static final List<String> SHARE =
            List.of(
                    "closeLeavesNoDescriptorAndNoThreadBehind",
                    "theSameDeviceIsOpenedOnceAtATime",
                    "whatComesInIsReceivedCompleteAndInOrder",
                    "whatIsSentComesOutCompleteAndInOrder",
                    "aPacketWithoutAWholeHeaderIsConsumedAndCounted",
                    "stopFreesWhatNobodyTook",
                    "theMtuIsKeptAndItsLargestFramePasses",
                    "receivedPacketsAndBytesAreCounted",
                    "sentPacketsAndBytesAreCounted",
                    "extendedCountersAgree",
                    "receivingRecoversFromAnEmptyPool",
                    "aPoolWhoseBuffersWereSentCanBeClosedOnceTheyAreOut",
                    "aPacketAfterArmingEndsTheSleep",
                    "eventsComeOneAtATimeOnOneControlThread",
                    "chainsOfManySmallSegmentsComeOutWhole");

    @Test
    void theContractHoldsBehindVfio() {
        String kit = VfioContract.class.getName();
        String cases =
                SOAK
                        ? kit
                        : SHARE.stream()
                                .map(name -> kit + "#" + name)
                                .collect(Collectors.joining(" "));
        try (GuestCommand run = Cards.guest().java(GuestTests.class, cases)) {
            GuestShell.Result result = run.await(SECONDS);
            result.output().lines().forEach(System.out::println);
            assertEquals(0, result.exit(), result::output);
        }
    }
}
