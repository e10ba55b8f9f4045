// SPDX-License-Identifier: GPL-2.0-only
/* What ethtool shows: the link as the owner said it, and the counters of each queue. */
#include <linux/ethtool.h>
#include <linux/module.h>

#include "kni.h"

struct kni_statistic {
	const char *name;
	size_t offset;
};

#define KNI_STATISTIC(field) { #field, offsetof(struct kni_counters, field) }

static const struct kni_statistic kni_statistics[] = {
	KNI_STATISTIC(rx_packets),   KNI_STATISTIC(rx_bytes),	  KNI_STATISTIC(rx_dropped),
	KNI_STATISTIC(rx_no_memory), KNI_STATISTIC(rx_malformed), KNI_STATISTIC(tx_packets),
	KNI_STATISTIC(tx_bytes),     KNI_STATISTIC(tx_dropped),	  KNI_STATISTIC(tx_malformed),
	KNI_STATISTIC(tx_stopped),   KNI_STATISTIC(bad_index),	  KNI_STATISTIC(kicks),
	KNI_STATISTIC(signals),
};

static void kni_get_drvinfo(struct net_device *dev, struct ethtool_drvinfo *info)
{
	strscpy(info->driver, "kni", sizeof(info->driver));
	strscpy(info->version, THIS_MODULE->version, sizeof(info->version));
}

static int kni_get_link_ksettings(struct net_device *dev, struct ethtool_link_ksettings *settings)
{
	const struct kni_interface *interface = netdev_priv(dev);

	ethtool_link_ksettings_zero_link_mode(settings, supported);
	ethtool_link_ksettings_zero_link_mode(settings, advertising);
	settings->base.speed = interface->speed;
	settings->base.duplex = interface->duplex;
	settings->base.port = PORT_OTHER;
	settings->base.autoneg = AUTONEG_DISABLE;
	return 0;
}

static int kni_get_sset_count(struct net_device *dev, int set)
{
	const struct kni_interface *interface = netdev_priv(dev);

	if (set != ETH_SS_STATS)
		return -EOPNOTSUPP;
	return interface->queue_count * ARRAY_SIZE(kni_statistics);
}

static void kni_get_strings(struct net_device *dev, u32 set, u8 *data)
{
	const struct kni_interface *interface = netdev_priv(dev);
	unsigned int queue, i;

	if (set != ETH_SS_STATS)
		return;
	for (queue = 0; queue < interface->queue_count; queue++)
		for (i = 0; i < ARRAY_SIZE(kni_statistics); i++)
			ethtool_sprintf(&data, "queue%u_%s", queue, kni_statistics[i].name);
}

static void kni_get_ethtool_stats(struct net_device *dev, struct ethtool_stats *stats, u64 *data)
{
	const struct kni_interface *interface = netdev_priv(dev);
	struct kni_counters counters;
	unsigned int queue, i;

	for (queue = 0; queue < interface->queue_count; queue++) {
		kni_counters_read(&interface->queues[queue], &counters);
		for (i = 0; i < ARRAY_SIZE(kni_statistics); i++)
			*data++ = *(u64 *)((u8 *)&counters + kni_statistics[i].offset);
	}
}

static void kni_get_ringparam(struct net_device *dev, struct ethtool_ringparam *ring,
			      struct kernel_ethtool_ringparam *kernel_ring,
			      struct netlink_ext_ack *extack)
{
	const struct kni_interface *interface = netdev_priv(dev);

	ring->rx_max_pending = KNI_MAX_ENTRIES;
	ring->tx_max_pending = KNI_MAX_ENTRIES;
	ring->rx_pending = interface->queues[0].rx.size;
	ring->tx_pending = interface->queues[0].tx.size;
}

const struct ethtool_ops kni_ethtool_ops = {
	.get_drvinfo = kni_get_drvinfo,
	.get_link = ethtool_op_get_link,
	.get_link_ksettings = kni_get_link_ksettings,
	.get_ringparam = kni_get_ringparam,
	.get_sset_count = kni_get_sset_count,
	.get_strings = kni_get_strings,
	.get_ethtool_stats = kni_get_ethtool_stats,
};
