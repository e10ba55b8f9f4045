/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What all loops over descriptor rings in ordinary memory share: the advanced descriptors of the
 * 82576 and 82599, the stub that stands for the device, and how time is taken.
 *
 * The stub does as little as it can: it marks receive descriptors as written back and those
 * transmit descriptors as done that ask for it.
 */
#ifndef NICSTUB_H
#define NICSTUB_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define RING 512
#define MASK (RING - 1)
#define BUFFERS 2048
#define FRAME 60
/* Packets of one round. */
#define ROUND 64
/* Rounds between two looks at the clock. */
#define BATCH 1000
#define MAX_BATCHES 100000
#define WARM_SHARE 0.1

#define RX_DD 1u
#define RX_EOP 2u
#define RX_LENGTH_SHIFT 32
/* Data descriptor with extension, checksum inserted, end of packet. */
#define TX_DATA (3ull << 20 | 1ull << 29 | 1ull << 25 | 1ull << 24)
#define TX_RS (1ull << 27)
#define TX_DD (1ull << 32)
#define TX_PAYLEN_SHIFT 46

struct desc {
	uint64_t low;
	uint64_t high;
} __attribute__((aligned(16)));

struct stub {
	struct desc *rx;
	struct desc *tx;
	volatile uint32_t *rx_tail;
	volatile uint32_t *tx_tail;
	uint32_t rx_head;
	uint32_t tx_head;
};

/* Lets the device receive count packets and finish what it was given to send. */
static inline void complete(struct stub *s, uint32_t count)
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

/* The burst size and the seconds of a command line; ends the program when they are not right. */
static void arguments(const char *program, const char *burst_text, const char *seconds_text,
		      uint32_t *burst, double *seconds)
{
	*burst = (uint32_t)atoi(burst_text);
	*seconds = atof(seconds_text);
	if (*burst == 0 || *burst > ROUND || ROUND % *burst != 0 || !(*seconds > 0)) {
		fprintf(stderr, "%s: BURST has to divide %d, SECONDS to be above 0\n", program, ROUND);
		exit(2);
	}
}

/*
 * Prints one line of JSON: nanoseconds a packet, stub included, the median of batches and the
 * least. A batch takes less than a scheduler's time slice, so that the median stays what it is when
 * others use the machine. rounds() runs so many rounds in bursts and tells how many packets it has
 * sent.
 */
static int measure(const char *program, uint32_t burst, double seconds,
		   uint64_t (*rounds)(uint32_t burst, uint32_t count))
{
	static double batches[MAX_BATCHES];
	uint64_t begin = nanos(), warm = begin + (uint64_t)(seconds * 1e9 * WARM_SHARE);
	uint64_t now = begin, end = warm + (uint64_t)(seconds * 1e9);
	int n = 0;

	while (now < end && n < MAX_BATCHES) {
		uint64_t start = nanos(), packets = rounds(burst, BATCH);

		now = nanos();
		if (packets != BATCH * ROUND) {
			fprintf(stderr, "%s: only %llu of %d packets were sent\n", program,
				(unsigned long long)packets, BATCH * ROUND);
			return 1;
		}
		if (now >= warm)
			batches[n++] = (double)(now - start) / (double)packets;
	}
	qsort(batches, (size_t)n, sizeof(batches[0]), compare);
	printf("{\"burst\":%u,\"nanosPerPacket\":%.3f,\"least\":%.3f}\n", burst, batches[n / 2],
	       batches[0]);
	return 0;
}

#endif
