// SPDX-License-Identifier: GPL-2.0-only
/* What the owner asks of its interface while it is there. */
#include <linux/ethtool.h>
#include <linux/rtnetlink.h>

#include "kni.h"

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
	interface->speed = link->speed;
	interface->duplex = link->full_duplex ? DUPLEX_FULL : DUPLEX_HALF;
	if (link->up)
		netif_carrier_on(interface->dev);
	else
		netif_carrier_off(interface->dev);
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
	interface->taken = taken;
	dev->wanted_features = (dev->wanted_features & ~KNI_FEATURES) | taken;
	netdev_update_features(dev);
	rtnl_unlock();
	return 0;
}

/* How many of its queues are in use. */
int kni_set_queues(struct kni_file *file, struct kni_interface *interface, u32 count)
{
	int error;

	if (!count || count > interface->queue_count)
		return kni_refuse(file, -EINVAL, "%u queues are not 1..%u", count,
				  interface->queue_count);
	rtnl_lock();
	error = netif_set_real_num_queues(interface->dev, count, count);
	rtnl_unlock();
	return error;
}
