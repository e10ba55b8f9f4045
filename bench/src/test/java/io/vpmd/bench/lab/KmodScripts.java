// SPDX-License-Identifier: Apache-2.0
package io.vpmd.bench.lab;

/** What the guests of kni.ko run, of whatever kernel; the programs of kmod/test are in /run. */
final class KmodScripts {
    /* Memory that the module has mapped, and pages that somebody has pinned. */
    static final String HELD =
            """
            echo 1 > /proc/sys/vm/stat_refresh
            grep -c '\\[kni\\]' /proc/vmallocinfo
            awk '/foll_pin_acquired/ {a = $2} /foll_pin_released/ {r = $2} END {print a - r}' \
            /proc/vmstat
            """;

    private KmodScripts() {}

    /**
     * Kills so many owners, each at a random moment within the first fifth of a second of its
     * traffic; fails if an interface stays.
     */
    static String kills(int count) {
        return """
        for i in $(seq %d); do
            exec 4< <(exec /run/owner flood vEth0)
            owner=$!
            read -r -u 4 line || exit 1
            ip addr add 10.9.0.1/24 dev vEth0 && ip link set vEth0 up || exit 1
            ping -f -q -w 100 10.9.0.2 > /dev/null 2>&1 & ping=$!
            sleep 0.$((RANDOM %% 2))$((RANDOM %% 10))
            kill -KILL $owner
            exec 4<&-
            for wait in $(seq 1000); do
                [ -e /sys/class/net/vEth0 ] || break
                sleep 0.01
            done
            kill -KILL $ping; wait $ping 2> /dev/null
            [ ! -e /sys/class/net/vEth0 ] || { echo "stuck in round $i"; exit 1; }
        done
        """
                .formatted(count);
    }

    /**
     * Lets so many owners write nonsense, each with numbers of its own. Each is killed after five
     * seconds, if it has not ended by what it did.
     */
    static String hostileOwners(int count) {
        return """
        for seed in $(seq %d); do
            /run/fuzz vEth0 $seed > /dev/null & owner=$!
            sleep 5
            kill -KILL $owner
            wait $owner 2> /dev/null
            for wait in $(seq 1000); do
                [ -e /sys/class/net/vEth0 ] || break
                sleep 0.01
            done
            [ ! -e /sys/class/net/vEth0 ] || { echo "stuck with seed $seed"; exit 1; }
        done
        """
                .formatted(count);
    }
}
