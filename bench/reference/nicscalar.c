// SPDX-License-Identifier: Apache-2.0
/*
 * Receive, touch one byte, send, on descriptor rings of the 82576 or 82599 in ordinary memory: the
 * yardstick for the burst path of net_igb and net_ixgbe. One thread, scalar, with prefetches; per
 * packet the same work as theirs, one report (RS) a burst and every 32 descriptors within one.
 *
 *   nicscalar BURST SECONDS
 */
#include "nicpool.h"
#include "nicstub.h"

#define MAX_FRAME 1518
#define MIN_FRAME 17
#define REPORT_STEP 32
#define CLEAN_STEP 64
#define TAIL_STEP 32

struct rx {
	struct desc *ring;
	volatile uint32_t *tail;
	struct pool *pool;
	uint32_t next;
	uint32_t taken;
	uint64_t packets;
	uint64_t bytes;
	struct mbuf *buffers[RING];
};

struct tx {
	struct desc *ring;
	volatile uint32_t *tail;
	struct pool *pool;
	uint32_t next;
	uint32_t done;
	uint32_t made;
	uint32_t seen;
	uint32_t unreported;
	uint32_t refused;
	uint64_t packets;
	uint64_t bytes;
	struct mbuf *buffers[RING];
	uint32_t reports[RING];
};

static const uint32_t checksum_flags[16] = {0, 0x10, 0x40, 0x50, 0, 0x20, 0x40, 0x60,
					    0, 0x10, 0x80, 0x90, 0, 0x20, 0x80, 0xa0};

/* What the device says about the headers, as the application has it. */
static uint32_t packet_types[128];

static uint32_t rx_burst(struct rx *q, struct mbuf **into, uint32_t max)
{
	struct desc *ring = q->ring;
	uint32_t slot = q->next;
	uint32_t n = 0;
	uint64_t bytes = 0;

	while (n < max) {
		struct desc *d = &ring[slot];
		uint64_t back = __atomic_load_n(&d->high, __ATOMIC_ACQUIRE);

		if (!(back & RX_DD))
			break;
		__builtin_prefetch(q->buffers[(slot + 4) & MASK]);
		uint64_t head = d->low;
		struct mbuf *fresh = take(q->pool);
		struct mbuf *m = q->buffers[slot];

		if (!fresh)
			break;

		q->buffers[slot] = fresh;
		d->low = fresh->bus + HEADROOM;
		d->high = 0;
		__builtin_prefetch(m->buffer + HEADROOM);
		m->data_offset = HEADROOM;
		m->length = (uint16_t)(back >> RX_LENGTH_SHIFT);
		m->packet_length = m->length;
		m->flags = checksum_flags[(back >> 5 & 3) | (back >> 27 & 12)];
		m->type = packet_types[head >> 4 & 0x7f];
		m->hash = (uint32_t)(head >> 32);
		m->vlan = (uint16_t)(back >> 48);
		m->port = PORT;
		m->segments = 1;
		m->next = NULL;
		bytes += m->length;
		into[n++] = m;
		slot = (slot + 1) & MASK;
	}
	q->next = slot;
	q->taken += n;
	q->packets += n;
	q->bytes += bytes;
	if (q->taken >= TAIL_STEP) {
		q->taken = 0;
		__atomic_store_n(q->tail, (slot - 1) & MASK, __ATOMIC_RELEASE);
	}
	return n;
}

static void clean(struct tx *q)
{
	while (q->seen != q->made) {
		uint32_t end = q->reports[q->seen & MASK];

		if (!(__atomic_load_n(&q->ring[(end - 1) & MASK].high, __ATOMIC_ACQUIRE) & TX_DD))
			return;
		q->seen++;
		while (q->done != end)
			give_back(q->buffers[q->done++ & MASK]);
	}
}

static void report(struct tx *q)
{
	q->ring[(q->next - 1) & MASK].high |= TX_RS;
	q->reports[q->made++ & MASK] = q->next;
	q->unreported = 0;
}

static uint32_t tx_burst(struct tx *q, struct mbuf **from, uint32_t count)
{
	uint32_t n = 0;
	uint64_t bytes = 0;

	if (q->next - q->done >= CLEAN_STEP)
		clean(q);
	while (n < count && MASK - (q->next - q->done) > 0) {
		struct mbuf *m = from[n++];

		if (m->flags & 0xffff0000 || m->segments != 1 || m->packet_length > MAX_FRAME ||
		    m->packet_length < MIN_FRAME) {
			q->refused++;
			give_back(m);
			continue;
		}
		uint32_t slot = q->next++ & MASK;

		q->ring[slot].low = m->bus + m->data_offset;
		q->ring[slot].high = TX_DATA | m->length | (uint64_t)m->packet_length << TX_PAYLEN_SHIFT;
		q->buffers[slot] = m;
		bytes += m->packet_length;
		if (++q->unreported >= REPORT_STEP)
			report(q);
	}
	if (q->unreported)
		report(q);
	q->packets += n;
	q->bytes += bytes;
	__atomic_store_n(q->tail, q->next & MASK, __ATOMIC_RELEASE);
	return n;
}

static struct pool pool;
static struct rx rx;
static struct tx tx;
static struct stub stub;
static volatile uint32_t registers[16];

static void prepare(void)
{
	fill(&pool);
	for (uint32_t i = 0; i < 128; i++)
		packet_types[i] = i << 4 | 1;
	rx.ring = map(RING * sizeof(struct desc));
	rx.tail = &registers[0];
	rx.pool = &pool;
	for (uint32_t i = 0; i < RING; i++) {
		rx.buffers[i] = take(&pool);
		rx.ring[i].low = rx.buffers[i]->bus + HEADROOM;
	}
	*rx.tail = MASK;
	tx.ring = map(RING * sizeof(struct desc));
	tx.tail = &registers[8];
	tx.pool = &pool;
	stub = (struct stub){rx.ring, tx.ring, rx.tail, tx.tail, 0, 0};
}

static uint64_t rounds(uint32_t burst, uint32_t count)
{
	struct mbuf *packets[ROUND];
	uint64_t sum = 0;

	while (count-- > 0) {
		for (uint32_t at = 0; at < ROUND; at += burst) {
			complete(&stub, burst);
			uint32_t n = rx_burst(&rx, packets, burst);

			for (uint32_t i = 0; i < n; i++)
				packets[i]->buffer[packets[i]->data_offset] ^= 2;
			sum += tx_burst(&tx, packets, n);
		}
	}
	return sum;
}

int main(int argc, char **argv)
{
	uint32_t burst;
	double seconds;

	if (argc != 3) {
		fprintf(stderr, "usage: nicscalar BURST SECONDS\n");
		return 2;
	}
	arguments("nicscalar", argv[1], argv[2], &burst, &seconds);
	prepare();
	return measure("nicscalar", burst, seconds, rounds);
}
