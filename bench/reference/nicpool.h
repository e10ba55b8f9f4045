/* SPDX-License-Identifier: Apache-2.0 */
/* Buffers and the pool that they come from, for the loops in C: one thread, no allocation. */
#ifndef NICPOOL_H
#define NICPOOL_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "nicstub.h"

#define HEADROOM 128
/* An odd number of cache lines, which spreads the buffers over the sets of a cache. */
#define STRIDE 2240
#define PORT 1
#define BULK 64
#define CACHE_MAX (4 * BULK)
#define HUGE_PAGE (2u << 20)

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

/* Memory of the process, on huge pages where the system has free ones. */
static void *map(size_t bytes)
{
	size_t huge = (bytes + HUGE_PAGE - 1) & ~(size_t)(HUGE_PAGE - 1);
	int flags = MAP_SHARED | MAP_ANONYMOUS | MAP_POPULATE;
	void *p = MAP_FAILED;

	if (bytes >= HUGE_PAGE)
		p = mmap(NULL, huge, PROT_READ | PROT_WRITE, flags | MAP_HUGETLB, -1, 0);
	if (p == MAP_FAILED)
		p = mmap(NULL, bytes, PROT_READ | PROT_WRITE, flags, -1, 0);
	if (p == MAP_FAILED) {
		perror("mmap");
		exit(1);
	}
	return p;
}

/* All buffers free, none of them at hand. */
static void fill(struct pool *pool)
{
	uint8_t *memory = map((size_t)BUFFERS * STRIDE);
	struct mbuf *mbufs = map(BUFFERS * sizeof(struct mbuf));

	for (uint32_t i = 0; i < BUFFERS; i++) {
		mbufs[i].buffer = memory + (size_t)i * STRIDE;
		mbufs[i].bus = (1ull << 32) + (uint64_t)i * STRIDE;
		mbufs[i].references = 1;
		mbufs[i].segments = 1;
		mbufs[i].pool = pool;
		pool->bulks[BUFFERS - 1 - i] = &mbufs[i];
	}
	pool->shared = BUFFERS;
}

#endif
