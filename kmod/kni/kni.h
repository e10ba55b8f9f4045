/* SPDX-License-Identifier: GPL-2.0-only */
/* What the files of this module know of each other. */
#ifndef KNI_H
#define KNI_H

#include <linux/atomic.h>
#include <linux/eventfd.h>
#include <linux/kref.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/netdevice.h>
#include <linux/poll.h>
#include <linux/workqueue.h>

#include "ring.h"

struct kni_memory;
struct kni_thread;
struct kni_interface;
struct kni_control;

/* Registered memory, by number. The mutex of the file is held by who changes it. */
struct kni_regions {
	struct kni_memory __rcu *at[KNI_MAX_REGIONS];
};

/* The memory of all rings of an interface; each mapping of it holds a reference. */
struct kni_area {
	struct kref references;
	atomic_t mappings;
	bool unmapped;
	size_t size;
	void *memory;
};

/* An open descriptor; file.c says how long it and what it has live. */
struct kni_file {
	struct mutex lock;
	bool greeted;
	struct kni_interface __rcu *interface;
	struct kni_regions regions;
	struct work_struct removal;
	struct kni_reason reason;
	struct kni_control *handled;

	spinlock_t area_lock;	/* the one that mmap can take; for the pointer only */
	struct kni_area *area;
};

/* Written by one context at a time, read by any. */
struct kni_rx_counters {
	u64 packets;
	u64 bytes;
	u64 dropped;
	u64 no_memory;
	u64 malformed;
	u64 bad_index;
};

struct kni_tx_counters {
	u64 packets;
	u64 bytes;
	u64 dropped;
	u64 malformed;
	u64 bad_index;
	u64 stopped;
	u64 signals;
};

static inline void kni_count(u64 *counter, u64 amount)
{
	WRITE_ONCE(*counter, *counter + amount);
}

/* A queue pair. What is below rx belongs to its NAPI, what is below tx to the lock of its Tx queue. */
struct kni_queue {
	struct kni_interface *interface;
	unsigned int index;
	atomic64_t kicks;
	struct napi_struct napi;

	struct kni_consumer rx ____cacheline_aligned_in_smp;
	struct kni_producer free;
	struct kni_rx_counters rx_counters;
	unsigned int full_polls;
	bool polled;		/* by the thread, so the owner does not kick */
	unsigned int quiet_looks;	/* of the thread */
	struct kni_entry rx_packet[KNI_MAX_SEGMENTS];

	struct kni_consumer alloc ____cacheline_aligned_in_smp;
	struct kni_producer tx;
	struct eventfd_ctx __rcu *event;
	struct kni_tx_counters tx_counters;
	bool lacks_buffers;
	u32 lacks_room;
	u32 held;
	struct kni_entry buffers[KNI_MAX_SEGMENTS];	/* of alloc_q, for the next packets */
};

/* Private part of the network device. */
struct kni_interface {
	struct net_device *dev;
	struct kni_regions *regions;
	struct kni_area *area;
	struct kni_thread *thread;
	struct kni_control *control;
	struct list_head in_thread;
	netdev_features_t taken;	/* of KNI_FEATURES: what the owner takes */
	unsigned int queue_count;

	/* What follows changes with rtnl held. */
	struct kref references;
	struct list_head in_list;
	u64 id;
	struct pid *owner;		/* none: persistent, and waiting for one */
	bool served;			/* NAPI and thread look at the rings */
	bool persistent;
	bool listed;
	bool gone;
	u32 speed;
	u8 duplex;
	char pci[KNI_PCI_SIZE];
	struct kni_queue queues[];
};

#define KNI_FEATURES (NETIF_F_HW_CSUM | NETIF_F_TSO | NETIF_F_TSO_ECN | NETIF_F_TSO6)

/* file.c */
extern const struct file_operations kni_fops;
__printf(3, 4) int kni_refuse(struct kni_file *file, int error, const char *format, ...);
extern struct workqueue_struct *kni_removals;

/* region.c */
int kni_region_add(struct kni_file *file, struct kni_region *region);
int kni_region_remove(struct kni_file *file, u32 number);
void kni_regions_clear(struct kni_regions *regions);
void *kni_region_at(const struct kni_regions *regions, u64 address, u32 length);

/* area.c */
struct kni_area *kni_area_new(struct kni_create *create);
void kni_area_put(struct kni_area *area);
int kni_area_map(struct file *filp, struct vm_area_struct *vma);
void kni_area_attach(const struct kni_area *area, const struct kni_create *create,
		     struct kni_interface *interface);

/* interface.c */
struct kni_interface *kni_interface_create(struct kni_file *file, struct kni_create *create);
void kni_interface_remove(struct kni_interface *interface);
void kni_interface_put(struct kni_interface *interface);
void kni_uninit(struct net_device *dev);
extern struct rtnl_link_ops kni_link_ops;

/* netdev.c */
extern const struct net_device_ops kni_netdev_ops;

/* owner.c */
int kni_own(struct kni_file *file, struct kni_create *create, struct kni_interface *interface);
void kni_owner_begin(struct kni_interface *interface);
void kni_owner_end(struct kni_interface *interface);
void kni_owner_forget(struct kni_interface *interface);
struct kni_interface *kni_adopt(struct kni_file *file, struct kni_create *create);
void kni_orphan(struct kni_interface *interface);

/* list.c */
void kni_list_add(struct kni_interface *interface);
void kni_list_remove(struct kni_interface *interface);
struct kni_interface *kni_list_orphan(const char *name);
int kni_list_info(struct kni_file *file, struct kni_info *info);

/* settings.c */
int kni_set_event(struct kni_file *file, struct kni_interface *interface,
		  const struct kni_event *event);
int kni_set_link(struct kni_file *file, struct kni_interface *interface,
		 const struct kni_link *link);
int kni_set_offloads(struct kni_file *file, struct kni_interface *interface, u32 offloads);
int kni_set_queues(struct kni_file *file, struct kni_interface *interface, u32 count);
int kni_reset(struct kni_file *file, struct kni_interface *interface);
int kni_find(struct kni_file *file, struct kni_interface *interface, struct kni_place *place);
int kni_open_namespace(struct kni_file *file, struct kni_interface *interface);

/* counters.c */
void kni_counters_read(const struct kni_queue *queue, struct kni_counters *to);
void kni_get_stats64(struct net_device *dev, struct rtnl_link_stats64 *stats);

/* control.c */
struct kni_control *kni_control_new(struct net_device *dev);
void kni_control_end(struct kni_control *control);
void kni_control_abandon(struct kni_control *control);
void kni_control_get(struct kni_control *control);
void kni_control_put(struct kni_control *control);
int kni_change_value(struct kni_interface *interface, u32 kind, u32 value);
int kni_change_mac(struct kni_interface *interface, const u8 *mac);
int kni_change_vlan(struct kni_interface *interface, u16 id, bool wanted);
void kni_change_filter(struct kni_control *control);

/* handler.c */
struct kni_control *kni_control_find(struct kni_file *file, u32 ifindex);
void kni_control_detach(struct kni_control *control);
u32 kni_control_handler_pid(struct kni_control *control);
ssize_t kni_control_read(struct kni_control *control, char __user *to, size_t size, bool wait);
__poll_t kni_control_poll(struct kni_control *control, struct file *filp, poll_table *table);
int kni_control_answer(struct kni_file *file, struct kni_control *control,
		       const struct kni_answer *answer);

/* vlan.c */
void kni_vlans_drop(struct net_device *dev, const struct kni_vlans *vlans);

/* ethtool.c */
extern const struct ethtool_ops kni_ethtool_ops;

/* rx.c */
#define KNI_MANY_PACKETS 16	/* in one look: more than an owner has that has time */
int kni_rx_poll(struct napi_struct *napi, int budget);
u32 kni_rx_backlog(struct kni_queue *queue);
void kni_rx_schedule(struct kni_queue *queue);
void kni_rx_unpoll(struct kni_queue *queue);

/* loopback.c */
u32 kni_loop_ready(const struct kni_queue *queue, u32 ready);
void kni_loop_entries(struct kni_queue *queue, u32 count, u32 length);
void kni_loop_skb(struct kni_queue *queue, struct sk_buff *skb);

/* tx.c */
netdev_tx_t kni_xmit(struct sk_buff *skb, struct net_device *dev);
u32 kni_tx_collect(struct kni_queue *queue, u32 length, u32 *ready);
void kni_tx_forget(struct kni_queue *queue, u32 count);
void kni_tx_show(struct kni_queue *queue);
void kni_tx_resume(struct kni_queue *queue);

/* thread.c */
struct kni_thread *kni_thread_get(const struct kni_create *create);
u32 kni_thread_modes(const struct kni_thread *thread, u32 *core);
void kni_thread_put(struct kni_thread *thread);
void kni_thread_attach(struct kni_thread *thread, struct kni_interface *interface);
void kni_thread_detach(struct kni_interface *interface);
void kni_thread_wake(struct kni_thread *thread);

/* params.c */
int kni_check_parameters(void);
bool kni_thread_each(void);
bool kni_carrier_on_open(void);
unsigned int kni_min_interval(void);
unsigned int kni_max_interval(void);
bool kni_synchronous(void);
long kni_request_timeout(void);
u32 kni_lo_mode(void);

#endif
