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
#include <linux/etherdevice.h>
#include <linux/nsproxy.h>
#include <linux/pid.h>
#include <linux/rtnetlink.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <net/net_namespace.h>

#include "kni.h"

struct kni_change {
	u64 sequence;
	bool unread;
	bool open;		/* may still be refused */
	int error;		/* of a change that was refused, until it is put back */
	struct kni_state state;
	struct kni_state agreed;
};

struct kni_control {
	struct kref references;
	struct net_device *dev;	/* while the interface is there */
	spinlock_t lock;
	wait_queue_head_t readers;
	wait_queue_head_t answers;
	const struct kni_file *handler;
	struct pid *handler_pid;	/* of its process */
	bool gone;		/* the interface */
	bool putting_back;	/* under rtnl */
	u64 sequence;
	struct kni_change changes[KNI_CHANGES];
	struct kni_addresses addresses;
	struct work_struct put_back;
};

static const bool kni_may_be_refused[KNI_CHANGES] = {
	[KNI_CHANGE_UP] = true,
	[KNI_CHANGE_MTU] = true,
	[KNI_CHANGE_MAC] = true,
};

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

static void kni_control_work(struct work_struct *work)
{
	struct kni_control *control = container_of(work, struct kni_control, put_back);
	u32 kind;

	rtnl_lock();
	control->putting_back = true;
	for (kind = 0; kind < KNI_CHANGES && !control->gone; kind++) {
		struct kni_change *change = &control->changes[kind];
		struct kni_state agreed;
		int error;

		spin_lock_bh(&control->lock);
		error = change->error;
		agreed = change->agreed;
		if (error) {
			change->error = 0;
			change->state = agreed;
		}
		spin_unlock_bh(&control->lock);
		if (!error)
			continue;
		netdev_info(control->dev, "a change was refused (%d) and is put back\n", error);
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

/* A new state, of which the handler learns; the lock is held. */
static u64 kni_tell(struct kni_control *control, u32 kind, const struct kni_state *state, bool open)
{
	struct kni_change *change = &control->changes[kind];

	change->sequence = ++control->sequence;
	change->state = *state;
	change->unread = true;
	change->open = open;
	change->error = 0;
	if (!open)
		change->agreed = *state;
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

		kni_tell(control, kind, &agreed, false);
	} else {
		change->open = false;
		change->agreed = change->state;
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
	bool heard;
	u64 sequence;

	spin_lock_bh(&control->lock);
	heard = control->handler && !control->gone;
	sequence = kni_tell(control, kind, state, open && heard);
	spin_unlock_bh(&control->lock);
	if (!heard)
		return 0;
	wake_up_all(&control->readers);
	return open && kni_synchronous() ? kni_await(control, kind, sequence) : 0;
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
void kni_change_filter(struct kni_interface *interface)
{
	struct net_device *dev = interface->dev;
	struct kni_control *control = interface->control;
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

/* The oldest change that was not read; the lock is held. */
static struct kni_change *kni_oldest(struct kni_control *control)
{
	struct kni_change *oldest = NULL;
	u32 kind;

	for (kind = 0; kind < KNI_CHANGES; kind++) {
		struct kni_change *change = &control->changes[kind];

		if (change->unread && (!oldest || change->sequence < oldest->sequence))
			oldest = change;
	}
	return oldest;
}

static bool kni_take_request(struct kni_control *control, struct kni_request *request)
{
	struct kni_change *change;

	spin_lock_bh(&control->lock);
	change = kni_oldest(control);
	if (change) {
		change->unread = false;
		*request = (struct kni_request){
			.sequence = change->sequence,
			.kind = change - control->changes,
			.flags = change->open ? KNI_REQUEST_ANSWER : 0,
			.state = change->state,
		};
		if (request->kind == KNI_CHANGE_FILTER)
			request->addresses = control->addresses;
	}
	spin_unlock_bh(&control->lock);
	return change;
}

static bool kni_readable(struct kni_control *control)
{
	bool readable;

	spin_lock_bh(&control->lock);
	readable = control->gone || kni_oldest(control);
	spin_unlock_bh(&control->lock);
	return readable;
}

/* One request each time; nothing when the interface is gone. */
ssize_t kni_control_read(struct kni_control *control, char __user *to, size_t size, bool wait)
{
	struct kni_request *request;
	ssize_t done = sizeof(*request);

	if (size < sizeof(*request))
		return -EINVAL;
	request = kmalloc(sizeof(*request), GFP_KERNEL);
	if (!request)
		return -ENOMEM;
	while (!kni_take_request(control, request)) {
		if (READ_ONCE(control->gone))
			done = 0;
		else if (!wait)
			done = -EAGAIN;
		else if (wait_event_interruptible(control->readers, kni_readable(control)))
			done = -ERESTARTSYS;
		else
			continue;
		goto out;
	}
	/* One that cannot be copied is lost; the next change of that kind has the whole state. */
	if (copy_to_user(to, request, sizeof(*request)))
		done = -EFAULT;
out:
	kfree(request);
	return done;
}

__poll_t kni_control_poll(struct kni_control *control, struct file *filp, poll_table *table)
{
	poll_wait(filp, &control->readers, table);
	if (READ_ONCE(control->gone))
		return EPOLLIN | EPOLLRDNORM | EPOLLHUP;
	return kni_readable(control) ? EPOLLIN | EPOLLRDNORM : 0;
}

static void kni_put_back_soon(struct kni_control *control)
{
	kref_get(&control->references);
	if (!queue_work(kni_removals, &control->put_back))
		kni_control_put(control);
}

int kni_control_answer(struct kni_file *file, struct kni_control *control,
		       const struct kni_answer *answer)
{
	struct kni_change *change;
	bool late = true;

	if (answer->kind >= KNI_CHANGES || answer->error > MAX_ERRNO)
		return kni_refuse(file, -EINVAL, "kind %u or error %u is not known", answer->kind,
				  answer->error);
	change = &control->changes[answer->kind];
	spin_lock_bh(&control->lock);
	if (change->open && change->sequence == answer->sequence) {
		late = false;
		change->open = false;
		change->error = -(int)answer->error;
		if (!answer->error)
			change->agreed = change->state;
		else if (!kni_synchronous() && !control->gone)
			kni_put_back_soon(control);
	}
	spin_unlock_bh(&control->lock);
	if (late)
		return kni_refuse(file, -ESTALE, "request %llu does not wait for an answer any more",
				  answer->sequence);
	wake_up_all(&control->answers);
	return 0;
}

/* Makes a descriptor the handler, which learns of the whole state first. */
static int kni_control_attach(struct kni_control *control, const struct kni_file *file)
{
	int error = -EBUSY;
	u32 kind;

	spin_lock_bh(&control->lock);
	if (!control->handler) {
		error = 0;
		control->handler = file;
		control->handler_pid = get_pid(task_tgid(current));
		for (kind = 0; kind < KNI_CHANGES; kind++) {
			struct kni_state state = control->changes[kind].state;

			kni_tell(control, kind, &state, false);
		}
	}
	spin_unlock_bh(&control->lock);
	return error;
}

void kni_control_detach(struct kni_control *control)
{
	spin_lock_bh(&control->lock);
	control->handler = NULL;
	put_pid(control->handler_pid);
	control->handler_pid = NULL;
	spin_unlock_bh(&control->lock);
	wake_up_all(&control->answers);
	kni_control_put(control);
}

/* As the caller sees it; 0 if nobody handles requests. */
u32 kni_control_handler_pid(struct kni_control *control)
{
	u32 pid;

	spin_lock_bh(&control->lock);
	pid = pid_vnr(control->handler_pid);
	spin_unlock_bh(&control->lock);
	return pid;
}

/* The record of an interface of the caller's namespace. */
struct kni_control *kni_control_find(struct kni_file *file, u32 ifindex)
{
	struct net *net = current->nsproxy->net_ns;
	struct kni_control *control = NULL;
	struct net_device *dev;
	int error = -ENODEV;

	if (!ns_capable(net->user_ns, CAP_NET_ADMIN)) {
		error = kni_refuse(file, -EPERM, "handling requests needs CAP_NET_ADMIN");
		return ERR_PTR(error);
	}
	rtnl_lock();
	dev = __dev_get_by_index(net, ifindex);
	if (dev && dev->netdev_ops == &kni_netdev_ops) {
		control = ((struct kni_interface *)netdev_priv(dev))->control;
		error = kni_control_attach(control, file);
		if (!error)
			kref_get(&control->references);
	}
	rtnl_unlock();
	if (error == -EBUSY)
		kni_refuse(file, error, "another process handles the requests of interface %u", ifindex);
	else if (error)
		kni_refuse(file, error, "interface %u is none of kni.ko in this namespace", ifindex);
	return error ? ERR_PTR(error) : control;
}
