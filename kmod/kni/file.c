// SPDX-License-Identifier: GPL-2.0-only
/*
 * Descriptors of /dev/kni, and what lives how long:
 *
 *	module	  while a descriptor is open: the device's owner field counts them
 *	file	  until the last copy of the descriptor is closed; a mapping of the rings is such a copy
 *	interface from KNI_IOC_CREATE until KNI_IOC_RELEASE, until it is deleted (interface.c), or until
 *		  the last mapping of the rings goes or the file does; in these two cases a persistent one
 *		  loses its owner instead (owner.c). That is done where the rtnl lock can be taken: in the
 *		  ioctl, in the work item removal, or in release; all three hold the mutex of the file
 *	regions	  until they are removed, or the interface is for one of the reasons above, or the file;
 *		  always after the interface, whose queues use them
 *	rings	  the interface while it has this owner and each mapping hold a reference, see area.c
 *	thread	  while interfaces are attached to it, see thread.c
 *
 * Locks, outermost first: mutex of the file, rtnl, mutex of the threads. What the kernel calls with
 * rtnl or the memory map locked never takes the mutex of the file.
 */
#include <linux/capability.h>
#include <linux/fs.h>
#include <linux/module.h>
#include <linux/nospec.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "kni.h"

/* Keeps a sentence for KNI_IOC_REASON, and returns the error. */
int kni_refuse(struct kni_file *file, int error, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vscnprintf(file->reason.text, sizeof(file->reason.text), format, arguments);
	va_end(arguments);
	return error;
}

static struct kni_interface *kni_interface_of(struct kni_file *file)
{
	return rcu_dereference_protected(file->interface, lockdep_is_held(&file->lock));
}

static void kni_release_interface(struct kni_file *file, bool keep)
{
	struct kni_interface *interface = kni_interface_of(file);
	struct kni_area *area;

	if (!interface)
		return;
	rcu_assign_pointer(file->interface, NULL);
	spin_lock(&file->area_lock);
	area = file->area;
	file->area = NULL;
	spin_unlock(&file->area_lock);
	if (keep && interface->persistent)
		kni_orphan(interface);
	else
		kni_interface_remove(interface);
	kni_area_put(area);
}

static void kni_owner_gone(struct work_struct *work)
{
	struct kni_file *file = container_of(work, struct kni_file, removal);

	mutex_lock(&file->lock);
	/* Not so if the mapping was of rings that had been released, and others were made since. */
	if (file->area && READ_ONCE(file->area->unmapped)) {
		kni_release_interface(file, true);
		kni_regions_clear(&file->regions);
	}
	mutex_unlock(&file->lock);
}

static int kni_open(struct inode *inode, struct file *filp)
{
	struct kni_file *file = kzalloc(sizeof(*file), GFP_KERNEL_ACCOUNT);

	if (!file)
		return -ENOMEM;
	mutex_init(&file->lock);
	spin_lock_init(&file->area_lock);
	INIT_WORK(&file->removal, kni_owner_gone);
	filp->private_data = file;
	return nonseekable_open(inode, filp);
}

static int kni_release(struct inode *inode, struct file *filp)
{
	struct kni_file *file = filp->private_data;

	cancel_work_sync(&file->removal);
	mutex_lock(&file->lock);
	kni_release_interface(file, true);
	mutex_unlock(&file->lock);
	kni_regions_clear(&file->regions);
	if (file->handled)
		kni_control_detach(file->handled);
	kfree(file);
	return 0;
}

static int kni_greet(struct kni_file *file, struct kni_hello *hello)
{
	const struct kni_hello mine = {
		.abi = KNI_ABI,
		.ring_size = sizeof(struct kni_ring),
		.entry_size = sizeof(struct kni_entry),
		.create_size = sizeof(struct kni_create),
		.region_size = sizeof(struct kni_region),
		.counters_size = sizeof(struct kni_counters),
		.event_size = sizeof(struct kni_event),
		.link_size = sizeof(struct kni_link),
		.place_size = sizeof(struct kni_place),
		.info_size = sizeof(struct kni_info),
		.request_size = sizeof(struct kni_request),
		.answer_size = sizeof(struct kni_answer),
		.reason_size = sizeof(struct kni_reason),
	};
	u32 abi = hello->abi;
	bool same = !memcmp(&mine, hello, sizeof(mine));

	*hello = mine;
	if (!same && abi == KNI_ABI)
		return kni_refuse(file, -EPROTONOSUPPORT,
				  "a structure of kni.ko has another size than the program's");
	if (!same)
		return kni_refuse(file, -EPROTONOSUPPORT,
				  "kni.ko speaks version %u of its interface and the program %u", mine.abi,
				  abi);
	file->greeted = true;
	return 0;
}

static int kni_create(struct kni_file *file, struct kni_create *create)
{
	struct kni_interface *interface = kni_interface_of(file);

	if (interface && !READ_ONCE(interface->gone))
		return kni_refuse(file, -EBUSY, "this descriptor has an interface already");
	kni_release_interface(file, false);
	interface = kni_interface_create(file, create);
	if (IS_ERR(interface))
		return PTR_ERR(interface);
	spin_lock(&file->area_lock);
	file->area = interface->area;
	kref_get(&file->area->references);
	spin_unlock(&file->area_lock);
	rcu_assign_pointer(file->interface, interface);
	return 0;
}

static int kni_read_counters(struct kni_file *file, struct kni_interface *interface,
			     struct kni_counters *counters)
{
	if (counters->queue >= interface->queue_count)
		return kni_refuse(file, -EINVAL, "there is no queue %u", counters->queue);
	kni_counters_read(&interface->queues[counters->queue], counters);
	return 0;
}

/* Until the descriptor is closed, for who polls it waits in the record. */
static int kni_handle(struct kni_file *file, u32 ifindex)
{
	struct kni_control *control;

	if (file->handled)
		return kni_refuse(file, -EBUSY, "this descriptor handles an interface already");
	control = kni_control_find(file, ifindex);
	if (IS_ERR(control))
		return PTR_ERR(control);
	file->handled = control;
	return 0;
}

static int kni_answer(struct kni_file *file, const struct kni_answer *answer)
{
	if (!file->handled)
		return kni_refuse(file, -ENXIO, "this descriptor handles no interface");
	return kni_control_answer(file, file->handled, answer);
}

static struct kni_control *kni_handled(struct kni_file *file)
{
	struct kni_control *control;

	mutex_lock(&file->lock);
	control = file->handled;
	if (control)
		kni_control_get(control);
	mutex_unlock(&file->lock);
	return control;
}

static ssize_t kni_read(struct file *filp, char __user *to, size_t size, loff_t *position)
{
	struct kni_control *control = kni_handled(filp->private_data);
	ssize_t done;

	if (!control)
		return -ENXIO;
	done = kni_control_read(control, to, size, !(filp->f_flags & O_NONBLOCK));
	kni_control_put(control);
	return done;
}

static __poll_t kni_poll(struct file *filp, poll_table *table)
{
	struct kni_control *control = kni_handled(filp->private_data);
	__poll_t events;

	if (!control)
		return EPOLLERR;
	events = kni_control_poll(control, filp, table);
	kni_control_put(control);
	return events;
}

union kni_argument {
	struct kni_hello hello;
	struct kni_region region;
	struct kni_create create;
	struct kni_event event;
	struct kni_link link;
	struct kni_counters counters;
	struct kni_place place;
	struct kni_info info;
	struct kni_answer answer;
	struct kni_reason reason;
	u32 number;
};

static int kni_with_interface(struct kni_file *file, unsigned int command,
			      union kni_argument *argument)
{
	struct kni_interface *interface = kni_interface_of(file);

	if (!interface)
		return kni_refuse(file, -ENODEV, "this descriptor has no interface, or no more");
	switch (command) {
	case KNI_IOC_RELEASE:
		kni_release_interface(file, false);
		return 0;
	case KNI_IOC_SET_EVENT:
		return kni_set_event(file, interface, &argument->event);
	case KNI_IOC_SET_LINK:
		return kni_set_link(file, interface, &argument->link);
	case KNI_IOC_SET_OFFLOADS:
		return kni_set_offloads(file, interface, argument->number);
	case KNI_IOC_SET_QUEUES:
		return kni_set_queues(file, interface, argument->number);
	case KNI_IOC_RESET:
		return kni_reset(file, interface);
	case KNI_IOC_PLACE:
		return kni_find(file, interface, &argument->place);
	case KNI_IOC_NAMESPACE:
		return kni_open_namespace(file, interface);
	default:
		return kni_read_counters(file, interface, &argument->counters);
	}
}

static int kni_do(struct kni_file *file, unsigned int command, union kni_argument *argument)
{
	if (command == KNI_IOC_REASON) {
		argument->reason = file->reason;
		return 0;
	}
	file->reason.text[0] = 0;
	if (command == KNI_IOC_HELLO)
		return kni_greet(file, &argument->hello);
	if (!file->greeted)
		return kni_refuse(file, -EPROTO, "the program has to begin with KNI_IOC_HELLO");
	switch (command) {
	case KNI_IOC_ADD_REGION:
		return kni_region_add(file, &argument->region);
	case KNI_IOC_REMOVE_REGION:
		return kni_region_remove(file, argument->number);
	case KNI_IOC_CREATE:
		return kni_create(file, &argument->create);
	case KNI_IOC_INFO:
		return kni_list_info(file, &argument->info);
	case KNI_IOC_HANDLE:
		return kni_handle(file, argument->number);
	case KNI_IOC_ANSWER:
		return kni_answer(file, &argument->answer);
	default:
		return kni_with_interface(file, command, argument);
	}
}

static bool kni_known(unsigned int command)
{
	switch (command) {
	case KNI_IOC_HELLO:
	case KNI_IOC_REASON:
	case KNI_IOC_ADD_REGION:
	case KNI_IOC_REMOVE_REGION:
	case KNI_IOC_CREATE:
	case KNI_IOC_RELEASE:
	case KNI_IOC_SET_EVENT:
	case KNI_IOC_SET_LINK:
	case KNI_IOC_SET_OFFLOADS:
	case KNI_IOC_SET_QUEUES:
	case KNI_IOC_COUNTERS:
	case KNI_IOC_RESET:
	case KNI_IOC_PLACE:
	case KNI_IOC_NAMESPACE:
	case KNI_IOC_INFO:
	case KNI_IOC_HANDLE:
	case KNI_IOC_ANSWER:
		return true;
	default:
		return false;
	}
}

/* The one call of the data path: it takes no lock that can be held for long. */
static long kni_kick(struct kni_file *file, unsigned long number)
{
	struct kni_interface *interface;
	struct kni_queue *queue;
	long error = -ENODEV;

	rcu_read_lock();
	interface = rcu_dereference(file->interface);
	if (!interface)
		goto out;
	error = -EINVAL;
	if (number >= interface->queue_count)
		goto out;
	error = 0;
	queue = &interface->queues[array_index_nospec(number, interface->queue_count)];
	atomic64_inc(&queue->kicks);
	kni_tx_resume(queue);
	kni_rx_schedule(queue);
out:
	rcu_read_unlock();
	return error;
}

static long kni_ioctl(struct file *filp, unsigned int command, unsigned long address)
{
	struct kni_file *file = filp->private_data;
	void __user *from = (void __user *)address;
	union kni_argument argument = {};
	int error;

	if (command == KNI_IOC_KICK)
		return kni_kick(file, address);
	if (!kni_known(command))
		return -ENOTTY;
	if ((_IOC_DIR(command) & _IOC_WRITE) &&
	    copy_from_user(&argument, from, _IOC_SIZE(command)))
		return -EFAULT;
	if (mutex_lock_killable(&file->lock))
		return -EINTR;
	error = kni_do(file, command, &argument);
	mutex_unlock(&file->lock);
	if ((_IOC_DIR(command) & _IOC_READ) && copy_to_user(from, &argument, _IOC_SIZE(command)))
		return -EFAULT;
	return error;
}

const struct file_operations kni_fops = {
	.owner = THIS_MODULE,
	.open = kni_open,
	.release = kni_release,
	.read = kni_read,
	.poll = kni_poll,
	.unlocked_ioctl = kni_ioctl,
	.compat_ioctl = compat_ptr_ioctl,
	.mmap = kni_area_map,
	.llseek = noop_llseek,
};
