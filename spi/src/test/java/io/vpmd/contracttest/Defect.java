// SPDX-License-Identifier: Apache-2.0
package io.vpmd.contracttest;

/** What is wrong with a driver, and the case of the contract that is there to catch it. */
enum Defect {
    NONE(""),
    SHORT_RETURN_FOR_A_BAD_PACKET("anEmptyPacketIsConsumedAndCounted"),
    BAD_PACKET_NOT_COUNTED("aPacketWithoutAWholeHeaderIsConsumedAndCounted"),
    SENDS_WHAT_WAS_NOT_ASKED_FOR("anOffloadThatWasNotAskedForIsConsumedAndCounted"),
    CUTS_CHAINS("aChainThatWasNotAskedForIsConsumedAndCounted"),
    LEAKS_A_PACKET("stopGivesAllBuffersBack"),
    LOSES_A_PACKET("whatIsSentComesOutCompleteAndInOrder"),
    DOUBLES_A_PACKET("whatComesInIsReceivedCompleteAndInOrder"),
    REORDERS_PACKETS("whatIsSentComesOutCompleteAndInOrder"),
    COUNTS_ONE_TOO_MANY("sentPacketsAndBytesAreCounted"),
    COUNTS_WRONG_BYTES("receivedPacketsAndBytesAreCounted"),
    ALLOCATES_TO_SEND("transmitBurstsAllocateNothing"),
    ALLOCATES_TO_RECEIVE("emptyReceiveBurstsAllocateNothing"),
    FORGETS_PROMISCUOUS("promiscuousIsKept"),
    FORGETS_THE_MTU("theMtuIsKeptAndItsLargestFramePasses"),
    IGNORES_THE_GATE_TO_RECEIVE("stopFreesWhatNobodyTook"),
    IGNORES_THE_GATE_TO_SEND("aStoppedPortConsumes"),
    LEAVES_THE_REST_WHEN_STOPPED("aPortThatWasNeverStartedConsumes"),
    STAYS_INSIDE_AFTER_A_REFUSAL("nullIsRefusedAndNothingIsConsumed"),
    RECEIVES_MORE_THAN_ASKED("rxBurstKeepsToItsRange"),
    WRITES_OUTSIDE_ITS_RANGE("rxBurstKeepsToItsRange"),
    KEEPS_THE_ARRAY("txBurstKeepsNeitherTheArrayNorTheRest"),
    FREES_THE_REST("aShortReturnLeavesTheRestToTheCaller"),
    CONSUMES_BEFORE_A_NULL("nullIsRefusedAndNothingIsConsumed"),
    KEEPS_A_DESCRIPTOR("closeLeavesNoDescriptorAndNoThreadBehind"),
    STOP_KEEPS_PACKETS("stopFreesWhatNobodyTook"),
    ARMS_OVER_PACKETS("armingIsRefusedWhilePacketsAreThere"),
    NEVER_SIGNALS("aPacketAfterArmingEndsTheSleep"),
    FORGETS_THE_LINK("linkControlIsShownByLink"),
    FORGETS_THE_PORT_NUMBER("aReceivedPacketIsFreshAndCarriesItsPort"),
    HOLDS_SENT_BUFFERS("aPoolWhoseBuffersWereSentCanBeClosedOnceTheyAreOut");

    /** Name of the method that has to fail. */
    final String caughtBy;

    Defect(String caughtBy) {
        this.caughtBy = caughtBy;
    }
}
