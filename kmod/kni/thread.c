// SPDX-License-Identifier: GPL-2.0-only
/*
 * The threads that look for packets in rx_q: one for all interfaces, or one each (kthread_mode). A
 * thread looks every min..max_scheduling_interval as long as there is something now and then, and
 * hands the work to NAPI; when there has been nothing for some rounds it asks to be woken and sleeps.
 * It runs on the core that the interface asks for with KNI_CREATE_FORCE_BIND, and on any without; the
 * first interface is asked for the thread that all share.
 *
 * An interface holds its thread from before it is registered until after it has gone, and is in the
 * thread's list, where it is looked at, for a shorter time within that. The thread itself holds the
 * mutex while it looks; it never waits with it, and never for rtnl.
 */
#include <linux/delay.h>
#include <linux/kthread.h>
#include <linux/slab.h>

#include "kni.h"

#define KNI_IDLE_ROUNDS 8

struct kni_thread {
	struct task_struct *task;
	unsigned int users;		/* under kni_threads_lock */
	bool shared;
	bool bound;
	u32 core;
	struct mutex lock;
	struct list_head interfaces;	/* under lock */
	wait_queue_head_t wait;
	bool woken;
};

static DEFINE_MUTEX(kni_threads_lock);
static struct kni_thread *kni_shared_thread;

/* Starts NAPI where packets wait. */
static bool kni_serve(struct kni_thread *thread)
{
	struct kni_interface *interface;
	bool found = false;
	unsigned int i;

	mutex_lock(&thread->lock);
	list_for_each_entry(interface, &thread->interfaces, in_thread) {
		for (i = 0; i < interface->queue_count; i++) {
			if (!kni_rx_waiting(&interface->queues[i]))
				continue;
			found = true;
			/* The packets are taken when bottom halves are on again, if not before. */
			local_bh_disable();
			napi_schedule(&interface->queues[i].napi);
			local_bh_enable();
		}
	}
	mutex_unlock(&thread->lock);
	return found;
}

/* True if packets came before the wish to be woken could be seen. */
static bool kni_ask_to_be_woken(struct kni_thread *thread)
{
	struct kni_interface *interface;
	bool found = false;
	unsigned int i;

	mutex_lock(&thread->lock);
	list_for_each_entry(interface, &thread->interfaces, in_thread) {
		for (i = 0; i < interface->queue_count; i++) {
			kni_want_wakeup(&interface->queues[i].rx);
			found |= kni_rx_waiting(&interface->queues[i]);
		}
	}
	mutex_unlock(&thread->lock);
	return found;
}

static int kni_thread_main(void *data)
{
	struct kni_thread *thread = data;
	unsigned int idle = 0;

	while (!kthread_should_stop()) {
		idle = kni_serve(thread) ? 0 : idle + 1;
		if (idle < KNI_IDLE_ROUNDS) {
			unsigned int least = kni_min_interval();

			usleep_range_state(least, max(least, kni_max_interval()), TASK_IDLE);
			continue;
		}
		idle = 0;
		WRITE_ONCE(thread->woken, false);
		if (!kni_ask_to_be_woken(thread))
			wait_event_idle(thread->wait,
					READ_ONCE(thread->woken) || kthread_should_stop());
	}
	return 0;
}

void kni_thread_wake(struct kni_thread *thread)
{
	WRITE_ONCE(thread->woken, true);
	wake_up(&thread->wait);
}

static struct kni_thread *kni_thread_new(const struct kni_create *create, bool shared)
{
	struct kni_thread *thread = kzalloc(sizeof(*thread), GFP_KERNEL);
	struct task_struct *task;
	int node = create->flags & KNI_CREATE_CORE ? cpu_to_node(create->core) : NUMA_NO_NODE;

	if (!thread)
		return ERR_PTR(-ENOMEM);
	thread->shared = shared;
	thread->bound = create->flags & KNI_CREATE_FORCE_BIND;
	thread->core = create->core;
	thread->users = 1;
	mutex_init(&thread->lock);
	INIT_LIST_HEAD(&thread->interfaces);
	init_waitqueue_head(&thread->wait);
	if (shared)
		task = kthread_create_on_node(kni_thread_main, thread, node, "kni_single");
	else
		task = kthread_create_on_node(kni_thread_main, thread, node, "kni_%s",
					      create->name);
	if (IS_ERR(task)) {
		kfree(thread);
		return ERR_CAST(task);
	}
	if (thread->bound)
		kthread_bind(task, create->core);
	thread->task = task;
	wake_up_process(task);
	return thread;
}

/* As in struct kni_info. */
u32 kni_thread_modes(const struct kni_thread *thread, u32 *core)
{
	*core = thread->core;
	return (thread->shared ? 0 : KNI_MODE_MULTIPLE) | (thread->bound ? KNI_MODE_BOUND : 0);
}

struct kni_thread *kni_thread_get(const struct kni_create *create)
{
	struct kni_thread *thread;

	if (kni_thread_each())
		return kni_thread_new(create, false);
	mutex_lock(&kni_threads_lock);
	thread = kni_shared_thread;
	if (thread) {
		thread->users++;
	} else {
		thread = kni_thread_new(create, true);
		if (!IS_ERR(thread))
			kni_shared_thread = thread;
	}
	mutex_unlock(&kni_threads_lock);
	return thread;
}

void kni_thread_put(struct kni_thread *thread)
{
	bool last;

	mutex_lock(&kni_threads_lock);
	last = !--thread->users;
	if (last && thread->shared)
		kni_shared_thread = NULL;
	mutex_unlock(&kni_threads_lock);
	if (!last)
		return;
	kthread_stop(thread->task);
	kfree(thread);
}

void kni_thread_attach(struct kni_thread *thread, struct kni_interface *interface)
{
	mutex_lock(&thread->lock);
	list_add_tail(&interface->in_thread, &thread->interfaces);
	mutex_unlock(&thread->lock);
	kni_thread_wake(thread);
}

void kni_thread_detach(struct kni_interface *interface)
{
	mutex_lock(&interface->thread->lock);
	list_del(&interface->in_thread);
	mutex_unlock(&interface->thread->lock);
}
