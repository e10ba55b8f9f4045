// SPDX-License-Identifier: Apache-2.0
/*
 * Receive, touch one byte, send, on descriptor rings of the 82576 in ordinary memory: the yardstick
 * for net_igb's burst path. One thread, scalar, with prefetches, one report (RS) a burst and every
 * 32 descriptors within one.
 *
 *   igbloop BURST SECONDS
 *
 * The other side of the rings is a stub that does as little as it can: it marks receive descriptors
 * as written back and those transmit descriptors as done that ask for it. At the end one line of
 * JSON tells the nanoseconds a packet, stub included: the median of slices of the time, and the least.
 */
#define _GNU_SOURCE
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>

#define RING 512
#define MASK (RING - 1)
#define BUFFERS 2048
#define HEADROOM 128
#define STRIDE 2240
#define FRAME 60
#define MAX_FRAME 1518
#define MIN_FRAME 17
#define REPORT_STEP 32
#define CLEAN_STEP 64
#define TAIL_STEP 32
#define ROUND 64
#define SLICES 15
#define BULK 64
#define CACHE_MAX (4 * BULK)

#define RX_DD 1u
#define RX_EOP 2u
#define RX_LENGTH_SHIFT 32
#define TX_DATA (3ull << 20 | 1ull << 29 | 1ull << 25 | 1ull << 24)
#define TX_RS (1ull << 27)
#define TX_DD (1ull << 32)
#define TX_PAYLEN_SHIFT 46

struct pool;

/* A view of one buffer, in cache lines of its own. */
struct mbuf {
	uint8_t *buffer;
	uint64_t bus;
	uint16_t data_offset;
	uint16_t references;
	uint16_t segments;
	uint16_t port;
	uint64_t flags;
	uint32_t type;
	uint32_t packet_length;
	uint16_t length;
	uint16_t vlan;
	uint32_t hash;
	struct pool *pool;
	struct mbuf *next;
} __attribute__((aligned(64)));

struct desc {
	uint64_t low;
	uint64_t high;
};

/*
 * Free buffers: those that all threads share, in bulks that move with one compare-and-set of the
 * count, and those at hand for this thread.
 */
struct pool {
	struct mbuf *cache[CACHE_MAX];
	uint32_t cached;
	uint32_t shared __attribute__((aligned(64)));
	struct mbuf *bulks[BUFFERS];
};

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

struct stub {
	struct desc *rx;
	struct desc *tx;
	volatile uint32_t *rx_tail;
	volatile uint32_t *tx_tail;
	uint32_t rx_head;
	uint32_t tx_head;
};

static const uint32_t checksum_flags[16] = {0, 0x10, 0x40, 0x50, 0, 0x20, 0x40, 0x60,
					    0, 0x10, 0x80, 0x90, 0, 0x20, 0x80, 0xa0};

/* What the device says about the headers, as the application has it. */
static uint32_t packet_types[128];

static __attribute__((noinline)) int refill(struct pool *pool)
{
	uint32_t now = __atomic_load_n(&pool->shared, __ATOMIC_ACQUIRE);

	do {
		if (now == 0)
			return 0;
	} while (!__atomic_compare_exchange_n(&pool->shared, &now, now - BULK, 0, __ATOMIC_ACQ_REL,
					      __ATOMIC_ACQUIRE));
	memcpy(pool->cache, &pool->bulks[now - BULK], BULK * sizeof(struct mbuf *));
	pool->cached = BULK;
	return 1;
}

static __attribute__((noinline)) void flush(struct pool *pool)
{
	uint32_t now = __atomic_load_n(&pool->shared, __ATOMIC_ACQUIRE);

	pool->cached -= BULK;
	memcpy(&pool->bulks[now], &pool->cache[pool->cached], BULK * sizeof(struct mbuf *));
	__atomic_compare_exchange_n(&pool->shared, &now, now + BULK, 0, __ATOMIC_ACQ_REL,
				    __ATOMIC_ACQUIRE);
}

static inline struct mbuf *take(struct pool *pool)
{
	if (pool->cached == 0 && !refill(pool))
		return NULL;
	return pool->cache[--pool->cached];
}

/* The last reference, and a packet of one buffer, as one leaves a driver. */
static inline void give_back(struct mbuf *m)
{
	struct pool *pool = m->pool;

	if (__builtin_expect(m->references != 1, 0)) {
		m->references--;
		return;
	}
	if (__builtin_expect(m->next != NULL, 0)) {
		m->next = NULL;
		m->segments = 1;
	}
	if (pool->cached == CACHE_MAX)
		flush(pool);
	pool->cache[pool->cached++] = m;
}

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
		m->port = 1;
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

/* Lets the device receive count packets and finish what it was given to send. */
static void complete(struct stub *s, uint32_t count)
{
	uint32_t tail = *s->rx_tail;

	while (count-- > 0 && s->rx_head != tail) {
		struct desc *d = &s->rx[s->rx_head];

		d->low = 0x10;
		__atomic_store_n(&d->high, RX_DD | RX_EOP | (uint64_t)FRAME << RX_LENGTH_SHIFT,
				 __ATOMIC_RELEASE);
		s->rx_head = (s->rx_head + 1) & MASK;
	}
	tail = *s->tx_tail;
	while (s->tx_head != tail) {
		struct desc *d = &s->tx[s->tx_head];

		if (d->high & TX_RS)
			__atomic_store_n(&d->high, d->high | TX_DD, __ATOMIC_RELEASE);
		s->tx_head = (s->tx_head + 1) & MASK;
	}
}

static void *map(size_t bytes)
{
	void *p = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS | MAP_POPULATE,
		       -1, 0);

	if (p == MAP_FAILED) {
		perror("igbloop: mmap");
		exit(1);
	}
	return p;
}

static uint64_t nanos(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* Packets of one round of ROUND. */
static uint32_t round_once(struct stub *s, struct rx *rx, struct tx *tx, uint32_t burst)
{
	struct mbuf *packets[ROUND];
	uint32_t sum = 0;

	for (uint32_t at = 0; at < ROUND; at += burst) {
		complete(s, burst);
		uint32_t n = rx_burst(rx, packets, burst);

		for (uint32_t i = 0; i < n; i++)
			packets[i]->buffer[packets[i]->data_offset] ^= 2;
		sum += tx_burst(tx, packets, n);
	}
	return sum;
}

static struct pool pool;
static struct rx rx;
static struct tx tx;
static volatile uint32_t registers[16];

static void prepare(struct stub *s)
{
	uint8_t *memory = map((size_t)BUFFERS * STRIDE);
	struct mbuf *mbufs = map(BUFFERS * sizeof(struct mbuf));

	for (uint32_t i = 0; i < BUFFERS; i++) {
		mbufs[i].buffer = memory + (size_t)i * STRIDE;
		mbufs[i].bus = (1ull << 32) + (uint64_t)i * STRIDE;
		mbufs[i].references = 1;
		mbufs[i].segments = 1;
		mbufs[i].pool = &pool;
		pool.bulks[BUFFERS - 1 - i] = &mbufs[i];
	}
	for (uint32_t i = 0; i < 128; i++)
		packet_types[i] = i << 4 | 1;
	pool.shared = BUFFERS;
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
	*s = (struct stub){rx.ring, tx.ring, rx.tail, tx.tail, 0, 0};
}

int main(int argc, char **argv)
{
	uint32_t burst = argc == 3 ? (uint32_t)atoi(argv[1]) : 0;
	double seconds = argc == 3 ? atof(argv[2]) : 0;
	double slices[SLICES];
	struct stub stub;

	if (burst == 0 || burst > ROUND || ROUND % burst != 0 || !(seconds > 0)) {
		fprintf(stderr, "usage: igbloop BURST SECONDS; BURST divides %d\n", ROUND);
		return 2;
	}
	prepare(&stub);
	for (int i = -1; i < SLICES; i++) {
		uint64_t start = nanos(), now = start, packets = 0;
		uint64_t end = start + (uint64_t)(seconds * 1e9 / SLICES);

		while (now < end) {
			for (int k = 0; k < 1000; k++)
				packets += round_once(&stub, &rx, &tx, burst);
			now = nanos();
		}
		if (packets == 0 || packets % ROUND != 0) {
			fprintf(stderr, "igbloop: packets were lost\n");
			return 1;
		}
		/* The first slice warms up. */
		if (i >= 0)
			slices[i] = (double)(now - start) / (double)packets;
	}
	qsort(slices, SLICES, sizeof(slices[0]), compare);
	printf("{\"burst\":%u,\"nanosPerPacket\":%.3f,\"least\":%.3f}\n", burst, slices[SLICES / 2],
	       slices[0]);
	return 0;
}
