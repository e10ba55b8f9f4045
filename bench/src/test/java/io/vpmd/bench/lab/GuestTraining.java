// SPDX-License-Identifier: Apache-2.0
package io.vpmd.bench.lab;

import io.vpmd.bench.cli.CommandLines;
import io.vpmd.contract.PortContract;
import io.vpmd.contract.PortFixture;

/** Loads what the programs of the guests load, for {@link GuestClasses}. */
final class GuestTraining {
    private GuestTraining() {}

    /** Part of the contract, on a port that every machine has. */
    static final class Contract extends PortContract {
        @Override
        protected PortFixture fixture(int number) {
            return PortFixture.loopback("net_ring:training" + number);
        }
    }

    public static void main(String[] none) {
        CommandLines.main(
                new String[] {
                    "ports",
                    "devbind --status",
                    "kni --help",
                    "testpmd --seconds 1 --forward-mode macswap --port net_igb:model,wire=echo",
                    "testpmd --seconds 1 --forward-mode macswap --port net_ixgbe:model,wire=echo",
                });
        String contract = Contract.class.getName() + "#";
        GuestTests.main(
                new String[] {
                    contract + "whatIsSentComesOutCompleteAndInOrder",
                    contract + "aSleepWithoutAnythingEndsInTime",
                });
    }
}
