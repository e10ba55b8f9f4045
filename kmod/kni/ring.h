/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The rings as the kernel sees them. Its own index is in its own memory and only ever written to the
 * shared one; what user space writes is read once and checked. The letters are those of
 * uapi/vpmd/kni.h.
 */
#ifndef KNI_RING_H
#define KNI_RING_H

#include <linux/types.h>
#include <asm/barrier.h>

#include <vpmd/kni.h>

struct kni_consumer {
	struct kni_ring *ring;
	struct kni_entry *entries;
	u32 size;
	u32 next;
};

struct kni_producer {
	struct kni_ring *ring;
	struct kni_entry *entries;
	u32 size;
	u32 next;
};

/* Entries that can be taken (B); none if the index makes no sense, which is added to bad. */
static inline u32 kni_ready(const struct kni_consumer *from, u64 *bad)
{
	u32 ready = smp_load_acquire(&from->ring->producer) - READ_ONCE(from->next);

	if (likely(ready <= from->size))
		return ready;
	if (bad)
		WRITE_ONCE(*bad, *bad + 1);
	return 0;
}

/* Entries that can be put (D). */
static inline u32 kni_room(const struct kni_producer *to, u64 *bad)
{
	u32 used = READ_ONCE(to->next) - smp_load_acquire(&to->ring->consumer);

	if (likely(used <= to->size))
		return to->size - used;
	if (bad)
		WRITE_ONCE(*bad, *bad + 1);
	return 0;
}

/* Copies the entry that is ahead of the next one by so much, each word of it once. */
static inline void kni_peek(const struct kni_consumer *from, u32 ahead, struct kni_entry *to)
{
	const u64 *words = (const u64 *)&from->entries[(from->next + ahead) & (from->size - 1)];
	u64 *copy = (u64 *)to;
	unsigned int i;

	BUILD_BUG_ON(sizeof(*to) != 4 * sizeof(u64));
	for (i = 0; i < 4; i++)
		copy[i] = READ_ONCE(words[i]);
}

static inline void kni_skip(struct kni_consumer *from, u32 count)
{
	WRITE_ONCE(from->next, from->next + count);
}

/* Gives back what was taken (C). */
static inline void kni_consumed(struct kni_consumer *from)
{
	smp_store_release(&from->ring->consumer, from->next);
}

static inline void kni_put(struct kni_producer *to, const struct kni_entry *entry)
{
	to->entries[to->next & (to->size - 1)] = *entry;
	WRITE_ONCE(to->next, to->next + 1);
}

/* Shows what was put (A). */
static inline void kni_publish(struct kni_producer *to)
{
	smp_store_release(&to->ring->producer, to->next);
}

/* Asks to be woken when entries arrive (F); the caller looks once more. */
static inline void kni_want_wakeup(struct kni_consumer *from)
{
	WRITE_ONCE(from->ring->need_wakeup, 1);
	smp_mb();
}

/* Whether the other side is to be woken for what was published (E). */
static inline bool kni_wakeup_wanted(struct kni_producer *to)
{
	smp_mb();
	return READ_ONCE(to->ring->need_wakeup) && xchg(&to->ring->need_wakeup, 0);
}

#endif
