// SPDX-License-Identifier: Apache-2.0
package io.vpmd.contract;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;

/**
 * The contract of every port, as a suite: a driver's test extends it and says in {@link #fixture}
 * how to open a port.
 *
 * <pre>{@code
 * class RingContractTest extends PortContract {
 *     @Override
 *     protected PortFixture fixture(int number) {
 *         return PortFixture.loopback("net_ring:contract" + number);
 *     }
 * }
 * }</pre>
 *
 * <p>After every case the port is closed and all buffers must be back in their pools. Cases that
 * need an offload, a feature or a means of the fixture which is missing are skipped and say so.
 * Loops take a share of their full length, named at each, unless the environment has {@code
 * VPMD_SOAK=1}.
 */
@Timeout(120)
public abstract class PortContract
        implements LifecycleContract,
                BurstContract,
                MalformedContract,
                StoppedContract,
                SettingsContract,
                StatisticsContract,
                BufferContract,
                AllocationContract,
                ConcurrencyContract,
                UnderLoadContract,
                OffloadContract,
                CoalescedContract,
                MisuseContract,
                DebugContract,
                WaitContract,
                EventContract,
                FeatureContract,
                DeviceFeatureContract {
    private Rig rig;

    /**
     * How to open a port and to reach its other side; called for each case.
     *
     * @param number 0, or 1 for a second port that is open at the same time; their specs differ
     */
    protected abstract PortFixture fixture(int number);

    @Override
    public final Rig rig() {
        return rig;
    }

    @Override
    public final Rig anotherRig() {
        return new Rig(fixture(1));
    }

    @BeforeEach
    final void open() {
        rig = new Rig(fixture(0));
    }

    @AfterEach
    final void close() {
        // A fixture that skips the case makes no rig.
        if (rig != null) {
            rig.close();
        }
    }
}
