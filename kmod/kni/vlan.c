// SPDX-License-Identifier: GPL-2.0-only
/*
 * Undoing that VLAN ids were added to an interface: the VLAN's interface is deleted, which removes its
 * id. The id alone must not go, for the kernel takes it for granted as long as that interface is there.
 * An id that something else asked for, a bridge for example, has no such interface and is removed.
 */
#include <linux/if_vlan.h>
#include <linux/rtnetlink.h>
#include <net/rtnetlink.h>

#include "kni.h"

static struct net_device *kni_vlan_device(struct net_device *dev, u16 id)
{
	struct net_device *vlan;

	rcu_read_lock();
	vlan = __vlan_find_dev_deep_rcu(dev, htons(ETH_P_8021Q), id);
	rcu_read_unlock();
	/* Of a bond or team it is the master's. */
	return vlan && vlan_dev_real_dev(vlan) == dev ? vlan : NULL;
}

static void kni_vlan_drop(struct net_device *dev, u16 id)
{
	struct net_device *vlan = kni_vlan_device(dev, id);
	LIST_HEAD(gone);

	if (vlan && vlan->rtnl_link_ops && vlan->rtnl_link_ops->dellink) {
		vlan->rtnl_link_ops->dellink(vlan, &gone);
		unregister_netdevice_many(&gone);
	} else if (!vlan) {
		vlan_vid_del(dev, htons(ETH_P_8021Q), id);
	}
}

/* With rtnl held. */
void kni_vlans_drop(struct net_device *dev, const struct kni_vlans *vlans)
{
	unsigned int id;

	for (id = 1; id < KNI_VLANS; id++)
		if (vlans->bits[id / 64] >> id % 64 & 1)
			kni_vlan_drop(dev, id);
}
