// SPDX-License-Identifier: GPL-2.0-only
/*
 * From the owner to the kernel's stack: NAPI takes packets from rx_q, copies them, and gives the
 * copies to GRO and the buffers to free_q. What is looked at is always the copy.
 *
 * Who has nothing to do asks to be kicked, and the kick does the work at once, in the owner's
 * context: no latency, no switch. When poll after poll finds many packets, that would cost the owner
 * a call a burst and its own time for the stack's work, so the thread of thread.c takes over and
 * nobody kicks, until its looks find few.
 */
#include <linux/etherdevice.h>
#include <linux/virtio_net.h>

#include "kni.h"

#define KNI_MAX_FRAME	(KNI_MAX_MTU + ETH_HLEN + 2 * VLAN_HLEN)
/* Longer packets are in pages, but for this much, where the headers are. */
#define KNI_MAX_LINEAR	2048U
#define KNI_HEADERS	256U

/* Polls in a row with many packets. */
#define KNI_FULL_POLLS	8

#define KNI_RX_OFFLOADS	(VIRTIO_NET_HDR_F_NEEDS_CSUM | VIRTIO_NET_HDR_F_DATA_VALID)

/* Entries that can be taken now. In lo_mode an owner without room or buffers keeps them waiting. */
static u32 kni_rx_ready(struct kni_queue *queue, u32 lo_mode, u64 *bad)
{
	u32 ready = min(kni_ready(&queue->rx, bad), kni_room(&queue->free, bad));

	return unlikely(lo_mode) ? kni_loop_ready(queue, ready) : ready;
}

/* The same, from any context. */
u32 kni_rx_backlog(struct kni_queue *queue)
{
	return kni_rx_ready(queue, kni_lo_mode(), NULL);
}

/* The poll happens before this returns, or soon: in a softirq that runs already. */
void kni_rx_schedule(struct kni_queue *queue)
{
	local_bh_disable();
	napi_schedule(&queue->napi);
	local_bh_enable();
}

/* The thread does not look any more: the poll that follows asks for kicks. */
void kni_rx_unpoll(struct kni_queue *queue)
{
	WRITE_ONCE(queue->polled, false);
	kni_rx_schedule(queue);
}

/*
 * Takes the entries of the next packet and gives them back. Returns how many; none of them may be
 * looked at any more before kni_publish.
 */
static u32 kni_rx_take(struct kni_queue *queue, u32 ready, bool *whole)
{
	u32 most = min_t(u32, ready, KNI_MAX_SEGMENTS);
	u32 count = 0;
	u16 flags;

	do {
		struct kni_entry *entry = &queue->rx_packet[count];

		kni_peek(&queue->rx, count, entry);
		kni_put(&queue->free, entry);
		flags = entry->flags;
		count++;
	} while (flags & KNI_ENTRY_MORE && count < most);
	kni_skip(&queue->rx, count);
	*whole = !(flags & KNI_ENTRY_MORE);
	return count;
}

/* Length of a packet that is in order, else 0. */
static u32 kni_rx_length(const struct kni_queue *queue, u32 count)
{
	u32 length = 0;
	u32 i;

	for (i = 0; i < count; i++) {
		const struct kni_entry *entry = &queue->rx_packet[i];

		if (entry->flags & ~KNI_ENTRY_MORE || !entry->length ||
		    entry->length > KNI_MAX_FRAME - length)
			return 0;
		if (!kni_region_at(queue->interface->regions, entry->address, entry->length))
			return 0;
		length += entry->length;
	}
	return length < ETH_HLEN ? 0 : length;
}

static struct sk_buff *kni_rx_alloc(struct kni_queue *queue, u32 length)
{
	struct sk_buff *skb;
	int error;

	if (length <= KNI_MAX_LINEAR) {
		skb = napi_alloc_skb(&queue->napi, length);
		if (skb)
			skb_put(skb, length);
		return skb;
	}
	skb = alloc_skb_with_frags(NET_SKB_PAD + NET_IP_ALIGN + KNI_HEADERS, length - KNI_HEADERS,
				   PAGE_ALLOC_COSTLY_ORDER, &error, GFP_ATOMIC | __GFP_NOWARN);
	if (!skb)
		return NULL;
	skb_reserve(skb, NET_SKB_PAD + NET_IP_ALIGN);
	skb_put(skb, KNI_HEADERS);
	skb->data_len = length - KNI_HEADERS;
	skb->len += length - KNI_HEADERS;
	return skb;
}

static bool kni_rx_copy(struct kni_queue *queue, u32 count, struct sk_buff *skb)
{
	int offset = 0;
	u32 i;

	for (i = 0; i < count; i++) {
		const struct kni_entry *entry = &queue->rx_packet[i];
		const void *from = kni_region_at(queue->interface->regions, entry->address,
						 entry->length);

		if (!from || skb_store_bits(skb, offset, from, entry->length))
			return false;
		offset += entry->length;
	}
	return true;
}

static bool kni_rx_segments_known(u8 type)
{
	type &= ~VIRTIO_NET_HDR_GSO_ECN;
	return type == VIRTIO_NET_HDR_GSO_NONE || type == VIRTIO_NET_HDR_GSO_TCPV4 ||
	       type == VIRTIO_NET_HDR_GSO_TCPV6;
}

/* What the owner says of the packet: believed as far as the packet bears it out. */
static bool kni_rx_offload(const struct kni_entry *entry, struct sk_buff *skb)
{
	bool little = virtio_legacy_is_little_endian();
	struct virtio_net_hdr header;

	if (!entry->offload && !entry->gso_type)
		return true;
	header = (struct virtio_net_hdr) {
		.flags = entry->offload,
		.gso_type = entry->gso_type,
		.hdr_len = __cpu_to_virtio16(little, entry->header_length),
		.gso_size = __cpu_to_virtio16(little, entry->gso_size),
		.csum_start = __cpu_to_virtio16(little, entry->checksum_start),
		.csum_offset = __cpu_to_virtio16(little, entry->checksum_offset),
	};

	if (header.flags & ~KNI_RX_OFFLOADS || !kni_rx_segments_known(header.gso_type))
		return false;
	if (header.flags == VIRTIO_NET_HDR_F_DATA_VALID)
		skb->ip_summed = CHECKSUM_UNNECESSARY;
	return !virtio_net_hdr_to_skb(skb, &header, little);
}

static void kni_rx_packet(struct kni_queue *queue, u32 count, u32 lo_mode)
{
	struct net_device *dev = queue->interface->dev;
	struct kni_rx_counters *counters = &queue->rx_counters;
	u32 length = kni_rx_length(queue, count);
	struct sk_buff *skb;

	if (unlikely(!length)) {
		kni_count(&counters->malformed, 1);
		return;
	}
	if (unlikely(lo_mode == KNI_LO_FIFO)) {
		kni_loop_entries(queue, count, length);
		return;
	}
	if (unlikely(!(dev->flags & IFF_UP) && !lo_mode)) {
		kni_count(&counters->dropped, 1);
		return;
	}
	skb = kni_rx_alloc(queue, length);
	if (unlikely(!skb)) {
		kni_count(&counters->no_memory, 1);
		return;
	}
	if (unlikely(!kni_rx_copy(queue, count, skb) ||
		     !kni_rx_offload(&queue->rx_packet[0], skb))) {
		kni_count(&counters->malformed, 1);
		kfree_skb(skb);
		return;
	}
	if (unlikely(lo_mode)) {
		kni_loop_skb(queue, skb);
		return;
	}
	skb->protocol = eth_type_trans(skb, dev);
	skb_record_rx_queue(skb, queue->index);
	kni_count(&counters->packets, 1);
	kni_count(&counters->bytes, length);
	napi_gro_receive(&queue->napi, skb);
}

static void kni_rx_judge(struct kni_queue *queue, int done)
{
	queue->full_polls = done < KNI_MANY_PACKETS ? 0 : queue->full_polls + 1;
	if (queue->full_polls < KNI_FULL_POLLS)
		return;
	queue->full_polls = 0;
	queue->quiet_looks = 0;
	WRITE_ONCE(queue->polled, true);
	kni_thread_wake(queue->interface->thread);
}

/* Asks the owner for a kick, in lo_mode also for new buffers, and looks once more. */
static void kni_rx_arm(struct kni_queue *queue, u32 lo_mode)
{
	if (unlikely(lo_mode))
		kni_want_wakeup(&queue->alloc);
	kni_want_wakeup(&queue->rx);
	if (kni_rx_ready(queue, lo_mode, NULL))
		napi_schedule(&queue->napi);
}

int kni_rx_poll(struct napi_struct *napi, int budget)
{
	struct kni_queue *queue = container_of(napi, struct kni_queue, napi);
	u32 lo_mode = kni_lo_mode();
	u32 ready = kni_rx_ready(queue, lo_mode, &queue->rx_counters.bad_index);
	/* With less than its budget a poll is complete, and the thread's next one its own, not ksoftirqd's. */
	int most = READ_ONCE(queue->polled) ? budget - 1 : budget;
	int done = 0;

	while (done < most && ready) {
		bool whole;
		u32 count = kni_rx_take(queue, ready, &whole);

		ready -= count;
		done++;
		if (likely(whole))
			kni_rx_packet(queue, count, lo_mode);
		else
			kni_count(&queue->rx_counters.malformed, 1);
	}
	if (done) {
		kni_publish(&queue->free);
		kni_consumed(&queue->rx);
	}
	if (!READ_ONCE(queue->polled))
		kni_rx_judge(queue, done);
	if (done < budget && napi_complete_done(napi, done) && !READ_ONCE(queue->polled))
		kni_rx_arm(queue, lo_mode);
	return done;
}
