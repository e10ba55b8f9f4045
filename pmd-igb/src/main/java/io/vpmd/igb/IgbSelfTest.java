// SPDX-License-Identifier: Apache-2.0
package io.vpmd.igb;

import static io.vpmd.igb.IgbRegs.*;

import io.vpmd.spi.feature.SelfTest;
import io.vpmd.spi.hw.Bus;
import io.vpmd.spi.hw.Register;
import io.vpmd.spi.hw.RegisterTable;
import io.vpmd.spi.hw.Registers;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The tests of ethtool -t, in its order. */
final class IgbSelfTest implements SelfTest {
    private static final int[] PATTERNS = {0x5a5a_5a5a, 0xa5a5_a5a5, 0, -1};
    private static final long LINK_MICROS = 5_000_000;
    private static final long LINK_STEP_MICROS = 20_000;

    /* Bits that hold what is written to them, on every chip of the family. */
    private static final Map<Register, Integer> HOLDING = new LinkedHashMap<>();

    static {
        HOLDING.put(VET, -1);
        HOLDING.put(FCTTV, 0xffff);
        HOLDING.put(RDBAL, 0xffff_ff80);
        HOLDING.put(RDBAH, -1);
        HOLDING.put(RDLEN, 0x000f_ff80);
        HOLDING.put(TDBAL, 0xffff_ff80);
        HOLDING.put(TDBAH, -1);
        HOLDING.put(TDLEN, 0x000f_ff80);
        HOLDING.put(RAL, -1);
        HOLDING.put(RAH, 0x8000_ffff);
        HOLDING.put(MTA, -1);
    }

    private final IgbPort port;
    private final Registers regs;
    private final IgbChip chip;
    private final Bus bus;
    private final IgbNvm nvm;
    private final IgbLink link;

    IgbSelfTest(IgbPort port, Registers regs, IgbChip chip, Bus bus, IgbNvm nvm, IgbLink link) {
        this.port = port;
        this.regs = regs;
        this.chip = chip;
        this.bus = bus;
        this.nvm = nvm;
        this.link = link;
    }

    @Override
    public List<Result> selfTest(boolean offline) {
        Map<String, Result> results = new LinkedHashMap<>();
        for (String name : List.of("register", "eeprom", "interrupt", "loopback", "link")) {
            results.put(name, new Result(name, Outcome.SKIPPED, "it interrupts the traffic"));
        }
        port.control(
                "selfTest",
                () -> {
                    // The link first: what comes after takes it down.
                    put(results, "link", awaitLink() ? "" : "the link is down");
                    put(results, "eeprom", nvm.intact() ? "" : "the checksum is wrong");
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
        link.setUp();
        awaitLink();
        put(results, "loopback", IgbLoopback.test(regs, bus, link, port.mac()));
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
        // Queue 0 is on after a reset, and a ring is not described anew while it runs.
        regs.write(RXDCTL, 0, 0);
        regs.write(TXDCTL, 0, 0);
        for (Map.Entry<Register, Integer> entry : HOLDING.entrySet()) {
            Register register = entry.getKey();
            boolean ofQueues = register.count() == RDBAL.count() && register.stride() == 0x40;
            int count = ofQueues ? chip.queues : register.count();
            for (int i = 0; i < count; i++) {
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
