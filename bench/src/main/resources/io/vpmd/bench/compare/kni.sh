# SPDX-License-Identifier: Apache-2.0
# What compare kni runs in its guest, see KniGuest: functions, behind which comes one call. Before them,
# module, options, ready and command say who is measured. Results are lines NAME=NUMBER.
# shellcheck shell=bash disable=SC2086,SC2154
first=kni0 second=kni1 log=/run/peer.log owner=

fail() {
    echo "$*: $(tail -n 3 $log 2>/dev/null)"
    stop
    exit 1
}

await() { # TENTHS COMMAND...
    local i tenths=$1
    shift
    for ((i = 0; i < tenths; i++)); do
        "$@" && return
        sleep 0.1
    done
    return 1
}

started() { grep -q "$ready" $log || ! kill -0 $owner; }
ended() { ! kill -0 $owner 2>/dev/null; }
packets() { awk -v name=$first: '$1 == name {print $3}' /proc/net/dev; }
serves() { ip netns exec there ss -ltn | grep -q ':5201 '; }
flows() { [ "$(packets)" -gt 0 ]; }
counter() { ethtool -S "$1" 2>/dev/null | awk -v end="$2:" '$1 ~ end "$" {sum += $2} END {print sum + 0}'; }
nanos() { awk '{sum += $1} END {printf "%d\n", sum}' "$@"; }

# Both modules call their device /dev/kni, so one is there at a time.
start() {
    if [ -n "$module" ]; then
        insmod "$module" $options || fail "$module cannot be loaded"
    fi
    $command > $log 2>&1 &
    owner=$!
    await 3000 started || fail "$command has not started"
    kill -0 $owner || fail "$command has ended"
}

stop() {
    [ -n "$owner" ] && kill $owner 2>/dev/null
    await 200 ended || kill -KILL $owner
    pkill -x iperf3
    wait
    if [ -n "$module" ]; then
        await 100 rmmod "$(basename "$module" .ko)"
    fi
}

prepare() {
    ip netns add there && ip -n there link set lo up
    sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1
    modprobe tun
    mkdir -p /dev/hugepages && mount -t hugetlbfs none /dev/hugepages
    echo "$1" > /proc/sys/vm/nr_hugepages
}

transmit() { # SECONDS WARMUP
    local begin end before after
    start
    ip link set $first up
    await 600 flows || fail "no packet arrives"
    sleep "$2"
    before=$(packets) kicks=$(counter $first kicks)
    begin=$(date +%s%N)
    sleep "$1"
    after=$(packets)
    end=$(date +%s%N)
    echo "packets=$((after - before))"
    echo "nanos=$((end - begin))"
    echo "kicks=$(($(counter $first kicks) - kicks))"
    stop
}

cross() { # SECONDS WARMUP
    start
    ip link set $second netns there
    ip addr add 10.9.0.1/24 dev $first && ip link set $first up
    ip -n there addr add 10.9.0.2/24 dev $second && ip -n there link set $second up
    await 60 ping -q -n -c 1 -W 1 10.9.0.2 > /dev/null || fail "no ping comes through"
    ip netns exec there iperf3 --server --one-off > /dev/null 2>&1 &
    await 600 serves || fail "no iperf3 listens"
    iperf3 --client 10.9.0.2 --time "$1" --omit "$2" --json > /run/iperf.json ||
        fail "iperf3 has failed: $(grep error /run/iperf.json)"
    cat /run/iperf.json
    for i in 1 2 3 4 5; do
        taskset -c 0 ping -q -n -i 0.005 -c 200 -W 10 10.9.0.2
    done
    echo "kicks=$(counter $first kicks)"
    echo "signals=$(counter $first signals)"
    echo "given=$(counter $first rx_packets)"
    echo "taken=$(counter $first tx_packets)"
    stop
}

# The module's thread is kni_single, whoever's module it is.
idle() { # SECONDS
    local thread before rest
    start
    ip link set $first up
    sleep 5
    thread=$(pgrep -x kni_single)
    before=$(nanos "/proc/$thread/schedstat") rest=$(nanos /proc/$owner/task/*/schedstat)
    sleep "$1"
    echo "thread=$(($(nanos "/proc/$thread/schedstat") - before))"
    echo "owner=$(($(nanos /proc/$owner/task/*/schedstat) - rest))"
    stop
}
