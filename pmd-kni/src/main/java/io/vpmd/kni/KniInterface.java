// SPDX-License-Identifier: Apache-2.0
package io.vpmd.kni;

import io.vpmd.kni.kmod.KmodException;
import io.vpmd.kni.kmod.KmodInterfaces;
import io.vpmd.spi.sys.ErrnoException;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Supplier;

/**
 * An interface of kni.ko, whichever process made it, at the moment when it was asked for. Processes
 * are told by their ids as this one sees them.
 *
 * @param id a number that no other interface has had since the module was loaded
 * @param name its name in its namespace
 * @param ifindex its number there
 * @param namespaceInode which namespace that is, as in {@code ls -L -i /run/netns}
 * @param owner the process that made it or took it over; empty when it waits for one
 * @param handler the process that handles its requests
 * @param queues its queue pairs
 * @param rxEntries how many packets each rx_q has room for
 * @param txEntries the same of tx_q
 * @param up whether it was set up
 * @param carrier whether it has a link
 * @param persistent whether it outlives its owner
 * @param synchronous whether a change waits for the handler ({@code request_mode})
 * @param loMode the module's {@code lo_mode}
 * @param kthreadMode {@code single} or {@code multiple}: whether the thread is its own
 * @param boundCore the one core that its thread runs on
 * @param pci the address of the device that it stands for, or empty
 */
public record KniInterface(
        long id,
        String name,
        int ifindex,
        long namespaceInode,
        OptionalInt owner,
        OptionalInt handler,
        int queues,
        int rxEntries,
        int txEntries,
        boolean up,
        boolean carrier,
        boolean persistent,
        boolean synchronous,
        String loMode,
        String kthreadMode,
        OptionalInt boundCore,
        String pci) {
    private static final List<String> LO_MODES =
            List.of("lo_mode_none", "lo_mode_fifo", "lo_mode_fifo_skb");

    static List<KniInterface> list() {
        return asked(() -> KmodInterfaces.list().stream().map(KniInterface::of).toList());
    }

    static Optional<KniInterface> named(String name) {
        return asked(() -> KmodInterfaces.named(name).map(KniInterface::of));
    }

    static Optional<KniInterface> numbered(int ifindex) {
        return asked(() -> KmodInterfaces.numbered(ifindex).map(KniInterface::of));
    }

    static Optional<KniInterface> identified(long id) {
        return asked(() -> KmodInterfaces.identified(id).map(KniInterface::of));
    }

    private static <T> T asked(Supplier<T> question) {
        try {
            return question.get();
        } catch (ErrnoException e) {
            throw KniSetup.failure("list", KniDriver.NAME, e);
        } catch (KmodException e) {
            throw KniSetup.failure("list", KniDriver.NAME, e);
        }
    }

    private static KniInterface of(KmodInterfaces.Info info) {
        return new KniInterface(
                info.id(),
                info.name(),
                info.ifindex(),
                info.namespaceInode(),
                pid(info.ownerPid()),
                pid(info.handlerPid()),
                info.queues(),
                info.rxEntries(),
                info.txEntries(),
                info.up(),
                info.carrier(),
                info.persistent(),
                info.synchronous(),
                LO_MODES.get(info.loMode()),
                info.multiple() ? "multiple" : "single",
                info.bound() ? OptionalInt.of(info.core()) : OptionalInt.empty(),
                info.pci());
    }

    private static OptionalInt pid(int number) {
        return number == 0 ? OptionalInt.empty() : OptionalInt.of(number);
    }
}
