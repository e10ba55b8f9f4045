// SPDX-License-Identifier: GPL-2.0-only
/* All interfaces of this module, in the order in which they were made; rtnl is held where the list is used. */
#include <linux/capability.h>
#include <linux/nsproxy.h>
#include <linux/pid.h>
#include <linux/rtnetlink.h>
#include <net/net_namespace.h>

#include "kni.h"

static LIST_HEAD(kni_interfaces);
static u64 kni_last_id;

void kni_list_add(struct kni_interface *interface)
{
	interface->id = ++kni_last_id;
	interface->listed = true;
	list_add_tail(&interface->in_list, &kni_interfaces);
}

void kni_list_remove(struct kni_interface *interface)
{
	list_del(&interface->in_list);
}

/* The interface of the caller's namespace that has this name and no owner. */
struct kni_interface *kni_list_orphan(const char *name)
{
	struct net *net = current->nsproxy->net_ns;
	struct kni_interface *interface;

	list_for_each_entry(interface, &kni_interfaces, in_list)
		if (!interface->owner && net_eq(dev_net(interface->dev), net) &&
		    !strcmp(interface->dev->name, name))
			return interface;
	return NULL;
}

static bool kni_is(const struct kni_interface *interface, const struct kni_info *info)
{
	bool here = net_eq(dev_net(interface->dev), current->nsproxy->net_ns);

	switch (info->by) {
	case KNI_BY_ID:
		return interface->id == info->id;
	case KNI_BY_IFINDEX:
		return here && interface->dev->ifindex == info->ifindex;
	case KNI_BY_NAME:
		return here && !strcmp(interface->dev->name, info->name);
	default:
		return interface->id > info->id;
	}
}

static bool kni_may_see(const struct kni_interface *interface)
{
	struct net *net = dev_net(interface->dev);

	return net_eq(net, current->nsproxy->net_ns) || ns_capable(net->user_ns, CAP_NET_ADMIN);
}

static void kni_describe(const struct kni_interface *interface, struct kni_info *info)
{
	const struct net_device *dev = interface->dev;

	*info = (struct kni_info){
		.id = interface->id,
		.namespace_inode = dev_net(dev)->ns.inum,
		.by = info->by,
		.ifindex = dev->ifindex,
		.owner_pid = pid_vnr(interface->owner),
		.handler_pid = kni_control_handler_pid(interface->control),
		.queues = interface->queue_count,
		.rx_entries = interface->queues[0].rx.size,
		.tx_entries = interface->queues[0].tx.size,
		.lo_mode = kni_lo_mode(),
	};
	strscpy(info->name, dev->name, sizeof(info->name));
	strscpy(info->pci, interface->pci, sizeof(info->pci));
	if (interface->thread)
		info->modes = kni_thread_modes(interface->thread, &info->core);
	info->modes |= (interface->persistent ? KNI_MODE_PERSIST : 0) |
		       (kni_synchronous() ? KNI_MODE_SYNCHRONOUS : 0) |
		       (dev->flags & IFF_UP ? KNI_MODE_UP : 0) |
		       (netif_carrier_ok(dev) ? KNI_MODE_CARRIER : 0);
}

int kni_list_info(struct kni_file *file, struct kni_info *info)
{
	struct kni_interface *interface;
	int error = -ENODEV;

	if (info->by > KNI_AFTER_ID)
		return kni_refuse(file, -EINVAL, "by is %u, which is not known", info->by);
	if (strnlen(info->name, KNI_NAME_SIZE) == KNI_NAME_SIZE)
		return kni_refuse(file, -EINVAL, "that is no name for an interface");
	rtnl_lock();
	list_for_each_entry(interface, &kni_interfaces, in_list) {
		if (kni_is(interface, info) && kni_may_see(interface)) {
			kni_describe(interface, info);
			error = 0;
			break;
		}
	}
	rtnl_unlock();
	return error ? kni_refuse(file, error, "kni.ko has no such interface that is shown here") : 0;
}
