// SPDX-License-Identifier: GPL-2.0-only
/*
 * The threads that look for packets in rx_q: one for all interfaces, or one each (kthread_mode). A
 * thread has the queues whose owners are busy, see rx.c. It looks at them without a pause while there
 * is much to do, every min..max_scheduling_interval when there is little, lets go of a queue that had
 * little for some looks, and sleeps when it has none.
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

#define KNI_QUIET_LOOKS 8

enum kni_load { KNI_NONE, KNI_LITTLE, KNI_MUCH };

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

static enum kni_load kni_serve_queue(struct kni_queue *queue)
{
	u32 backlog = kni_rx_backlog(queue);

	if (backlog >= KNI_MANY_PACKETS) {
		queue->quiet_looks = 0;
	} else if (++queue->quiet_looks >= KNI_QUIET_LOOKS) {
		kni_rx_unpoll(queue);
		return KNI_NONE;
	}
	if (backlog)
		kni_rx_schedule(queue);
	return queue->quiet_looks ? KNI_LITTLE : KNI_MUCH;
}

static enum kni_load kni_serve(struct kni_thread *thread)
{
	struct kni_interface *interface;
	enum kni_load most = KNI_NONE;
	unsigned int i;

	mutex_lock(&thread->lock);
	list_for_each_entry(interface, &thread->interfaces, in_thread) {
		for (i = 0; i < interface->queue_count; i++) {
			struct kni_queue *queue = &interface->queues[i];

			if (READ_ONCE(queue->polled))
				most = max(most, kni_serve_queue(queue));
		}
	}
	mutex_unlock(&thread->lock);
	return most;
}

static int kni_thread_main(void *data)
{
	struct kni_thread *thread = data;

	while (!kthread_should_stop()) {
		unsigned int least = kni_min_interval();

		/* A queue that comes later than the look sets it again. */
		smp_store_mb(thread->woken, false);
		switch (kni_serve(thread)) {
		case KNI_MUCH:
			cond_resched();
			break;
		case KNI_LITTLE:
			usleep_range_state(least, max(least, kni_max_interval()), TASK_IDLE);
			break;
		case KNI_NONE:
			wait_event_idle(thread->wait,
					READ_ONCE(thread->woken) || kthread_should_stop());
		}
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
}

void kni_thread_detach(struct kni_interface *interface)
{
	mutex_lock(&interface->thread->lock);
	list_del(&interface->in_thread);
	mutex_unlock(&interface->thread->lock);
}
