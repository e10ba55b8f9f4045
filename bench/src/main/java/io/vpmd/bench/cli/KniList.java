// SPDX-License-Identifier: Apache-2.0
package io.vpmd.bench.cli;

import io.vpmd.kni.KniInterface;

import org.jspecify.annotations.Nullable;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/** The interfaces of kni.ko, as {@code vpmd kni --list} shows them. */
final class KniList {
    private KniList() {}

    static List<String> table(List<KniInterface> all) {
        TextTable table = new TextTable("");
        table.row(
                "id",
                "name",
                "ifindex",
                "netns",
                "owner",
                "handler",
                "queues",
                "rings",
                "state",
                "requests",
                "lo_mode",
                "kthread",
                "pci");
        for (KniInterface i : all) {
            table.row(
                    String.valueOf(i.id()),
                    i.name(),
                    String.valueOf(i.ifindex()),
                    String.valueOf(i.namespaceInode()),
                    text(i.owner()),
                    text(i.handler()),
                    String.valueOf(i.queues()),
                    i.rxEntries() + "/" + i.txEntries(),
                    (i.up() ? "up" : "down")
                            + (i.carrier() ? ",carrier" : "")
                            + (i.persistent() ? ",persist" : ""),
                    i.synchronous() ? "synchronous" : "asynchronous",
                    i.loMode(),
                    i.kthreadMode()
                            + (i.boundCore().isPresent() ? " " + i.boundCore().getAsInt() : ""),
                    i.pci().isEmpty() ? "-" : i.pci());
        }
        return table.lines();
    }

    private static String text(OptionalInt pid) {
        return pid.isPresent() ? String.valueOf(pid.getAsInt()) : "-";
    }

    static String json(List<KniInterface> all) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("interfaces", all.stream().map(KniList::asMap).toList());
        return Json.of(map);
    }

    private static Map<String, @Nullable Object> asMap(KniInterface i) {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        map.put("id", i.id());
        map.put("name", i.name());
        map.put("ifindex", i.ifindex());
        map.put("namespaceInode", i.namespaceInode());
        map.put("owner", number(i.owner()));
        map.put("handler", number(i.handler()));
        map.put("queues", i.queues());
        map.put("rxEntries", i.rxEntries());
        map.put("txEntries", i.txEntries());
        map.put("up", i.up());
        map.put("carrier", i.carrier());
        map.put("persistent", i.persistent());
        map.put("synchronous", i.synchronous());
        map.put("loMode", i.loMode());
        map.put("kthreadMode", i.kthreadMode());
        map.put("boundCore", number(i.boundCore()));
        map.put("pci", i.pci());
        return map;
    }

    private static @Nullable Object number(OptionalInt value) {
        return value.isPresent() ? value.getAsInt() : null;
    }
}
