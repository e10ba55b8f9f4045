// SPDX-License-Identifier: GPL-2.0-only
/*
 * The descriptor that handles the requests of an interface: it reads and polls them, and answers. What
 * they are and what becomes of an answer is in control.c.
 */
#include <linux/err.h>
#include <linux/nsproxy.h>
#include <linux/pid.h>
#include <linux/rtnetlink.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <net/net_namespace.h>

#include "control.h"

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
			.flags = (change->open ? KNI_REQUEST_ANSWER : 0) |
				 (change->open && change->waits ? KNI_REQUEST_WAITS : 0),
			.state = change->state,
		};
		if (request->kind == KNI_CHANGE_FILTER)
			request->addresses = control->addresses;
		else if (request->kind == KNI_CHANGE_VLAN)
			request->vlans = control->vlans;
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
			kni_agree(control, answer->kind);
		else if (!change->waits && !control->gone)
			kni_put_back_soon(control);
	}
	spin_unlock_bh(&control->lock);
	if (late)
		return kni_refuse(file, -ESTALE, "request %llu does not wait for an answer any more",
				  answer->sequence);
	wake_up_all(&control->answers);
	return 0;
}

/* Makes a descriptor the handler, which learns of the whole state first. With rtnl held. */
static int kni_control_attach(struct kni_control *control, const struct kni_file *file)
{
	int error = -EBUSY;
	u32 kind;

	/* The kernel does not tell of the lists of an interface that is down. */
	netif_addr_lock_bh(control->dev);
	kni_change_filter(control);
	netif_addr_unlock_bh(control->dev);
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
