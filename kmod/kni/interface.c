// SPDX-License-Identifier: GPL-2.0-only
/*
 * Making and removing an interface. What can fail is done before the interface is registered, so one
 * that was seen is one that works.
 *
 * NAPI is enabled for as long as the interface has an owner, up or down, so an owner always gets its
 * buffers back; rx.c drops what arrives while it is down.
 *
 * It is unregistered by its owner (kni_interface_remove), or by whoever deletes it or its namespace
 * (kni_link_ops). kni_uninit ends the data path either way, and the memory goes with the last of two
 * references: the registration's, dropped when nobody has the device any more, and the file's.
 */
#include <linux/etherdevice.h>
#include <linux/ethtool.h>
#include <linux/module.h>
#include <linux/nsproxy.h>
#include <linux/rtnetlink.h>
#include <net/net_namespace.h>
#include <net/rtnetlink.h>

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
	dev->rtnl_link_ops = &kni_link_ops;
	dev->priv_flags |= IFF_LIVE_ADDR_CHANGE;
	dev->hw_features = NETIF_F_SG | NETIF_F_FRAGLIST | KNI_FEATURES;
	dev->features = NETIF_F_SG | NETIF_F_FRAGLIST | NETIF_F_HW_VLAN_CTAG_FILTER;
	dev->vlan_features = NETIF_F_SG | NETIF_F_FRAGLIST | KNI_FEATURES;
	SET_NETDEV_DEVTYPE(dev, &kni_type);
}

/* Checked for an interface that is made, not for one that is there. */
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

/* Domain, bus, slot and function in hexadecimal, or nothing. */
static bool kni_pci_ok(const char *pci)
{
	unsigned int domain, bus, slot, function;
	char rest;

	if (strnlen(pci, KNI_PCI_SIZE) == KNI_PCI_SIZE)
		return false;
	return !*pci || (sscanf(pci, "%x:%x:%x.%x%c", &domain, &bus, &slot, &function, &rest) == 4 &&
			 bus <= 0xff && slot <= 0x1f && function <= 7);
}

static int kni_check_core(struct kni_file *file, const struct kni_create *create)
{
	if (!(create->flags & KNI_CREATE_CORE)) {
		if (create->core || create->flags & KNI_CREATE_FORCE_BIND)
			return kni_refuse(file, -EINVAL,
					  "core or KNI_CREATE_FORCE_BIND is given without KNI_CREATE_CORE");
		return 0;
	}
	if (create->core >= nr_cpu_ids || !cpu_online(create->core))
		return kni_refuse(file, -EINVAL, "there is no core %u, or it is offline", create->core);
	return 0;
}

static int kni_check(struct kni_file *file, const struct kni_create *create)
{
	if (!ns_capable(current->nsproxy->net_ns->user_ns, CAP_NET_ADMIN))
		return kni_refuse(file, -EPERM, "making an interface needs CAP_NET_ADMIN");
	if (strnlen(create->name, KNI_NAME_SIZE) == KNI_NAME_SIZE || !dev_valid_name(create->name))
		return kni_refuse(file, -EINVAL, "that is no name for an interface");
	if (create->flags & ~(KNI_CREATE_CORE | KNI_CREATE_FORCE_BIND | KNI_CREATE_PERSIST) ||
	    memchr_inv(create->reserved, 0, 2) || create->reserved1)
		return kni_refuse(file, -EINVAL, "flags or reserved of KNI_IOC_CREATE are not known");
	if (!create->queues || create->queues > KNI_MAX_QUEUES)
		return kni_refuse(file, -EINVAL, "%u queues are not 1..%u", create->queues,
				  KNI_MAX_QUEUES);
	if (!kni_ring_size_ok(create->rx_entries) || !kni_ring_size_ok(create->tx_entries))
		return kni_refuse(file, -EINVAL, "rings of %u and %u entries are not powers of two in %u..%u",
				  create->rx_entries, create->tx_entries, KNI_MIN_ENTRIES,
				  KNI_MAX_ENTRIES);
	if (!is_zero_ether_addr(create->mac) && !is_valid_ether_addr(create->mac))
		return kni_refuse(file, -EINVAL, "%pM is no address of one host", create->mac);
	if (!kni_pci_ok(create->pci))
		return kni_refuse(file, -EINVAL, "pci is no address such as 0000:01:00.0");
	return kni_check_core(file, create);
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

static struct kni_interface *kni_allocate(struct kni_create *create)
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
	kref_init(&interface->references);
	interface->speed = SPEED_UNKNOWN;
	interface->duplex = DUPLEX_UNKNOWN;
	interface->queue_count = create->queues;
	kni_init_queues(interface);
	interface->control = kni_control_new(dev);
	if (!interface->control) {
		free_netdev(dev);
		return NULL;
	}
	return interface;
}

static void kni_free(struct kref *references)
{
	struct kni_interface *interface = container_of(references, struct kni_interface, references);
	bool persistent = interface->persistent;

	kni_owner_forget(interface);
	kni_control_put(interface->control);
	free_netdev(interface->dev);
	if (persistent)
		module_put(THIS_MODULE);
}

void kni_interface_put(struct kni_interface *interface)
{
	kref_put(&interface->references, kni_free);
}

/* Without rtnl, when the device is unregistered and nobody has it. */
static void kni_unregistered(struct net_device *dev)
{
	kni_interface_put(netdev_priv(dev));
}

static int kni_register(struct kni_interface *interface)
{
	struct net_device *dev = interface->dev;
	int error;

	rtnl_lock();
	error = register_netdevice(dev);
	if (!error) {
		kref_get(&interface->references);
		dev->priv_destructor = kni_unregistered;
		kni_list_add(interface);
		kni_owner_begin(interface);
	}
	rtnl_unlock();
	return error;
}

static struct kni_interface *kni_make(struct kni_file *file, struct kni_create *create)
{
	struct kni_interface *interface;
	int error = kni_check_mtu(file, create);

	if (error)
		return ERR_PTR(error);
	interface = kni_allocate(create);
	if (!interface)
		return ERR_PTR(-ENOMEM);
	error = kni_own(file, create, interface);
	if (!error)
		error = kni_register(interface);
	if (error == -EEXIST)
		kni_refuse(file, error, "there is an interface %s already", create->name);
	if (error) {
		kni_interface_put(interface);
		return ERR_PTR(error);
	}
	strscpy(create->name, interface->dev->name, sizeof(create->name));
	create->ifindex = interface->dev->ifindex;
	create->id = interface->id;
	return interface;
}

/* A new one, or one that waits for an owner. */
struct kni_interface *kni_interface_create(struct kni_file *file, struct kni_create *create)
{
	struct kni_interface *interface;
	int error = kni_check(file, create);

	if (error)
		return ERR_PTR(error);
	interface = kni_adopt(file, create);
	return interface ? interface : kni_make(file, create);
}

/* With rtnl held and no packet of the stack on its way; kicks may come yet. */
void kni_uninit(struct net_device *dev)
{
	struct kni_interface *interface = netdev_priv(dev);

	/* The kernel calls it also for a registration that failed. */
	if (!interface->listed)
		return;
	interface->gone = true;
	kni_list_remove(interface);
	kni_control_end(interface->control);
	kni_owner_end(interface);
}

/* Takes the rtnl lock. Nobody can find the interface through its file any more. */
void kni_interface_remove(struct kni_interface *interface)
{
	/* Ends the wait of whoever has rtnl. */
	kni_control_end(interface->control);
	rtnl_lock();
	if (!interface->gone)
		unregister_netdevice(interface->dev);
	rtnl_unlock();
	/* Kicks. */
	synchronize_rcu();
	kni_interface_put(interface);
}

/* Deleting is all that it does: only an owner can make one. Interfaces go with their namespace. */
struct rtnl_link_ops kni_link_ops __read_mostly = {
	.kind = "kni",
	.dellink = unregister_netdevice_queue,
};
