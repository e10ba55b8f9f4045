// SPDX-License-Identifier: GPL-2.0-only
/*
 * From the kernel's stack to the owner: packets are copied into buffers of alloc_q and shown in tx_q.
 * When the owner has no room the queue stops, so that the stack waits and not the packet is lost; the
 * owner's next KNI_IOC_KICK starts it.
 */
#include <linux/etherdevice.h>
#include <linux/virtio_net.h>

#include "kni.h"

/* Whether what the queue stopped for may be there; from any context. */
static bool kni_tx_may_go(const struct kni_queue *queue)
{
	if (READ_ONCE(queue->lacks_buffers) && !kni_ready(&queue->alloc, NULL))
		return false;
	return kni_room(&queue->tx, NULL) >= READ_ONCE(queue->lacks_room);
}

/* From any context, after the owner has made room. */
void kni_tx_resume(struct kni_queue *queue)
{
	struct netdev_queue *txq = netdev_get_tx_queue(queue->interface->dev, queue->index);

	if (netif_tx_queue_stopped(txq) && netif_running(queue->interface->dev) &&
	    kni_tx_may_go(queue))
		netif_tx_wake_queue(txq);
}

static void kni_tx_stop(struct kni_queue *queue, struct netdev_queue *txq, bool buffers, u32 room)
{
	WRITE_ONCE(queue->lacks_buffers, buffers);
	WRITE_ONCE(queue->lacks_room, room);
	smp_mb__before_atomic();
	netif_tx_stop_queue(txq);
	kni_count(&queue->tx_counters.stopped, 1);
	kni_want_wakeup(&queue->alloc);
	/* The owner may have made room before it could see that. */
	if (kni_tx_may_go(queue))
		netif_tx_start_queue(txq);
}

void kni_tx_show(struct kni_queue *queue)
{
	struct eventfd_ctx *event;

	kni_consumed(&queue->alloc);
	kni_publish(&queue->tx);
	if (!kni_wakeup_wanted(&queue->tx))
		return;
	event = rcu_dereference_bh(queue->event);
	if (!event)
		return;
#ifdef KNI_HAS_EVENTFD_SIGNAL_COUNT
	eventfd_signal(event, 1);
#else
	eventfd_signal(event);
#endif
	kni_count(&queue->tx_counters.signals, 1);
}

/* Takes the next buffer that is one from alloc_q, whose entries that can be taken are counted down. */
static bool kni_tx_hold(struct kni_queue *queue, u32 *ready)
{
	struct kni_entry *entry = &queue->buffers[queue->held];

	while (*ready && queue->held < KNI_MAX_SEGMENTS) {
		kni_peek(&queue->alloc, 0, entry);
		kni_skip(&queue->alloc, 1);
		--*ready;
		if (likely(entry->length && kni_region_at(queue->interface->regions, entry->address,
							  entry->length))) {
			queue->held++;
			return true;
		}
		kni_count(&queue->tx_counters.malformed, 1);
	}
	return false;
}

/* How many buffers hold length bytes; 0 if there are not enough, and what there is stays held. */
u32 kni_tx_collect(struct kni_queue *queue, u32 length, u32 *ready)
{
	u64 bytes = 0;
	u32 count = 0;

	while (bytes < length) {
		if (count == queue->held && !kni_tx_hold(queue, ready))
			return 0;
		bytes += queue->buffers[count++].length;
	}
	return count;
}

static bool kni_tx_copy(struct kni_queue *queue, const struct sk_buff *skb, u32 count)
{
	u32 offset = 0;
	u32 i;

	for (i = 0; i < count; i++) {
		struct kni_entry *entry = &queue->buffers[i];
		u32 some = min(entry->length, skb->len - offset);
		void *to = kni_region_at(queue->interface->regions, entry->address, some);

		if (!to || skb_copy_bits(skb, offset, to, some))
			return false;
		entry->length = some;
		offset += some;
	}
	return true;
}

/* The first so many buffers are no longer held. */
void kni_tx_forget(struct kni_queue *queue, u32 count)
{
	queue->held -= count;
	memmove(queue->buffers, queue->buffers + count, queue->held * sizeof(*queue->buffers));
}

static bool kni_tx_put(struct kni_queue *queue, const struct sk_buff *skb, u32 count)
{
	bool little = virtio_legacy_is_little_endian();
	struct virtio_net_hdr header;
	u32 i;

	if (virtio_net_hdr_from_skb(skb, &header, little, true, 0))
		return false;
	for (i = 0; i < count; i++) {
		const struct kni_entry *buffer = &queue->buffers[i];
		struct kni_entry entry = {
			.cookie = buffer->cookie,
			.address = buffer->address,
			.length = buffer->length,
			.flags = i + 1 < count ? KNI_ENTRY_MORE : 0,
		};

		if (!i) {
			entry.offload = header.flags;
			entry.gso_type = header.gso_type;
			entry.header_length = __virtio16_to_cpu(little, header.hdr_len);
			entry.gso_size = __virtio16_to_cpu(little, header.gso_size);
			entry.checksum_start = __virtio16_to_cpu(little, header.csum_start);
			entry.checksum_offset = __virtio16_to_cpu(little, header.csum_offset);
		}
		kni_put(&queue->tx, &entry);
	}
	return true;
}

/* Packets that were queued when the owner took more than it does now. */
static bool kni_tx_agree(const struct kni_interface *interface, struct sk_buff *skb)
{
	netdev_features_t taken = READ_ONCE(interface->taken);

	/* Of one that came from elsewhere than a socket the stack has checked the headers by now. */
	if (skb_is_gso(skb))
		return net_gso_ok(taken | NETIF_F_GSO_ROBUST, skb_shinfo(skb)->gso_type);
	if (skb->ip_summed == CHECKSUM_PARTIAL && !(taken & NETIF_F_HW_CSUM))
		return !skb_checksum_help(skb);
	return true;
}

static netdev_tx_t kni_tx_drop(struct kni_queue *queue, struct sk_buff *skb)
{
	kni_count(&queue->tx_counters.dropped, 1);
	dev_kfree_skb_any(skb);
	if (!netdev_xmit_more())
		kni_tx_show(queue);
	return NETDEV_TX_OK;
}

static netdev_tx_t kni_tx_wait(struct kni_queue *queue, struct sk_buff *skb,
			       struct netdev_queue *txq, u32 count)
{
	/* More buffers would not help a packet that the most that it may have do not hold. */
	if (!count && queue->held == KNI_MAX_SEGMENTS)
		return kni_tx_drop(queue, skb);
	kni_tx_show(queue);
	kni_tx_stop(queue, txq, !count, count);
	return NETDEV_TX_BUSY;
}

netdev_tx_t kni_xmit(struct sk_buff *skb, struct net_device *dev)
{
	struct kni_interface *interface = netdev_priv(dev);
	u16 index = skb_get_queue_mapping(skb);
	struct kni_queue *queue = &interface->queues[index];
	struct netdev_queue *txq = netdev_get_tx_queue(dev, index);
	struct kni_tx_counters *counters = &queue->tx_counters;
	u32 ready = kni_ready(&queue->alloc, &counters->bad_index);
	u32 room = kni_room(&queue->tx, &counters->bad_index);
	u32 count;

	if (unlikely(!kni_tx_agree(interface, skb)))
		return kni_tx_drop(queue, skb);
	count = kni_tx_collect(queue, skb->len, &ready);
	if (unlikely(!count || count > room))
		return kni_tx_wait(queue, skb, txq, count);
	if (unlikely(!kni_tx_copy(queue, skb, count) || !kni_tx_put(queue, skb, count))) {
		kni_count(&counters->malformed, count);
		kni_tx_forget(queue, count);
		return kni_tx_drop(queue, skb);
	}
	kni_tx_forget(queue, count);
	kni_count(&counters->packets, 1);
	kni_count(&counters->bytes, skb->len);
	skb_tx_timestamp(skb);
	dev_consume_skb_any(skb);
	if (unlikely((!ready && !queue->held) || count == room)) {
		kni_tx_show(queue);
		kni_tx_stop(queue, txq, !ready && !queue->held, 1);
	} else if (!netdev_xmit_more()) {
		kni_tx_show(queue);
	}
	return NETDEV_TX_OK;
}
