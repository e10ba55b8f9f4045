// SPDX-License-Identifier: GPL-2.0-only
/*
 * What an interface has of its owner: rings, a thread that looks at them, registered memory and events.
 * A persistent interface comes without it through the time between two owners: it is up or down, has its
 * addresses and routes, no carrier, and queues that are stopped, so the data path is never without rings.
 * All of it changes with rtnl held.
 */
#include <linux/etherdevice.h>
#include <linux/ethtool.h>
#include <linux/module.h>
#include <linux/pid.h>
#include <linux/rtnetlink.h>

#include "kni.h"

static void kni_set_persistent(struct kni_interface *interface, bool persistent)
{
	/* Nothing else keeps the module when there is no descriptor. */
	if (persistent && !interface->persistent)
		__module_get(THIS_MODULE);
	else if (!persistent && interface->persistent)
		module_put(THIS_MODULE);
	interface->persistent = persistent;
}

/* Gives an interface without an owner what it needs of one. */
int kni_own(struct kni_file *file, struct kni_create *create, struct kni_interface *interface)
{
	struct kni_area *area = kni_area_new(create);
	struct kni_thread *thread;

	if (!area)
		return -ENOMEM;
	thread = kni_thread_get(create);
	if (IS_ERR(thread)) {
		kni_area_put(area);
		return PTR_ERR(thread);
	}
	kni_area_attach(area, create, interface);
	interface->area = area;
	interface->thread = thread;
	interface->regions = &file->regions;
	interface->owner = get_pid(task_tgid(current));
	strscpy(interface->pci, create->pci, sizeof(interface->pci));
	kni_set_persistent(interface, create->flags & KNI_CREATE_PERSIST);
	return 0;
}

void kni_owner_begin(struct kni_interface *interface)
{
	unsigned int i;

	interface->served = true;
	kni_thread_attach(interface->thread, interface);
	for (i = 0; i < interface->queue_count; i++) {
		struct kni_queue *queue = &interface->queues[i];

		queue->full_polls = 0;
		queue->held = 0;
		napi_enable(&queue->napi);
		/* The first poll asks for kicks. */
		kni_rx_unpoll(queue);
	}
}

void kni_owner_end(struct kni_interface *interface)
{
	unsigned int i;

	if (!interface->served)
		return;
	interface->served = false;
	kni_thread_detach(interface);
	for (i = 0; i < interface->queue_count; i++)
		napi_disable(&interface->queues[i].napi);
}

/* After the end, and after the last packet and kick. */
void kni_owner_forget(struct kni_interface *interface)
{
	unsigned int i;

	if (!interface->owner)
		return;
	kni_thread_put(interface->thread);
	interface->thread = NULL;
	for (i = 0; i < interface->queue_count; i++) {
		struct eventfd_ctx *event = rcu_replace_pointer(interface->queues[i].event, NULL, true);

		if (event)
			eventfd_ctx_put(event);
	}
	kni_area_put(interface->area);
	interface->area = NULL;
	interface->regions = NULL;
	put_pid(interface->owner);
	interface->owner = NULL;
}

static int kni_may_adopt(struct kni_file *file, const struct kni_create *create,
			 const struct kni_interface *interface)
{
	const struct net_device *dev = interface->dev;

	if (create->queues != interface->queue_count)
		return kni_refuse(file, -EINVAL, "%s is there with %u queues and not with %u", dev->name,
				  interface->queue_count, create->queues);
	if (!is_zero_ether_addr(create->mac) && !ether_addr_equal(create->mac, dev->dev_addr))
		return kni_refuse(file, -EINVAL, "%s is there with the address %pM", dev->name,
				  dev->dev_addr);
	if ((create->mtu && create->mtu != dev->mtu) ||
	    (create->min_mtu && create->min_mtu != dev->min_mtu) ||
	    (create->max_mtu && create->max_mtu != dev->max_mtu))
		return kni_refuse(file, -EINVAL, "%s is there with the MTU %u of %u..%u", dev->name,
				  dev->mtu, dev->min_mtu, dev->max_mtu);
	return 0;
}

/* It takes nothing of the stack until the owner says so, and uses all queues. */
static int kni_as_new(struct kni_interface *interface)
{
	struct net_device *dev = interface->dev;

	interface->taken = 0;
	dev->wanted_features &= ~KNI_FEATURES;
	netdev_update_features(dev);
	return netif_set_real_num_queues(dev, interface->queue_count, interface->queue_count);
}

static int kni_take_over(struct kni_file *file, struct kni_create *create,
			 struct kni_interface *interface)
{
	struct net_device *dev = interface->dev;
	int error = kni_may_adopt(file, create, interface);

	if (!error)
		error = kni_as_new(interface);
	if (!error)
		error = kni_own(file, create, interface);
	if (error)
		return error;
	kref_get(&interface->references);
	kni_owner_begin(interface);
	if (netif_running(dev))
		netif_tx_wake_all_queues(dev);
	ether_addr_copy(create->mac, dev->dev_addr);
	create->mtu = dev->mtu;
	create->min_mtu = dev->min_mtu;
	create->max_mtu = dev->max_mtu;
	create->flags |= KNI_CREATE_ATTACHED;
	create->ifindex = dev->ifindex;
	create->id = interface->id;
	return 0;
}

/* The interface of that name that waits for an owner; NULL if there is none. */
struct kni_interface *kni_adopt(struct kni_file *file, struct kni_create *create)
{
	struct kni_interface *interface;
	int error = 0;

	rtnl_lock();
	interface = kni_list_orphan(create->name);
	if (interface)
		error = kni_take_over(file, create, interface);
	rtnl_unlock();
	return error ? ERR_PTR(error) : interface;
}

/* Nobody finds the interface through its file any more. */
void kni_orphan(struct kni_interface *interface)
{
	struct net_device *dev = interface->dev;

	kni_control_abandon(interface->control);
	/* Kicks. */
	synchronize_rcu();
	rtnl_lock();
	if (!interface->gone) {
		netif_carrier_off(dev);
		/* NAPI sends too, in loopback. */
		kni_owner_end(interface);
		netif_tx_disable(dev);
		kni_owner_forget(interface);
		interface->speed = SPEED_UNKNOWN;
		interface->duplex = DUPLEX_UNKNOWN;
	}
	rtnl_unlock();
	kni_interface_put(interface);
}
