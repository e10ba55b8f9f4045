/* SPDX-License-Identifier: GPL-2.0-only */
/* The record of changes, which control.c writes and handler.c reads. */
#ifndef KNI_CONTROL_H
#define KNI_CONTROL_H

#include "kni.h"

struct kni_change {
	u64 sequence;
	bool unread;
	bool open;		/* may still be refused */
	bool waits;		/* for that, with rtnl held */
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
	struct kni_vlans vlans;
	struct kni_vlans agreed_vlans;
	struct work_struct put_back;
};

/* Of control.c; the lock is held. */
u64 kni_tell(struct kni_control *control, u32 kind, const struct kni_state *state, bool open);
void kni_agree(struct kni_control *control, u32 kind);

#endif
