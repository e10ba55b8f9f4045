// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the kernel's users change of an interface, told to a handler and subject to its consent. The
 * handler is a descriptor of any process, one at a time (KNI_IOC_HANDLE).
 *
 * There is one record for each kind of change and it holds the whole current state, so a handler that
 * does not read delays nothing and nothing is lost but what was superseded. Each change has a sequence
 * number; an answer to one that was superseded or has run out is refused.
 *
 * asynchronous  the change is made at once; one that is refused is put back by the work item, which
 *		 can take rtnl, to the last state that was agreed to
 * synchronous   the change waits for the answer with rtnl held, for at most request_timeout, until a
 *		 signal kills the caller, or the handler or the interface goes
 *
 * A record lives as long as its interface or its handler. The lock is taken from any context; rtnl is
 * outside of it.
 */
#include <linux/bitops.h>
#include <linux/etherdevice.h>
#include <linux/rtnetlink.h>
#include <linux/slab.h>

#include "control.h"

static const bool kni_may_be_refused[KNI_CHANGES] = {
	[KNI_CHANGE_UP] = true,
	[KNI_CHANGE_MTU] = true,
	[KNI_CHANGE_MAC] = true,
};

static_assert(sizeof(struct kni_vlans) == BITS_TO_LONGS(KNI_VLANS) * sizeof(long));

void kni_control_get(struct kni_control *control)
{
	kref_get(&control->references);
}

static void kni_control_free(struct kref *references)
{
	kfree(container_of(references, struct kni_control, references));
}

void kni_control_put(struct kni_control *control)
{
	kref_put(&control->references, kni_control_free);
}

/* Puts one kind back to what was agreed; rtnl is held. */
static void kni_restore(struct net_device *dev, u32 kind, const struct kni_state *agreed)
{
	switch (kind) {
	case KNI_CHANGE_UP:
		if (!agreed->value)
			dev_close(dev);
		break;
	case KNI_CHANGE_MTU:
		dev_set_mtu(dev, agreed->value);
		break;
	case KNI_CHANGE_MAC:
		eth_hw_addr_set(dev, agreed->mac);
		call_netdevice_notifiers(NETDEV_CHANGEADDR, dev);
		break;
	}
}

/* What is refused, if it is; the state is the agreed one then. */
static int kni_refused(struct kni_control *control, u32 kind, struct kni_state *agreed,
		       struct kni_vlans *vlans)
{
	struct kni_change *change = &control->changes[kind];
	int error;
	u32 i;

	spin_lock_bh(&control->lock);
	error = change->error;
	*agreed = change->agreed;
	if (error && kind == KNI_CHANGE_VLAN) {
		for (i = 0; i < ARRAY_SIZE(vlans->bits); i++)
			vlans->bits[i] = control->vlans.bits[i] & ~control->agreed_vlans.bits[i];
		control->vlans = control->agreed_vlans;
	}
	/* To who agreed to a change in between, too late, and has made it. */
	if (error)
		kni_tell(control, kind, agreed, false);
	spin_unlock_bh(&control->lock);
	if (error)
		wake_up_all(&control->readers);
	return error;
}

static void kni_control_work(struct work_struct *work)
{
	struct kni_control *control = container_of(work, struct kni_control, put_back);
	struct kni_vlans vlans = {};
	u32 kind;

	rtnl_lock();
	control->putting_back = true;
	for (kind = 0; kind < KNI_CHANGES && !control->gone; kind++) {
		struct kni_state agreed;
		int error = kni_refused(control, kind, &agreed, &vlans);

		if (!error)
			continue;
		netdev_info(control->dev, "a change was refused (%d) and is put back\n", error);
		if (kind == KNI_CHANGE_VLAN)
			kni_vlans_drop(control->dev, &vlans);
		else
			kni_restore(control->dev, kind, &agreed);
	}
	control->putting_back = false;
	rtnl_unlock();
	kni_control_put(control);
}

static void kni_state_of(const struct net_device *dev, u32 kind, struct kni_state *state)
{
	*state = (struct kni_state){};
	switch (kind) {
	case KNI_CHANGE_UP:
		state->value = !!(dev->flags & IFF_UP);
		break;
	case KNI_CHANGE_MTU:
		state->value = dev->mtu;
		break;
	case KNI_CHANGE_MAC:
		ether_addr_copy(state->mac, dev->dev_addr);
		break;
	case KNI_CHANGE_FILTER:
		state->value = (dev->flags & IFF_PROMISC ? KNI_FILTER_PROMISCUOUS : 0) |
			       (dev->flags & IFF_ALLMULTI ? KNI_FILTER_ALLMULTICAST : 0);
		break;
	}
}

struct kni_control *kni_control_new(struct net_device *dev)
{
	struct kni_control *control = kzalloc(sizeof(*control), GFP_KERNEL);
	u32 kind;

	if (!control)
		return NULL;
	kref_init(&control->references);
	control->dev = dev;
	spin_lock_init(&control->lock);
	init_waitqueue_head(&control->readers);
	init_waitqueue_head(&control->answers);
	INIT_WORK(&control->put_back, kni_control_work);
	for (kind = 0; kind < KNI_CHANGES; kind++) {
		kni_state_of(dev, kind, &control->changes[kind].agreed);
		control->changes[kind].state = control->changes[kind].agreed;
	}
	return control;
}

/* Ends all waits; the interface is removed, or is gone if rtnl is held. */
void kni_control_end(struct kni_control *control)
{
	spin_lock_bh(&control->lock);
	control->gone = true;
	spin_unlock_bh(&control->lock);
	wake_up_all(&control->answers);
	wake_up_all(&control->readers);
}

/* The owner is gone and the interface stays: what waits for an answer is made. */
void kni_control_abandon(struct kni_control *control)
{
	u32 kind;

	spin_lock_bh(&control->lock);
	for (kind = 0; kind < KNI_CHANGES; kind++)
		control->changes[kind].open = false;
	spin_unlock_bh(&control->lock);
	wake_up_all(&control->answers);
}

void kni_agree(struct kni_control *control, u32 kind)
{
	struct kni_change *change = &control->changes[kind];

	change->open = false;
	change->agreed = change->state;
	if (kind == KNI_CHANGE_VLAN)
		control->agreed_vlans = control->vlans;
}

/* A new state, of which the handler learns. */
u64 kni_tell(struct kni_control *control, u32 kind, const struct kni_state *state, bool open)
{
	struct kni_change *change = &control->changes[kind];

	change->sequence = ++control->sequence;
	change->state = *state;
	change->unread = true;
	change->open = open;
	change->waits = open && kni_synchronous();
	change->error = 0;
	if (!open)
		kni_agree(control, kind);
	return change->sequence;
}

static bool kni_decided(struct kni_control *control, const struct kni_change *change, u64 sequence)
{
	return READ_ONCE(control->gone) || !READ_ONCE(control->handler) || !READ_ONCE(change->open) ||
	       READ_ONCE(change->sequence) != sequence;
}

/* Waits for the answer with rtnl held. What the handler may have done late is told to be undone. */
static int kni_await(struct kni_control *control, u32 kind, u64 sequence)
{
	struct kni_change *change = &control->changes[kind];
	long left = wait_event_killable_timeout(control->answers,
						kni_decided(control, change, sequence),
						kni_request_timeout());
	int error = 0;

	spin_lock_bh(&control->lock);
	if (change->error)
		error = change->error;
	else if (change->open && control->handler && !control->gone)
		error = left < 0 ? -EINTR : -ETIMEDOUT;
	change->error = 0;
	if (error) {
		struct kni_state agreed = change->agreed;

		if (kind == KNI_CHANGE_VLAN)
			control->vlans = control->agreed_vlans;
		kni_tell(control, kind, &agreed, false);
	} else {
		kni_agree(control, kind);
	}
	spin_unlock_bh(&control->lock);
	if (error)
		wake_up_all(&control->readers);
	return error;
}

/*
 * Tells the handler of a change before it is made. Returns an error when it must not be made, which is
 * in synchronous mode only. With rtnl held, but for KNI_CHANGE_FILTER.
 */
static int kni_change(struct kni_control *control, u32 kind, const struct kni_state *state)
{
	bool open = kni_may_be_refused[kind] && (kind != KNI_CHANGE_UP || state->value);
	bool waits;
	u64 sequence;

	spin_lock_bh(&control->lock);
	sequence = kni_tell(control, kind, state, open && control->handler && !control->gone);
	waits = control->changes[kind].waits;
	spin_unlock_bh(&control->lock);
	wake_up_all(&control->readers);
	return waits ? kni_await(control, kind, sequence) : 0;
}

int kni_change_value(struct kni_interface *interface, u32 kind, u32 value)
{
	const struct kni_state state = { .value = value };

	if (interface->control->putting_back)
		return 0;
	return kni_change(interface->control, kind, &state);
}

int kni_change_mac(struct kni_interface *interface, const u8 *mac)
{
	struct kni_state state = {};

	if (interface->control->putting_back)
		return 0;
	ether_addr_copy(state.mac, mac);
	return kni_change(interface->control, KNI_CHANGE_MAC, &state);
}

/* An id is wanted from now on, or not. All that is not agreed to is asked for again with each change. */
int kni_change_vlan(struct kni_interface *interface, u16 id, bool wanted)
{
	struct kni_control *control = interface->control;
	const struct kni_state state = { .value = id };
	u64 bit = 1ULL << id % 64;
	bool waits = wanted && id;
	bool open;
	u64 sequence;

	if (control->putting_back)
		return 0;
	spin_lock_bh(&control->lock);
	if (wanted)
		control->vlans.bits[id / 64] |= bit;
	else
		control->vlans.bits[id / 64] &= ~bit;
	/* Frames without a VLAN, but with a priority, are of id 0, which the kernel wants by itself. */
	if (!wanted)
		control->agreed_vlans.bits[id / 64] &= ~bit;
	else if (!id)
		control->agreed_vlans.bits[0] |= bit;
	open = control->handler && !control->gone &&
	       memcmp(&control->vlans, &control->agreed_vlans, sizeof(control->vlans));
	sequence = kni_tell(control, KNI_CHANGE_VLAN, &state, open);
	waits = waits && control->changes[KNI_CHANGE_VLAN].waits;
	control->changes[KNI_CHANGE_VLAN].waits = waits;
	spin_unlock_bh(&control->lock);
	wake_up_all(&control->readers);
	return waits ? kni_await(control, KNI_CHANGE_VLAN, sequence) : 0;
}

static u32 kni_copy_addresses(u8 to[][ETH_ALEN], const struct netdev_hw_addr_list *from)
{
	const struct netdev_hw_addr *each;
	u32 count = 0;

	netdev_hw_addr_list_for_each(each, from) {
		if (count < KNI_MAX_ADDRESSES)
			ether_addr_copy(to[count], each->addr);
		count++;
	}
	return count;
}

/* The kernel calls it with the lists locked. */
void kni_change_filter(struct kni_control *control)
{
	const struct net_device *dev = control->dev;
	struct kni_addresses *lists = &control->addresses;
	struct kni_state state;

	kni_state_of(dev, KNI_CHANGE_FILTER, &state);
	spin_lock_bh(&control->lock);
	lists->unicast_count = kni_copy_addresses(lists->unicast, &dev->uc);
	lists->multicast_count = kni_copy_addresses(lists->multicast, &dev->mc);
	kni_tell(control, KNI_CHANGE_FILTER, &state, false);
	spin_unlock_bh(&control->lock);
	wake_up_all(&control->readers);
}
