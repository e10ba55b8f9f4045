// SPDX-License-Identifier: Apache-2.0
package io.vpmd.ixgbe;

import static io.vpmd.ixgbe.IxgbeRegs.*;

import io.vpmd.spi.PortException;
import io.vpmd.spi.feature.FlowFilters;
import io.vpmd.spi.hw.DeviceException;
import io.vpmd.spi.hw.Registers;
import io.vpmd.spi.hw.nic.NicPort;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The flow director with perfect-match filters, 7.1.2.7: all five parts of a flow over IPv4 are
 * compared, nothing else. Its table takes 64 KB of the receive packet buffer.
 */
final class IxgbeFlows implements FlowFilters {
    /** What the table takes of the receive packet buffer, in kilobytes. */
    static final int BUFFER_KILOBYTES = 64;

    private static final int MOST = 2046;
    private static final int INIT_TIMEOUT_MICROS = 10_000;
    private static final int COMMAND_TIMEOUT_MICROS = 1_000;
    /* Recommended keys of the two hashes, 7.1.2.7.9. */
    private static final int BUCKET_KEY = 0x3dad_14e2;
    private static final int SIGNATURE_KEY = 0x174d_3614;
    private static final int BUCKET_MASK = 0x1fff;

    private final NicPort port;
    private final Registers regs;
    private final Map<Flow, Rule> rules = new LinkedHashMap<>();
    private int queues;
    private int lastId;

    /* The filters of a bucket are told apart by their ids. */
    private record Rule(int queue, int id) {}

    IxgbeFlows(NicPort port, Registers regs) {
        this.port = port;
        this.regs = regs;
    }

    /** The port was configured: no rule may name a queue that is not there. */
    void configure(int rxQueues) {
        queues = rxQueues;
        rules.entrySet().removeIf(entry -> entry.getValue().queue() >= rxQueues);
    }

    /** Makes the table anew, with nothing being received, and writes all that was set. */
    void apply(String operation) {
        // Compared are transport, addresses and ports.
        regs.write(FDIRM, FDIRM_VLANID | FDIRM_VLANP | FDIRM_POOL | FDIRM_FLEX | FDIRM_DIPV6);
        regs.write(FDIRSIP4M, 0);
        regs.write(FDIRDIP4M, 0);
        regs.write(FDIRTCPM, 0);
        regs.write(FDIRUDPM, 0);
        regs.write(FDIRSCTPM, 0);
        regs.write(FDIRHKEY, BUCKET_KEY);
        regs.write(FDIRSKEY, SIGNATURE_KEY);
        regs.write(
                FDIRCTRL,
                FDIRCTRL_PBALLOC_64K
                        | FDIRCTRL_PERFECT_MATCH
                        | FDIRCTRL_NO_DROP_QUEUE
                        | FDIRCTRL_MAX_LENGTH);
        regs.read(STATUS);
        regs.await(
                operation,
                FDIRCTRL,
                0,
                FDIRCTRL_INIT_DONE,
                FDIRCTRL_INIT_DONE,
                INIT_TIMEOUT_MICROS,
                "the flow director");
        rules.forEach(this::write);
    }

    private void write(Flow flow, Rule rule) {
        for (int i = 0; i < FDIRSIPV6.count(); i++) {
            regs.write(FDIRSIPV6, i, 0);
        }
        regs.write(FDIRIPSA, Integer.reverseBytes(address(flow.source())));
        regs.write(FDIRIPDA, Integer.reverseBytes(address(flow.destination())));
        regs.write(FDIRPORT, flow.destinationPort() << 16 | flow.sourcePort());
        regs.write(FDIRVLAN, 0);
        regs.write(FDIRHASH, hash(flow) | rule.id() << FDIRHASH_ID_SHIFT);
        command(
                "addFlow",
                FDIRCMD_ADD
                        | FDIRCMD_FILTER_UPDATE
                        | FDIRCMD_LAST
                        | FDIRCMD_QUEUE_EN
                        | type(flow) << FDIRCMD_TYPE_SHIFT
                        | rule.queue() << FDIRCMD_QUEUE_SHIFT);
    }

    private void erase(Flow flow, Rule rule) {
        int which = hash(flow) | rule.id() << FDIRHASH_ID_SHIFT;
        regs.write(FDIRHASH, which);
        if ((command("removeFlow", FDIRCMD_QUERY) & FDIRCMD_FILTER_VALID) != 0) {
            regs.write(FDIRHASH, which);
            command("removeFlow", FDIRCMD_REMOVE);
        }
    }

    private int command(String operation, int command) {
        regs.write(FDIRCMD, command);
        regs.await(
                operation,
                FDIRCMD,
                0,
                FDIRCMD_COMMAND,
                0,
                COMMAND_TIMEOUT_MICROS,
                "the flow director to take a command");
        return regs.read(FDIRCMD);
    }

    /** By the numbers of FDIRCMD.L4TYPE. */
    private static int type(Flow flow) {
        return switch (flow.transport()) {
            case UDP -> 1;
            case TCP -> 2;
            case SCTP -> 3;
        };
    }

    private static int address(InetAddress address) {
        byte[] b = address.getAddress();
        return b[0] << 24 | (b[1] & 0xff) << 16 | (b[2] & 0xff) << 8 | (b[3] & 0xff);
    }

    /**
     * The bucket of a flow, 7.1.2.7.4: each bit of the key adds a part of the flow's words. Where
     * the device looks for a filter of a packet follows from the same.
     */
    static int hash(Flow flow) {
        int ports = flow.sourcePort() << 16 | flow.destinationPort();
        int common = address(flow.source()) ^ address(flow.destination()) ^ ports;
        int tag = type(flow) << 16;
        int high = common ^ tag ^ (tag >>> 16);
        int low = Integer.rotateLeft(common, 16);
        int hash = 0;
        for (int bit = 0; bit < 16; bit++) {
            hash ^= ((BUCKET_KEY >>> bit) & 1) != 0 ? low >>> bit : 0;
            hash ^= ((BUCKET_KEY >>> (bit + 16)) & 1) != 0 ? high >>> bit : 0;
            if (bit == 0) {
                // The lowest bit of the whole stream has no tag in it.
                low ^= tag ^ (tag << 16);
            }
        }
        return hash & BUCKET_MASK;
    }

    @Override
    public int maxFlows() {
        return MOST;
    }

    @Override
    public Map<Flow, Integer> flows() {
        return port.query(
                "flows",
                () -> {
                    Map<Flow, Integer> all = new LinkedHashMap<>();
                    rules.forEach((flow, rule) -> all.put(flow, rule.queue()));
                    return all;
                });
    }

    @Override
    public void addFlow(Flow flow, int queue) {
        port.control(
                "addFlow",
                () -> {
                    check(flow, queue);
                    Rule before = rules.get(flow);
                    Rule rule = new Rule(queue, before == null ? freeId() : before.id());
                    if (before != null) {
                        erase(flow, before);
                    }
                    write(flow, rule);
                    rules.put(flow, rule);
                });
    }

    private int freeId() {
        do {
            lastId = (lastId + 1) & FDIRHASH_ID_MASK;
        } while (rules.values().stream().anyMatch(rule -> rule.id() == lastId));
        return lastId;
    }

    private void check(Flow flow, int queue) {
        boolean ipv4 =
                flow.source() instanceof Inet4Address && flow.destination() instanceof Inet4Address;
        boolean ports = flow.sourcePort() >>> 16 == 0 && flow.destinationPort() >>> 16 == 0;
        String problem =
                !ipv4
                        ? "it compares addresses of IPv4 only"
                        : !ports
                                ? "a port of the flow does not fit in 16 bits"
                                : queue < 0 || queue >= queues
                                        ? "there is no queue " + queue + ", it has " + queues
                                        : rules.size() == MOST && !rules.containsKey(flow)
                                                ? "it has room for " + MOST + " flows"
                                                : "";
        if (!problem.isEmpty()) {
            throw new PortException("addFlow", port.name(), problem, "pass one that fits");
        }
    }

    /**
     * Lets a flow go.
     *
     * @throws DeviceException when the device does not take the command
     */
    @Override
    public void removeFlow(Flow flow) {
        port.control(
                "removeFlow",
                () -> {
                    Rule rule = rules.remove(flow);
                    if (rule != null) {
                        erase(flow, rule);
                    }
                });
    }
}
