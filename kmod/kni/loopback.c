// SPDX-License-Identifier: GPL-2.0-only
/*
 * lo_mode: what the owner sends in rx_q comes back to it in tx_q, up or down, and the stack sees none of
 * it. lo_mode_fifo copies from buffer to buffer; lo_mode_fifo_skb goes through two socket buffers, as a
 * packet to the stack and one from it would.
 *
 * Packets wait in rx_q while the owner has no room in tx_q or no buffers, until it kicks for either.
 */
#include <linux/etherdevice.h>

#include "kni.h"

/* How many entries of those that can be taken are likely to find room. */
u32 kni_loop_ready(const struct kni_queue *queue, u32 ready)
{
	ready = min(ready, kni_room(&queue->tx, NULL));
	return min(ready, kni_ready(&queue->alloc, NULL) + READ_ONCE(queue->held));
}

/* Copies the packet to the buffers that are held; returns how many it took, 0 if memory is gone. */
static u32 kni_loop_copy(struct kni_queue *queue, u32 count)
{
	const struct kni_regions *regions = queue->interface->regions;
	struct kni_entry *to = queue->buffers;
	u32 used = 0;
	u32 i;

	for (i = 0; i < count; i++) {
		u64 address = queue->rx_packet[i].address;
		u32 left = queue->rx_packet[i].length;

		while (left) {
			u32 some;
			const void *from;
			void *at;

			if (used == to->length) {
				to++;
				used = 0;
			}
			some = min(left, to->length - used);
			from = kni_region_at(regions, address, some);
			at = kni_region_at(regions, to->address + used, some);
			if (!from || !at)
				return 0;
			/* The owner may have named the same memory twice. */
			memmove(at, from, some);
			address += some;
			left -= some;
			used += some;
		}
	}
	to->length = used;
	return to - queue->buffers + 1;
}

static void kni_loop_put(struct kni_queue *queue, u32 count)
{
	const struct kni_entry *first = &queue->rx_packet[0];
	u32 i;

	for (i = 0; i < count; i++) {
		struct kni_entry entry = i ? (struct kni_entry){} : *first;

		entry.cookie = queue->buffers[i].cookie;
		entry.address = queue->buffers[i].address;
		entry.length = queue->buffers[i].length;
		entry.flags = i + 1 < count ? KNI_ENTRY_MORE : 0;
		kni_put(&queue->tx, &entry);
	}
}

/* The Tx queue is locked. */
static bool kni_loop_through(struct kni_queue *queue, u32 count, u32 length)
{
	u32 ready = kni_ready(&queue->alloc, &queue->tx_counters.bad_index);
	u32 room = kni_room(&queue->tx, &queue->tx_counters.bad_index);
	u32 buffers = kni_tx_collect(queue, length, &ready);
	u32 used;

	if (!buffers || buffers > room)
		return false;
	used = kni_loop_copy(queue, count);
	if (used)
		kni_loop_put(queue, used);
	kni_tx_forget(queue, buffers);
	return used;
}

/* lo_mode_fifo, of the packet of so many entries that was taken last. */
void kni_loop_entries(struct kni_queue *queue, u32 count, u32 length)
{
	struct netdev_queue *txq = netdev_get_tx_queue(queue->interface->dev, queue->index);

	__netif_tx_lock(txq, smp_processor_id());
	if (kni_loop_through(queue, count, length)) {
		kni_count(&queue->rx_counters.packets, 1);
		kni_count(&queue->rx_counters.bytes, length);
		kni_count(&queue->tx_counters.packets, 1);
		kni_count(&queue->tx_counters.bytes, length);
	} else {
		kni_count(&queue->tx_counters.dropped, 1);
	}
	kni_tx_show(queue);
	__netif_tx_unlock(txq);
}

/* lo_mode_fifo_skb, of a packet without what the owner said of its checksums. */
void kni_loop_skb(struct kni_queue *queue, struct sk_buff *skb)
{
	struct netdev_queue *txq = netdev_get_tx_queue(queue->interface->dev, queue->index);
	struct sk_buff *sent = skb_copy(skb, GFP_ATOMIC);

	kni_count(&queue->rx_counters.packets, 1);
	kni_count(&queue->rx_counters.bytes, skb->len);
	consume_skb(skb);
	if (!sent) {
		kni_count(&queue->rx_counters.no_memory, 1);
		return;
	}
	skb_set_queue_mapping(sent, queue->index);
	__netif_tx_lock(txq, smp_processor_id());
	if (kni_xmit(sent, queue->interface->dev) == NETDEV_TX_BUSY) {
		kni_count(&queue->tx_counters.dropped, 1);
		kfree_skb(sent);
	}
	__netif_tx_unlock(txq);
}
