// SPDX-License-Identifier: Apache-2.0
/*
 * Receive, touch one byte, send, on descriptor rings of the 82599 in ordinary memory, with AVX2 and
 * four descriptors at a time: how fast it can be where the caller promises what nobody checks then,
 * packets of one buffer, without requests to the device and of a length that it takes.
 *
 *   nicvector BURST SECONDS        BURST is a multiple of 4
 */
#include <immintrin.h>
#include <stddef.h>

#include "nicpool.h"
#include "nicstub.h"

#define GROUP 4
#define STEP 32
#define CLEAN_STEP 64

struct rx {
	struct desc *ring;
	volatile uint32_t *tail;
	struct pool *pool;
	uint32_t next;
	uint32_t empty;
	uint32_t first_empty;
	struct mbuf *buffers[RING];
};

struct tx {
	struct desc *ring;
	volatile uint32_t *tail;
	struct pool *pool;
	uint32_t next;
	uint32_t done;
	struct mbuf *buffers[RING];
};

static struct pool pool;
static struct rx rx;
static struct tx tx;
static struct stub stub;
static volatile uint32_t registers[32];
static uint32_t packet_types[128];

/*
 * One store of 32 bytes gives a received buffer all it has: data_offset up to flags are the first
 * half, packet type up to hash the second.
 */
_Static_assert(offsetof(struct mbuf, data_offset) == 16, "first half of the store");
_Static_assert(offsetof(struct mbuf, flags) == 24, "first half of the store");
_Static_assert(offsetof(struct mbuf, type) == 32, "second half of the store");
_Static_assert(offsetof(struct mbuf, hash) == 44, "second half of the store");
_Static_assert(sizeof(struct mbuf) == 64, "one cache line");

/* Gives STEP buffers to the device. */
static __attribute__((noinline)) void refill_ring(struct rx *q)
{
	struct pool *p = q->pool;
	struct mbuf **into = &q->buffers[q->first_empty];
	struct desc *d = &q->ring[q->first_empty];

	/* Buffers come and go in steps, of which a bulk has two: none is at hand when less is. */
	if (p->cached < STEP && !refill(p))
		return;
	p->cached -= STEP;
	memcpy(into, &p->cache[p->cached], STEP * sizeof(into[0]));
	for (uint32_t i = 0; i < STEP; i += 2) {
		__m256i two = _mm256_set_epi64x(0, (long long)(into[i + 1]->bus + HEADROOM), 0,
						(long long)(into[i]->bus + HEADROOM));

		_mm256_store_si256((__m256i *)&d[i], two);
	}
	q->first_empty = (q->first_empty + STEP) & MASK;
	q->empty -= STEP;
	__atomic_store_n(q->tail, (q->first_empty - 1) & MASK, __ATOMIC_RELEASE);
}

/* What the device says of the checksums, as a byte a packet: bits 5 and 6, 29 and 30 of status. */
static inline __m128i checksum_flags(__m128i status)
{
	const __m128i table = _mm_setr_epi8(0, 0x10, 0x40, 0x50, 0, 0x20, 0x40, 0x60, 0, 0x10,
					    (char)0x80, (char)0x90, 0, 0x20, (char)0x80,
					    (char)0xa0);
	__m128i done = _mm_and_si128(_mm_srli_epi32(status, 5), _mm_set1_epi32(3));
	__m128i wrong = _mm_and_si128(_mm_srli_epi32(status, 27), _mm_set1_epi32(12));
	/* The other bytes of an index have their top bit set, which makes them 0. */
	__m128i index = _mm_or_si128(_mm_or_si128(done, wrong), _mm_set1_epi32((int)0x80808000));

	return _mm_shuffle_epi8(table, index);
}

/* Takes whole groups: what is less waits for more. */
static uint32_t rx_burst(struct rx *q, struct mbuf **into, uint32_t max)
{
	/* -1 makes a byte 0. */
	const __m256i fields = _mm256_broadcastsi128_si256(_mm_setr_epi8(
		-1, -1, -1, -1, 12, 13, -1, -1, 12, 13, 14, 15, 4, 5, 6, 7));
	const __m128i fresh = _mm_set_epi64x(0, (long long)((uint64_t)PORT << 48 | 1ull << 32 |
							    1ull << 16 | HEADROOM));
	uint32_t n = 0;

	if (q->empty >= STEP)
		refill_ring(q);
	while (n < max) {
		uint32_t slot = q->next;
		struct desc *d = &q->ring[slot];
		struct mbuf **from = &q->buffers[slot];
		/* The later ones first: a descriptor that is done has done ones before it. */
		__m256i d23 = _mm256_load_si256((const __m256i *)&d[2]);

		__asm__ volatile("" ::: "memory");
		__m256i d01 = _mm256_load_si256((const __m256i *)&d[0]);
		__m128i d0 = _mm256_castsi256_si128(d01), d1 = _mm256_extracti128_si256(d01, 1);
		__m128i d2 = _mm256_castsi256_si128(d23), d3 = _mm256_extracti128_si256(d23, 1);
		__m128i status = _mm_unpacklo_epi64(_mm_unpackhi_epi32(d0, d1),
						    _mm_unpackhi_epi32(d2, d3));

		if (_mm_movemask_ps(_mm_castsi128_ps(_mm_slli_epi32(status, 31))) != 15)
			break;
		__m128i heads = _mm_unpacklo_epi64(_mm_unpacklo_epi32(d0, d1),
						   _mm_unpacklo_epi32(d2, d3));
		for (uint32_t i = 0; i < GROUP; i++)
			__builtin_prefetch(q->buffers[(slot + GROUP + i) & MASK]);
		__m128i flags = checksum_flags(status);
		__m128i types = _mm_and_si128(_mm_srli_epi32(heads, 4), _mm_set1_epi32(0x7f));
		__m256i r01 = _mm256_shuffle_epi8(d01, fields);
		__m256i r23 = _mm256_shuffle_epi8(d23, fields);
		__m128i f01 = _mm_unpacklo_epi32(flags, _mm_setzero_si128());
		__m128i f23 = _mm_unpackhi_epi32(flags, _mm_setzero_si128());
		__m128i second[GROUP] = {
			_mm_insert_epi32(_mm256_castsi256_si128(r01),
					 (int)packet_types[_mm_extract_epi32(types, 0)], 0),
			_mm_insert_epi32(_mm256_extracti128_si256(r01, 1),
					 (int)packet_types[_mm_extract_epi32(types, 1)], 0),
			_mm_insert_epi32(_mm256_castsi256_si128(r23),
					 (int)packet_types[_mm_extract_epi32(types, 2)], 0),
			_mm_insert_epi32(_mm256_extracti128_si256(r23, 1),
					 (int)packet_types[_mm_extract_epi32(types, 3)], 0),
		};
		__m128i first[GROUP] = {
			_mm_unpacklo_epi64(fresh, f01),
			_mm_blend_epi16(fresh, f01, 0xf0),
			_mm_unpacklo_epi64(fresh, f23),
			_mm_blend_epi16(fresh, f23, 0xf0),
		};
		for (uint32_t i = 0; i < GROUP; i++) {
			struct mbuf *m = from[i];

			_mm256_storeu_si256((__m256i *)&m->data_offset,
					    _mm256_set_m128i(second[i], first[i]));
			__builtin_prefetch(m->buffer + HEADROOM, 1);
			into[n + i] = m;
		}
		n += GROUP;
		q->next = (slot + GROUP) & MASK;
	}
	q->empty += n;
	return n;
}

/* Takes back STEP buffers that have been sent. */
static inline void give_back_step(struct pool *p, struct mbuf **from)
{
	if (p->cached + STEP > CACHE_MAX)
		flush(p);
	for (uint32_t i = 0; i < STEP; i++) {
		struct mbuf *m = from[i];

		if (__builtin_expect(m->references != 1 || m->next != NULL || m->pool != p, 0))
			give_back(m);
		else
			p->cache[p->cached++] = m;
	}
}

static void clean(struct tx *q)
{
	while (q->next - q->done >= STEP) {
		uint32_t slot = q->done & MASK;

		if (!(__atomic_load_n(&q->ring[slot + STEP - 1].high, __ATOMIC_ACQUIRE) & TX_DD))
			return;
		q->done += STEP;
		give_back_step(q->pool, &q->buffers[slot]);
	}
}

static inline __m128i data(const struct mbuf *m)
{
	return _mm_set_epi64x((long long)(TX_DATA | m->length |
					  (uint64_t)m->packet_length << TX_PAYLEN_SHIFT),
			      (long long)(m->bus + m->data_offset));
}

/* The count is a multiple of GROUP, as what was received. */
static uint32_t tx_burst(struct tx *q, struct mbuf **from, uint32_t count)
{
	if (q->next - q->done >= CLEAN_STEP)
		clean(q);
	if (count > MASK - (q->next - q->done))
		count = (MASK - (q->next - q->done)) & ~(uint32_t)(GROUP - 1);
	for (uint32_t n = 0; n < count; n += GROUP) {
		uint32_t slot = q->next & MASK;
		__m256i *d = (__m256i *)&q->ring[slot];
		__m256i d01 = _mm256_set_m128i(data(from[n + 1]), data(from[n]));
		__m256i d23 = _mm256_set_m128i(data(from[n + 3]), data(from[n + 2]));

		q->next += GROUP;
		/* One report every STEP descriptors, at the end of the step. */
		if (q->next % STEP == 0)
			d23 = _mm256_or_si256(d23, _mm256_set_epi64x((long long)TX_RS, 0, 0, 0));
		_mm256_store_si256(&d[0], d01);
		_mm256_store_si256(&d[1], d23);
		_mm256_storeu_si256((__m256i *)&q->buffers[slot],
				    _mm256_loadu_si256((const __m256i *)&from[n]));
	}
	__atomic_store_n(q->tail, q->next & MASK, __ATOMIC_RELEASE);
	return count;
}

static void prepare(void)
{
	fill(&pool);
	for (uint32_t i = 0; i < 128; i++)
		packet_types[i] = i << 4 | 1;
	rx.ring = map(RING * sizeof(struct desc));
	rx.tail = &registers[0];
	rx.pool = &pool;
	rx.empty = RING;
	while (rx.empty > 0)
		refill_ring(&rx);
	tx.ring = map(RING * sizeof(struct desc));
	tx.tail = &registers[16];
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

/* Whether a received packet says what the device has said. */
static int right(void)
{
	struct mbuf *packets[GROUP];

	complete(&stub, GROUP);
	if (rx_burst(&rx, packets, GROUP) != GROUP)
		return 0;
	for (uint32_t i = 0; i < GROUP; i++) {
		struct mbuf *m = packets[i];

		if (m->data_offset != HEADROOM || m->references != 1 || m->segments != 1 ||
		    m->port != PORT || m->flags != 0 || m->type != packet_types[1] ||
		    m->length != FRAME || m->packet_length != FRAME || m->hash != 0)
			return 0;
	}
	return tx_burst(&tx, packets, GROUP) == GROUP;
}

int main(int argc, char **argv)
{
	uint32_t burst;
	double seconds;

	if (argc != 3) {
		fprintf(stderr, "usage: nicvector BURST SECONDS\n");
		return 2;
	}
	arguments("nicvector", argv[1], argv[2], &burst, &seconds);
	if (burst % GROUP != 0) {
		fprintf(stderr, "nicvector: BURST has to be a multiple of %d\n", GROUP);
		return 2;
	}
	prepare();
	for (uint32_t i = 0; i < STEP / GROUP; i++) {
		if (!right()) {
			fprintf(stderr, "nicvector: what was received is not what was sent\n");
			return 1;
		}
	}
	return measure("nicvector", burst, seconds, rounds);
}
