// SPDX-License-Identifier: GPL-2.0-only
/*
 * Making and removing an interface. What can fail is done before the interface is registered, so one
 * that was seen is one that works.
 *
 * NAPI is enabled for as long as the interface is there, up or down, so an owner always gets its
 * buffers back; rx.c drops what arrives while it is down.
 */
#include <linux/etherdevice.h>
#include <linux/ethtool.h>
#include <linux/nsproxy.h>
#include <linux/rtnetlink.h>
#include <net/net_namespace.h>

#include "kni.h"

#define KNI_DEFAULT_MTU 1500

static const struct device_type kni_type = {
	.name = "kni",
};

static void kni_setup(struct net_device *dev)
{
	ether_setup(dev);
	dev->netdev_ops = &kni_netdev_ops;
	dev->ethtool_ops = &kni_ethtool_ops;
	dev->priv_flags |= IFF_LIVE_ADDR_CHANGE;
	dev->hw_features = NETIF_F_SG | NETIF_F_FRAGLIST | KNI_FEATURES;
	dev->features = NETIF_F_SG | NETIF_F_FRAGLIST;
	dev->vlan_features = NETIF_F_SG | NETIF_F_FRAGLIST | KNI_FEATURES;
	SET_NETDEV_DEVTYPE(dev, &kni_type);
}

static int kni_check_mtu(struct kni_file *file, struct kni_create *create)
{
	create->min_mtu = create->min_mtu ? create->min_mtu : KNI_MIN_MTU;
	create->max_mtu = create->max_mtu ? create->max_mtu : KNI_MAX_MTU;
	create->mtu = create->mtu ? create->mtu : KNI_DEFAULT_MTU;
	if (create->min_mtu < KNI_MIN_MTU || create->max_mtu > KNI_MAX_MTU ||
	    create->mtu < create->min_mtu || create->mtu > create->max_mtu)
		return kni_refuse(file, -EINVAL, "the MTU %u is not in %u..%u, or these are not in %u..%u",
				  create->mtu, create->min_mtu, create->max_mtu, KNI_MIN_MTU,
				  KNI_MAX_MTU);
	return 0;
}

static bool kni_ring_size_ok(u32 entries)
{
	return entries >= KNI_MIN_ENTRIES && entries <= KNI_MAX_ENTRIES &&
	       is_power_of_2(entries);
}

static int kni_check(struct kni_file *file, struct kni_create *create)
{
	if (!ns_capable(current->nsproxy->net_ns->user_ns, CAP_NET_ADMIN))
		return kni_refuse(file, -EPERM, "making an interface needs CAP_NET_ADMIN");
	if (strnlen(create->name, KNI_NAME_SIZE) == KNI_NAME_SIZE || !dev_valid_name(create->name))
		return kni_refuse(file, -EINVAL, "that is no name for an interface");
	if (create->flags & ~KNI_CREATE_CORE || memchr_inv(create->reserved, 0, 2))
		return kni_refuse(file, -EINVAL, "flags or reserved of KNI_IOC_CREATE are not known");
	if (!(create->flags & KNI_CREATE_CORE) && create->core)
		return kni_refuse(file, -EINVAL, "core is given without KNI_CREATE_CORE");
	if (create->flags & KNI_CREATE_CORE && (create->core >= nr_cpu_ids || !cpu_online(create->core)))
		return kni_refuse(file, -EINVAL, "there is no core %u, or it is offline", create->core);
	if (!create->queues || create->queues > KNI_MAX_QUEUES)
		return kni_refuse(file, -EINVAL, "%u queues are not 1..%u", create->queues,
				  KNI_MAX_QUEUES);
	if (!kni_ring_size_ok(create->rx_entries) || !kni_ring_size_ok(create->tx_entries))
		return kni_refuse(file, -EINVAL, "rings of %u and %u entries are not powers of two in %u..%u",
				  create->rx_entries, create->tx_entries, KNI_MIN_ENTRIES,
				  KNI_MAX_ENTRIES);
	if (!is_zero_ether_addr(create->mac) && !is_valid_ether_addr(create->mac))
		return kni_refuse(file, -EINVAL, "%pM is no address of one host", create->mac);
	return kni_check_mtu(file, create);
}

static void kni_set_address(struct net_device *dev, struct kni_create *create)
{
	if (is_zero_ether_addr(create->mac)) {
		eth_hw_addr_random(dev);
		ether_addr_copy(create->mac, dev->dev_addr);
	} else {
		eth_hw_addr_set(dev, create->mac);
	}
}

static void kni_init_queues(struct kni_interface *interface)
{
	unsigned int i;

	for (i = 0; i < interface->queue_count; i++) {
		struct kni_queue *queue = &interface->queues[i];

		queue->interface = interface;
		queue->index = i;
		netif_napi_add(interface->dev, &queue->napi, kni_rx_poll);
	}
}

static struct kni_interface *kni_allocate(struct kni_file *file, struct kni_create *create)
{
	struct kni_interface *interface;
	struct net_device *dev;

	dev = alloc_netdev_mqs(struct_size(interface, queues, create->queues), create->name,
			       NET_NAME_USER, kni_setup, create->queues, create->queues);
	if (!dev)
		return NULL;
	dev_net_set(dev, current->nsproxy->net_ns);
	dev->mtu = create->mtu;
	dev->min_mtu = create->min_mtu;
	dev->max_mtu = create->max_mtu;
	kni_set_address(dev, create);
	netif_carrier_off(dev);
	interface = netdev_priv(dev);
	interface->dev = dev;
	interface->regions = &file->regions;
	interface->speed = SPEED_UNKNOWN;
	interface->duplex = DUPLEX_UNKNOWN;
	interface->queue_count = create->queues;
	INIT_LIST_HEAD(&interface->in_thread);
	kni_init_queues(interface);
	return interface;
}

struct kni_interface *kni_interface_create(struct kni_file *file, struct kni_create *create)
{
	struct kni_interface *interface;
	unsigned int i;
	int error = kni_check(file, create);

	if (error)
		return ERR_PTR(error);
	interface = kni_allocate(file, create);
	if (!interface)
		return ERR_PTR(-ENOMEM);
	error = -ENOMEM;
	interface->area = kni_area_new(create);
	if (!interface->area)
		goto no_area;
	kni_area_attach(interface->area, create, interface);
	interface->control = kni_control_new(interface->dev);
	if (!interface->control)
		goto no_control;
	interface->thread = kni_thread_get(create);
	if (IS_ERR(interface->thread)) {
		error = PTR_ERR(interface->thread);
		goto no_thread;
	}
	error = register_netdev(interface->dev);
	if (error == -EEXIST)
		kni_refuse(file, error, "there is an interface %s already", create->name);
	if (error)
		goto no_register;
	kni_thread_attach(interface->thread, interface);
	for (i = 0; i < interface->queue_count; i++) {
		napi_enable(&interface->queues[i].napi);
		kni_rx_schedule(&interface->queues[i]);
	}
	strscpy(create->name, interface->dev->name, sizeof(create->name));
	create->ifindex = interface->dev->ifindex;
	return interface;

no_register:
	kni_thread_put(interface->thread);
no_thread:
	kni_control_put(interface->control);
no_control:
	kni_area_put(interface->area);
no_area:
	free_netdev(interface->dev);
	return ERR_PTR(error);
}

/* Takes the rtnl lock. Nobody can find the interface through its file any more. */
void kni_interface_remove(struct kni_interface *interface)
{
	unsigned int i;

	kni_control_end(interface->control);
	kni_thread_detach(interface);
	for (i = 0; i < interface->queue_count; i++)
		napi_disable(&interface->queues[i].napi);
	/* Ends with an RCU grace period after the last packet, which kicks wait for too. */
	unregister_netdev(interface->dev);
	synchronize_rcu();
	kni_thread_put(interface->thread);
	for (i = 0; i < interface->queue_count; i++) {
		struct eventfd_ctx *event = rcu_access_pointer(interface->queues[i].event);

		if (event)
			eventfd_ctx_put(event);
	}
	kni_area_put(interface->area);
	kni_control_put(interface->control);
	free_netdev(interface->dev);
}
