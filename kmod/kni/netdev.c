// SPDX-License-Identifier: GPL-2.0-only
/* What the kernel asks of the interface. None of it waits for the owner, and
 * for the handler of requests only in synchronous mode. */
#include <linux/etherdevice.h>
#include <linux/netdevice.h>

#include "kni.h"

static int kni_open(struct net_device *dev)
{
	struct kni_interface *interface = netdev_priv(dev);
	int error = kni_change_value(interface, KNI_CHANGE_UP, 1);

	if (error || !interface->owner)
		return error;
	if (kni_carrier_on_open())
		netif_carrier_on(dev);
	netif_tx_start_all_queues(dev);
	return 0;
}

static int kni_stop(struct net_device *dev)
{
	netif_tx_stop_all_queues(dev);
	return kni_change_value(netdev_priv(dev), KNI_CHANGE_UP, 0);
}

static int kni_change_mtu(struct net_device *dev, int mtu)
{
	int error = kni_change_value(netdev_priv(dev), KNI_CHANGE_MTU, mtu);

	if (error)
		return error;
	WRITE_ONCE(dev->mtu, mtu);
	return 0;
}

static int kni_change_carrier(struct net_device *dev, bool on)
{
	const struct kni_interface *interface = netdev_priv(dev);

	if (on && !interface->owner)
		return -ENETDOWN;
	if (on)
		netif_carrier_on(dev);
	else
		netif_carrier_off(dev);
	return 0;
}

static int kni_set_mac_address(struct net_device *dev, void *address)
{
	int error = eth_prepare_mac_addr_change(dev, address);

	if (!error)
		error = kni_change_mac(netdev_priv(dev), ((struct sockaddr *)address)->sa_data);
	if (!error)
		eth_commit_mac_addr_change(dev, address);
	return error;
}

static void kni_set_rx_mode(struct net_device *dev)
{
	const struct kni_interface *interface = netdev_priv(dev);

	kni_change_filter(interface->control);
}

static int kni_add_vid(struct net_device *dev, __be16 protocol, u16 id)
{
	return kni_change_vlan(netdev_priv(dev), id, true);
}

static int kni_kill_vid(struct net_device *dev, __be16 protocol, u16 id)
{
	return kni_change_vlan(netdev_priv(dev), id, false);
}

static netdev_features_t kni_fix_features(struct net_device *dev, netdev_features_t features)
{
	const struct kni_interface *interface = netdev_priv(dev);

	return features & (interface->taken | ~KNI_FEATURES);
}

const struct net_device_ops kni_netdev_ops = {
	.ndo_uninit = kni_uninit,
	.ndo_open = kni_open,
	.ndo_stop = kni_stop,
	.ndo_start_xmit = kni_xmit,
	.ndo_get_stats64 = kni_get_stats64,
	.ndo_change_mtu = kni_change_mtu,
	.ndo_set_mac_address = kni_set_mac_address,
	.ndo_validate_addr = eth_validate_addr,
	.ndo_set_rx_mode = kni_set_rx_mode,
	.ndo_vlan_rx_add_vid = kni_add_vid,
	.ndo_vlan_rx_kill_vid = kni_kill_vid,
	.ndo_change_carrier = kni_change_carrier,
	.ndo_fix_features = kni_fix_features,
};
