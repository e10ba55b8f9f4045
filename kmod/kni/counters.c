// SPDX-License-Identifier: GPL-2.0-only
/* Counters of a queue, and their sums as statistics of the interface. */
#include <linux/netdevice.h>

#include "kni.h"

void kni_counters_read(const struct kni_queue *queue, struct kni_counters *to)
{
	const struct kni_rx_counters *rx = &queue->rx_counters;
	const struct kni_tx_counters *tx = &queue->tx_counters;

	to->reserved = 0;
	to->rx_packets = READ_ONCE(rx->packets);
	to->rx_bytes = READ_ONCE(rx->bytes);
	to->rx_dropped = READ_ONCE(rx->dropped);
	to->rx_no_memory = READ_ONCE(rx->no_memory);
	to->rx_malformed = READ_ONCE(rx->malformed);
	to->tx_packets = READ_ONCE(tx->packets);
	to->tx_bytes = READ_ONCE(tx->bytes);
	to->tx_dropped = READ_ONCE(tx->dropped);
	to->tx_malformed = READ_ONCE(tx->malformed);
	to->tx_stopped = READ_ONCE(tx->stopped);
	to->bad_index = READ_ONCE(rx->bad_index) + READ_ONCE(tx->bad_index);
	to->kicks = atomic64_read(&queue->kicks);
	to->signals = READ_ONCE(tx->signals);
}

void kni_get_stats64(struct net_device *dev, struct rtnl_link_stats64 *stats)
{
	const struct kni_interface *interface = netdev_priv(dev);
	struct kni_counters of;
	unsigned int i;

	for (i = 0; i < interface->queue_count; i++) {
		kni_counters_read(&interface->queues[i], &of);
		stats->rx_packets += of.rx_packets;
		stats->rx_bytes += of.rx_bytes;
		stats->rx_dropped += of.rx_dropped + of.rx_no_memory;
		stats->rx_errors += of.rx_malformed;
		stats->rx_length_errors += of.rx_malformed;
		stats->tx_packets += of.tx_packets;
		stats->tx_bytes += of.tx_bytes;
		stats->tx_dropped += of.tx_dropped;
	}
}
