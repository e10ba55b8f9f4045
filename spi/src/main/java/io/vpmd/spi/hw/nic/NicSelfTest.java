// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.hw.nic;

import io.vpmd.spi.feature.SelfTest;
import io.vpmd.spi.hw.Register;
import io.vpmd.spi.hw.RegisterTable;
import io.vpmd.spi.hw.Registers;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The tests of ethtool -t, in its order. */
public abstract class NicSelfTest implements SelfTest {
    private static final int[] PATTERNS = {0x5a5a_5a5a, 0xa5a5_a5a5, 0, -1};
    private static final long LINK_MICROS = 5_000_000;
    private static final long LINK_STEP_MICROS = 20_000;

    private final NicPort port;
    private final Registers regs;
    private final NicLink link;

    protected NicSelfTest(NicPort port, Registers regs, NicLink link) {
        this.port = port;
        this.regs = regs;
        this.link = link;
    }

    /** Whether the checksum of the NVM is right. */
    protected abstract boolean nvmIntact();

    /** Registers with the bits that hold what is written to them, on a device that was reset. */
    protected abstract Map<Register, Integer> holding();

    /** How many of an array the chip has. */
    protected abstract int count(Register register);

    /** Gets the device ready for a test of registers. */
    protected abstract void beforeRegisters();

    /** Sets the link up again after the test of registers. */
    protected abstract void setUpLink();

    /** Runs the loop-back test; an empty text when all frames came back. */
    protected abstract String loopBack();

    @Override
    public final List<Result> selfTest(boolean offline) {
        Map<String, Result> results = new LinkedHashMap<>();
        for (String name : List.of("register", "eeprom", "interrupt", "loopback", "link")) {
            results.put(name, new Result(name, Outcome.SKIPPED, "it interrupts the traffic"));
        }
        port.control(
                "selfTest",
                () -> {
                    // The link first: what comes after takes it down.
                    put(results, "link", awaitLink() ? "" : "the link is down");
                    put(results, "eeprom", nvmIntact() ? "" : "the checksum is wrong");
                    if (offline) {
                        port.offline("selfTest", () -> interrupting(results));
                    }
                });
        return new ArrayList<>(results.values());
    }

    private static void put(Map<String, Result> results, String name, String problem) {
        Outcome outcome = problem.isEmpty() ? Outcome.PASSED : Outcome.FAILED;
        results.put(name, new Result(name, outcome, problem));
    }

    private void interrupting(Map<String, Result> results) {
        put(results, "register", registers());
        if (port.interrupts().working()) {
            put(results, "interrupt", port.interrupts().fires() ? "" : "none arrives");
        } else {
            results.put(
                    "interrupt",
                    new Result("interrupt", Outcome.SKIPPED, "no interrupt reached this port"));
        }
        // A model has to see a link before it loops back; a cable that is not there is no fault.
        setUpLink();
        awaitLink();
        put(results, "loopback", loopBack());
    }

    private boolean awaitLink() {
        for (long waited = 0; waited < LINK_MICROS; waited += LINK_STEP_MICROS) {
            if (link.state().up()) {
                return true;
            }
            Registers.delayMicros(LINK_STEP_MICROS);
        }
        return false;
    }

    private String registers() {
        beforeRegisters();
        for (Map.Entry<Register, Integer> entry : holding().entrySet()) {
            Register register = entry.getKey();
            for (int i = 0; i < count(register); i++) {
                String problem = holds(register, i, entry.getValue());
                if (!problem.isEmpty()) {
                    return problem;
                }
            }
        }
        return "";
    }

    private String holds(Register register, int index, int mask) {
        for (int pattern : PATTERNS) {
            regs.write(register, index, pattern & mask);
            int read = regs.read(register, index) & mask;
            if (read != (pattern & mask)) {
                return register
                        + (register.count() > 1 ? "[" + index + "]" : "")
                        + " holds "
                        + RegisterTable.hex(read)
                        + " after "
                        + RegisterTable.hex(pattern & mask)
                        + " was written";
            }
        }
        regs.write(register, index, 0);
        return "";
    }
}
