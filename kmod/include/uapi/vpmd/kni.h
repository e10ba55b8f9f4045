/* SPDX-License-Identifier: GPL-2.0-only WITH Linux-syscall-note */
/*
 * What kni.ko and its users agree on; nothing else is shared.
 *
 * A descriptor of /dev/kni begins with KNI_IOC_HELLO. It then owns at most one interface: its owner
 * registers memory (KNI_IOC_ADD_REGION), creates the interface (KNI_IOC_CREATE) and maps the rings.
 * The interface goes with KNI_IOC_RELEASE, when the last copy of the descriptor is closed, or when
 * the rings had been mapped and are so no more: a child of fork() does not inherit the mapping, so
 * it cannot keep the interface of an owner that died. A persistent one (KNI_CREATE_PERSIST) goes only
 * with KNI_IOC_RELEASE; otherwise it loses its carrier and waits for its next owner. Anybody who may
 * can delete either (ip link del), and the namespace that an interface is in takes it along; calls of
 * its owner fail with ENODEV then.
 *
 * Each queue pair has four rings, named as KNI always named them:
 *
 *	rx_q	 owner to kernel: packets		  tx_q	   kernel to owner: packets
 *	free_q	 kernel to owner: their buffers, back	  alloc_q  owner to kernel: empty buffers
 *
 * Packets are copied, so a buffer of rx_q comes back in free_q as soon as the kernel has read it,
 * and in the order in which it was given. Both have as many entries, and an owner has never more out
 * than that: it takes an entry of free_q before it puts as many further ones into rx_q, so the kernel
 * always finds room.
 *
 * The mapping, from offset 0 on; the sizes are in struct kni_create:
 *
 *	+------------ queue 0 ------------+------------ queue 1 ------------+--
 *	| rx_q | free_q | alloc_q | tx_q  | rx_q | free_q | alloc_q | tx_q  | ...
 *	+---------------------------------+---------------------------------+--
 *
 * and one ring:
 *
 *	0	 64	  68		128		128 + 32 * entries
 *	+--------+--------+-------------+-------------------+
 *	|producer|consumer|need_wakeup  | entries	    |
 *	+--------+--------+-------------+-------------------+
 *	 written  both written by the
 *	 by the	  consumer
 *	 producer
 *
 * Both indices count on for ever and are taken modulo the number of entries, a power of two: equal
 * indices are an empty ring, and all entries can be in use. Who waits and who orders:
 *
 *	(A) the producer stores entries, then stores its index with release;
 *	(B) the consumer loads that index with acquire, then loads entries;
 *	(C) the consumer has read entries, then stores its index with release;
 *	(D) the producer loads that index with acquire, then stores entries;
 *	(E) the producer has done A, then a full barrier, then loads need_wakeup;
 *	(F) the consumer stores need_wakeup, then a full barrier, then does B once more and sleeps
 *	    if there is nothing.
 *
 * Who finds need_wakeup exchanges it for 0, and if it was set wakes the other side: the owner calls
 * KNI_IOC_KICK for rx_q, and for alloc_q also after C of tx_q, for the kernel waits there for room
 * too; the kernel signals the event descriptor of the queue for tx_q. Nobody sleeps on free_q.
 */
#ifndef _UAPI_VPMD_KNI_H
#define _UAPI_VPMD_KNI_H

#include <linux/ioctl.h>
#include <linux/types.h>

#define KNI_DEVICE		"/dev/kni"
#define KNI_ABI			1

#define KNI_NAME_SIZE		16
#define KNI_MAX_QUEUES		16
#define KNI_MAX_REGIONS		64
#define KNI_MIN_ENTRIES		64
#define KNI_MAX_ENTRIES		32768
#define KNI_MAX_MTU		65535
#define KNI_MIN_MTU		68
/* Most entries that one packet may consist of. */
#define KNI_MAX_SEGMENTS	48

#define KNI_RING_RX		0
#define KNI_RING_FREE		1
#define KNI_RING_ALLOC		2
#define KNI_RING_TX		3
#define KNI_RINGS		4

struct kni_ring {
	__u32 producer;
	__u32 reserved0[15];
	__u32 consumer;
	__u32 need_wakeup;
	__u32 reserved1[14];
};

/* The region is in the upper 16 bits of an address, the offset into it in the others. */
#define KNI_REGION_SHIFT	48

/* In flags: the packet goes on in the next entry, which is published together with this one. */
#define KNI_ENTRY_MORE		1

/*
 * cookie:  the owner's; the kernel returns it unchanged.
 * address: where the data begins.
 * length:  bytes of data; of alloc_q, the room there is.
 *
 * flags:   KNI_ENTRY_MORE.
 *
 * What is between length and flags describes the packet, in its first entry: it is a struct
 * virtio_net_hdr of linux/virtio_net.h in the machine's byte order. VIRTIO_NET_HDR_F_DATA_VALID in
 * offload says that the NIC has verified the checksums of the packet.
 */
struct kni_entry {
	__u64 cookie;
	__u64 address;
	__u32 length;
	__u8 offload;
	__u8 gso_type;
	__u16 header_length;
	__u16 gso_size;
	__u16 checksum_start;
	__u16 checksum_offset;
	__u16 flags;
};

/* In: the caller's view, which has to be the module's. Out: the module's, also on a failure. */
struct kni_hello {
	__u32 abi;
	__u32 ring_size;
	__u32 entry_size;
	__u32 create_size;
	__u32 region_size;
	__u32 counters_size;
	__u32 event_size;
	__u32 link_size;
	__u32 place_size;
	__u32 info_size;
	__u32 request_size;
	__u32 answer_size;
	__u32 reason_size;
	__u32 reserved;
};

/* In: page-aligned memory. It is pinned, and counts towards RLIMIT_MEMLOCK. Out: its number. */
struct kni_region {
	__u64 address;
	__u64 size;
	__u32 region;
	__u32 reserved;
};

/* In flags of struct kni_create */
#define KNI_CREATE_CORE		1	/* core is set: the thread's memory is near that core */
#define KNI_CREATE_FORCE_BIND	2	/* the thread runs on core only; needs KNI_CREATE_CORE */
#define KNI_CREATE_PERSIST	4	/* the interface outlives its owner */
#define KNI_CREATE_ATTACHED	8	/* out: the interface was there, without an owner */

#define KNI_PCI_SIZE		16

/*
 * In: what the interface is to be; an address of zeros asks for a random one. It is made in the
 * network namespace of the caller, unless there is a persistent one of this name, without an owner and
 * with as many queues: then the caller becomes its owner. What it has stays, so mac and the MTUs have to
 * be 0 or what it has, and KNI_CREATE_PERSIST says anew whether it is persistent. pci is the address of
 * the device that the interface stands for, as in 0000:01:00.0, or empty.
 * Out: from ifindex on, also name, mac and the MTUs as they are, and KNI_CREATE_ATTACHED.
 */
struct kni_create {
	char name[KNI_NAME_SIZE];
	__u32 flags;
	__u32 queues;
	__u32 rx_entries;
	__u32 tx_entries;
	__u32 mtu;
	__u32 min_mtu;
	__u32 max_mtu;
	__u32 core;
	__u8 mac[6];
	__u8 reserved[2];
	char pci[KNI_PCI_SIZE];
	__u32 ifindex;
	__u32 reserved1;
	__u64 id;
	__u64 map_size;
	__u64 queue_size;
	__u64 ring_offset[KNI_RINGS];
};

/* An eventfd that is signalled when need_wakeup of tx_q is set and packets arrive; -1 for none. */
struct kni_event {
	__u32 queue;
	__s32 fd;
};

#define KNI_SPEED_UNKNOWN	0xffffffffu

struct kni_link {
	__u32 up;
	__u32 speed;		/* Mbit/s */
	__u32 full_duplex;
	__u32 reserved;
};

/* What the owner takes from the kernel's stack. */
#define KNI_OFFLOAD_CHECKSUM	1	/* packets with a partial checksum */
#define KNI_OFFLOAD_TSO4	2	/* needs KNI_OFFLOAD_CHECKSUM, as TSO6 does */
#define KNI_OFFLOAD_TSO6	4
#define KNI_OFFLOADS		7

/* Counters of one queue, all of them since it was made. */
struct kni_counters {
	__u32 queue;			/* in */
	__u32 reserved;
	__u64 rx_packets;		/* given to the stack */
	__u64 rx_bytes;
	__u64 rx_dropped;		/* while the interface was down, or refused by the stack */
	__u64 rx_no_memory;
	__u64 rx_malformed;		/* no such region, offset or length; or a chain without end */
	__u64 tx_packets;		/* given to the owner */
	__u64 tx_bytes;
	__u64 tx_dropped;		/* longer than the buffers that one packet may have */
	__u64 tx_malformed;		/* buffers of alloc_q that are none */
	__u64 tx_stopped;		/* how often the stack was told to wait for the owner */
	__u64 bad_index;		/* indices that are further apart than the ring is long */
	__u64 kicks;
	__u64 signals;
};

/* Where the interface is now, whatever became of it since. */
struct kni_place {
	char name[KNI_NAME_SIZE];
	__u32 ifindex;
	__u32 reserved;
};

/* In by of struct kni_info */
#define KNI_BY_ID		0
#define KNI_BY_IFINDEX		1
#define KNI_BY_NAME		2
#define KNI_AFTER_ID		3	/* the one with the next higher id */

/* In modes of struct kni_info */
#define KNI_MODE_MULTIPLE	1	/* the interface has a thread of its own */
#define KNI_MODE_BOUND		2	/* core is the only one that its thread runs on */
#define KNI_MODE_PERSIST	4
#define KNI_MODE_SYNCHRONOUS	8	/* changes wait for the handler's answer */
#define KNI_MODE_UP		16
#define KNI_MODE_CARRIER	32

/* Values of lo_mode */
#define KNI_LO_NONE		0
#define KNI_LO_FIFO		1
#define KNI_LO_FIFO_SKB		2

/*
 * An interface of this module. In: by, and what it asks for; ifindex and name are those of the caller's
 * network namespace. Out: all but by. The ids grow and are not used twice. Whoever has a descriptor is
 * told of the interfaces of its own namespace, as by ip link, and of those in namespaces where it has
 * CAP_NET_ADMIN. A pid is the caller's view of it, and 0 if there is none.
 */
struct kni_info {
	__u64 id;
	__u64 namespace_inode;
	char name[KNI_NAME_SIZE];
	char pci[KNI_PCI_SIZE];
	__u32 by;
	__u32 ifindex;
	__u32 owner_pid;		/* who created or attached to it */
	__u32 handler_pid;		/* who handles its requests */
	__u32 queues;
	__u32 rx_entries;
	__u32 tx_entries;
	__u32 modes;
	__u32 core;
	__u32 lo_mode;
};

/*
 * Requests of the kernel's users. A descriptor that handles an interface (KNI_IOC_HANDLE, of any process)
 * reads one struct kni_request at a time; poll() tells when there is one. Of each kind only the newest is
 * kept, and it has the whole state. A handler that begins is told all of it. Refusing a VLAN id goes back
 * to the ids that were agreed to: a change that is made already is undone by deleting the VLAN's interface. It ends when the descriptor
 * is closed. Calls on one descriptor wait for each other, and some wait for rtnl: who answers synchronous
 * requests needs a descriptor that it uses for nothing else.
 */
#define KNI_CHANGE_UP		0	/* value: 0 or 1; down cannot be refused */
#define KNI_CHANGE_MTU		1	/* value */
#define KNI_CHANGE_MAC		2	/* mac */
#define KNI_CHANGE_FILTER	3	/* value: KNI_FILTER_*, and the addresses; cannot be refused */
#define KNI_CHANGE_VLAN		4	/* value: the id, and all ids; removing one and id 0 cannot be refused */
#define KNI_CHANGES		5

#define KNI_FILTER_PROMISCUOUS	1
#define KNI_FILTER_ALLMULTICAST	2

#define KNI_MAX_ADDRESSES	64

struct kni_state {
	__u32 value;
	__u8 mac[6];
	__u8 reserved[2];
};

/* Counts above KNI_MAX_ADDRESSES are of lists that are not shown to their end. */
struct kni_addresses {
	__u32 unicast_count;
	__u32 multicast_count;
	__u8 unicast[KNI_MAX_ADDRESSES][6];
	__u8 multicast[KNI_MAX_ADDRESSES][6];
};

#define KNI_VLANS		4096

/* The ids of VLANs that are wanted: id n is bit n % 64 of bits[n / 64]. */
struct kni_vlans {
	__u64 bits[KNI_VLANS / 64];
};

/* In flags of struct kni_request */
#define KNI_REQUEST_ANSWER	1	/* the change can be refused with KNI_IOC_ANSWER */
#define KNI_REQUEST_WAITS	2	/* it is not made before the answer */

struct kni_request {
	__u64 sequence;
	__u32 kind;
	__u32 flags;
	struct kni_state state;
	struct kni_addresses addresses;
	__u32 reserved;
	struct kni_vlans vlans;
};

/* error: 0, or the number of the error with which the change fails or for which it is put back. */
struct kni_answer {
	__u64 sequence;
	__u32 kind;
	__u32 error;
};

/* Why the last call of this descriptor failed, as a sentence; empty when it did not. */
struct kni_reason {
	char text[128];
};

#define KNI_IOC_HELLO		_IOWR('k', 1, struct kni_hello)
#define KNI_IOC_REASON		_IOR('k', 2, struct kni_reason)
#define KNI_IOC_ADD_REGION	_IOWR('k', 3, struct kni_region)
#define KNI_IOC_REMOVE_REGION	_IOW('k', 4, __u32)
#define KNI_IOC_CREATE		_IOWR('k', 5, struct kni_create)
#define KNI_IOC_RELEASE		_IO('k', 6)
#define KNI_IOC_SET_EVENT	_IOW('k', 7, struct kni_event)
#define KNI_IOC_SET_LINK	_IOW('k', 8, struct kni_link)
#define KNI_IOC_SET_OFFLOADS	_IOW('k', 9, __u32)
#define KNI_IOC_SET_QUEUES	_IOW('k', 10, __u32)
#define KNI_IOC_COUNTERS	_IOWR('k', 11, struct kni_counters)
/* The argument is the number of the queue. */
#define KNI_IOC_KICK		_IO('k', 12)
/* Empties all rings: what was in them is the owner's again. Both sides' indices are 0 then. */
#define KNI_IOC_RESET		_IO('k', 13)
#define KNI_IOC_PLACE		_IOR('k', 14, struct kni_place)
/* Returns a descriptor of the network namespace that the interface is in now. */
#define KNI_IOC_NAMESPACE	_IO('k', 15)
/* The argument is the ifindex of an interface in the caller's network namespace. */
#define KNI_IOC_HANDLE		_IOW('k', 16, __u32)
#define KNI_IOC_ANSWER		_IOW('k', 17, struct kni_answer)
#define KNI_IOC_INFO		_IOWR('k', 18, struct kni_info)

#endif
