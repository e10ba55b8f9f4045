// SPDX-License-Identifier: GPL-2.0-only
/* What the owner asks of its interface while it is there; rtnl is what keeps it there. */
#include <linux/ethtool.h>
#include <linux/proc_fs.h>
#include <linux/rtnetlink.h>
#include <net/net_namespace.h>
#include <net/sch_generic.h>

#include "kni.h"

static int kni_is_gone(struct kni_file *file)
{
	return kni_refuse(file, -ENODEV, "the interface was deleted");
}

int kni_set_event(struct kni_file *file, struct kni_interface *interface,
		  const struct kni_event *event)
{
	struct eventfd_ctx *context = NULL;

	if (event->queue >= interface->queue_count)
		return kni_refuse(file, -EINVAL, "there is no queue %u", event->queue);
	if (event->fd >= 0) {
		context = eventfd_ctx_fdget(event->fd);
		if (IS_ERR(context))
			return kni_refuse(file, PTR_ERR(context), "descriptor %d is no eventfd", event->fd);
	} else if (event->fd != -1) {
		return kni_refuse(file, -EBADF, "%d is no descriptor", event->fd);
	}
	context = rcu_replace_pointer(interface->queues[event->queue].event, context,
				      lockdep_is_held(&file->lock));
	if (context) {
		synchronize_rcu();
		eventfd_ctx_put(context);
	}
	return 0;
}

int kni_set_link(struct kni_file *file, struct kni_interface *interface,
		 const struct kni_link *link)
{
	if (link->up > 1 || link->full_duplex > 1 || link->reserved)
		return kni_refuse(file, -EINVAL, "up and full_duplex are 0 or 1, reserved is 0");
	if (link->speed != KNI_SPEED_UNKNOWN && link->speed > INT_MAX)
		return kni_refuse(file, -EINVAL, "%u Mbit/s is no speed", link->speed);
	rtnl_lock();
	if (interface->gone) {
		rtnl_unlock();
		return kni_is_gone(file);
	}
	interface->speed = link->speed;
	interface->duplex = link->full_duplex ? DUPLEX_FULL : DUPLEX_HALF;
	if (link->up) {
		netif_carrier_on(interface->dev);
		/* Else the stack drops what it is given until its work item has looked at the link. */
		if (interface->dev->flags & IFF_UP)
			dev_activate(interface->dev);
	} else {
		netif_carrier_off(interface->dev);
	}
	rtnl_unlock();
	return 0;
}

int kni_set_offloads(struct kni_file *file, struct kni_interface *interface, u32 offloads)
{
	struct net_device *dev = interface->dev;
	netdev_features_t taken = 0;

	if (offloads & ~KNI_OFFLOADS)
		return kni_refuse(file, -EINVAL, "offloads %#x are not known", offloads);
	if (offloads && !(offloads & KNI_OFFLOAD_CHECKSUM))
		return kni_refuse(file, -EINVAL, "TSO needs KNI_OFFLOAD_CHECKSUM");
	if (offloads & KNI_OFFLOAD_CHECKSUM)
		taken |= NETIF_F_HW_CSUM;
	if (offloads & KNI_OFFLOAD_TSO4)
		taken |= NETIF_F_TSO | NETIF_F_TSO_ECN;
	if (offloads & KNI_OFFLOAD_TSO6)
		taken |= NETIF_F_TSO6;
	rtnl_lock();
	if (interface->gone) {
		rtnl_unlock();
		return kni_is_gone(file);
	}
	interface->taken = taken;
	dev->wanted_features = (dev->wanted_features & ~KNI_FEATURES) | taken;
	netdev_update_features(dev);
	rtnl_unlock();
	return 0;
}

/* How many of its queues are in use. */
int kni_set_queues(struct kni_file *file, struct kni_interface *interface, u32 count)
{
	int error = -ENODEV;

	if (!count || count > interface->queue_count)
		return kni_refuse(file, -EINVAL, "%u queues are not 1..%u", count,
				  interface->queue_count);
	rtnl_lock();
	if (!interface->gone)
		error = netif_set_real_num_queues(interface->dev, count, count);
	rtnl_unlock();
	return error == -ENODEV ? kni_is_gone(file) : error;
}

/* The need of a wakeup stays, for whoever sleeps does not look before it is woken. */
static void kni_empty_consumer(struct kni_consumer *consumer)
{
	WRITE_ONCE(consumer->next, 0);
	WRITE_ONCE(consumer->ring->producer, 0);
	WRITE_ONCE(consumer->ring->consumer, 0);
	WRITE_ONCE(consumer->ring->need_wakeup, 1);
}

static void kni_empty_producer(struct kni_producer *producer)
{
	WRITE_ONCE(producer->next, 0);
	WRITE_ONCE(producer->ring->producer, 0);
	WRITE_ONCE(producer->ring->consumer, 0);
}

static void kni_reset_queue(struct kni_queue *queue, struct netdev_queue *txq)
{
	napi_disable(&queue->napi);
	kni_empty_consumer(&queue->rx);
	kni_empty_producer(&queue->free);
	napi_enable(&queue->napi);
	__netif_tx_lock_bh(txq);
	kni_empty_consumer(&queue->alloc);
	kni_empty_producer(&queue->tx);
	queue->held = 0;
	__netif_tx_unlock_bh(txq);
}

int kni_reset(struct kni_file *file, struct kni_interface *interface)
{
	bool gone;
	unsigned int i;

	rtnl_lock();
	gone = interface->gone;
	for (i = 0; i < interface->queue_count && !gone; i++)
		kni_reset_queue(&interface->queues[i], netdev_get_tx_queue(interface->dev, i));
	rtnl_unlock();
	return gone ? kni_is_gone(file) : 0;
}

int kni_find(struct kni_file *file, struct kni_interface *interface, struct kni_place *place)
{
	bool gone;

	rtnl_lock();
	gone = interface->gone;
	strscpy(place->name, interface->dev->name, sizeof(place->name));
	place->ifindex = interface->dev->ifindex;
	rtnl_unlock();
	return gone ? kni_is_gone(file) : 0;
}

int kni_open_namespace(struct kni_file *file, struct kni_interface *interface)
{
	struct net *net = NULL;
	int fd = -EPERM;

	rtnl_lock();
	if (!interface->gone)
		net = get_net(dev_net(interface->dev));
	rtnl_unlock();
	if (!net)
		return kni_is_gone(file);
	if (ns_capable(net->user_ns, CAP_NET_ADMIN))
		fd = open_related_ns(&net->ns, get_net_ns);
	else
		kni_refuse(file, fd, "opening the namespace of the interface needs CAP_NET_ADMIN there");
	put_net(net);
	return fd;
}
