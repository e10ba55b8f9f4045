// SPDX-License-Identifier: GPL-2.0-only
/* A small owner of an interface; the letters at its barriers are those of vpmd/kni.h. */
#define _GNU_SOURCE
#include "port.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

static uint32_t acquire(uint32_t *word)
{
	return atomic_load_explicit((_Atomic uint32_t *)word, memory_order_acquire);
}

static void release(uint32_t *word, uint32_t value)
{
	atomic_store_explicit((_Atomic uint32_t *)word, value, memory_order_release);
}

__attribute__((weak)) void port_fail(const struct port *port, const char *what)
{
	struct kni_reason reason = { "" };
	int error = errno;

	ioctl(port->fd, KNI_IOC_REASON, &reason);
	fprintf(stderr, "%s: %s%s%s\n", what, reason.text, *reason.text ? ": " : "",
		strerror(error));
	exit(1);
}

void port_hello(struct port *port)
{
	struct kni_hello hello = {
		.abi = KNI_ABI,
		.ring_size = sizeof(struct kni_ring),
		.entry_size = sizeof(struct kni_entry),
		.create_size = sizeof(struct kni_create),
		.region_size = sizeof(struct kni_region),
		.counters_size = sizeof(struct kni_counters),
		.event_size = sizeof(struct kni_event),
		.link_size = sizeof(struct kni_link),
		.place_size = sizeof(struct kni_place),
		.info_size = sizeof(struct kni_info),
		.request_size = sizeof(struct kni_request),
		.answer_size = sizeof(struct kni_answer),
		.reason_size = sizeof(struct kni_reason),
	};

	port->fd = open(KNI_DEVICE, O_RDWR | O_CLOEXEC);
	if (port->fd < 0 || ioctl(port->fd, KNI_IOC_HELLO, &hello))
		port_fail(port, "hello");
}

void port_memory(struct port *port)
{
	struct kni_region region = { .size = PORT_BUFFERS * PORT_BUFFER };
	int memory = memfd_create("buffers", MFD_CLOEXEC);

	if (memory < 0 || ftruncate(memory, region.size))
		port_fail(port, "memfd");
	port->memory = mmap(NULL, region.size, PROT_READ | PROT_WRITE, MAP_SHARED, memory, 0);
	if (port->memory == MAP_FAILED)
		port_fail(port, "mmap of the memory");
	close(memory);
	region.address = (uintptr_t)port->memory;
	if (ioctl(port->fd, KNI_IOC_ADD_REGION, &region))
		port_fail(port, "region");
	port->region = (uint64_t)region.region << KNI_REGION_SHIFT;
	for (port->spares = 0; port->spares < PORT_BUFFERS; port->spares++)
		port->spare[port->spares] = port->spares;
}

void port_create(struct port *port, const char *name)
{
	memset(&port->create, 0, sizeof(port->create));
	strncpy(port->create.name, name, KNI_NAME_SIZE - 1);
	port->create.flags = port->flags;
	port->create.core = port->core;
	port->create.queues = 1;
	port->create.rx_entries = PORT_ENTRIES;
	port->create.tx_entries = PORT_ENTRIES;
	if (ioctl(port->fd, KNI_IOC_CREATE, &port->create))
		port_fail(port, "create");
}

static struct end end_of(void *map, const struct port *port, int ring, uint32_t size)
{
	uint8_t *at = (uint8_t *)map + port->create.ring_offset[ring];

	return (struct end){
		.ring = (struct kni_ring *)at,
		.entries = (struct kni_entry *)(at + sizeof(struct kni_ring)),
		.size = size,
	};
}

void port_map(struct port *port)
{
	struct kni_event event = { .queue = 0 };
	void *map = mmap(NULL, port->create.map_size, PROT_READ | PROT_WRITE, MAP_SHARED, port->fd, 0);

	if (map == MAP_FAILED)
		port_fail(port, "mmap of the rings");
	port->rx = end_of(map, port, KNI_RING_RX, PORT_ENTRIES);
	port->free = end_of(map, port, KNI_RING_FREE, PORT_ENTRIES);
	port->alloc = end_of(map, port, KNI_RING_ALLOC, PORT_ENTRIES);
	port->tx = end_of(map, port, KNI_RING_TX, PORT_ENTRIES);
	port->event = event.fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (event.fd < 0 || ioctl(port->fd, KNI_IOC_SET_EVENT, &event))
		port_fail(port, "event");
}

void port_link(struct port *port, int up)
{
	struct kni_link link = { .up = up, .speed = 10000, .full_duplex = 1 };

	if (ioctl(port->fd, KNI_IOC_SET_LINK, &link))
		port_fail(port, "link");
}

void port_open(struct port *port, const char *name)
{
	port_hello(port);
	port_memory(port);
	port_create(port, name);
	port_map(port);
	port_link(port, 1);
}

static uint32_t ready(struct end *end)
{
	return acquire(&end->ring->producer) - end->next;	/* B */
}

static uint32_t room(struct end *end)
{
	return end->size - (end->next - acquire(&end->ring->consumer));	/* D */
}

static struct kni_entry *slot(struct end *end)
{
	return &end->entries[end->next & (end->size - 1)];
}

/* E, and a kick if the kernel asks for it. */
static void wake(struct port *port, struct end *end)
{
	_Atomic uint32_t *wanted = (_Atomic uint32_t *)&end->ring->need_wakeup;

	atomic_thread_fence(memory_order_seq_cst);
	if (atomic_load_explicit(wanted, memory_order_relaxed) && atomic_exchange(wanted, 0))
		ioctl(port->fd, KNI_IOC_KICK, 0);
}

void port_refill(struct port *port, uint32_t keep)
{
	uint32_t some = room(&port->alloc);

	while (some-- && port->spares > keep) {
		uint32_t cookie = port->spare[--port->spares];

		*slot(&port->alloc) = (struct kni_entry){
			.cookie = cookie,
			.address = port->region + (uint64_t)cookie * PORT_BUFFER,
			.length = PORT_BUFFER,
		};
		port->alloc.next++;
	}
	release(&port->alloc.ring->producer, port->alloc.next);	/* A */
	wake(port, &port->alloc);
}

void port_reclaim(struct port *port)
{
	uint32_t some = ready(&port->free);

	while (some--) {
		port->spare[port->spares++] = slot(&port->free)->cookie;
		port->free.next++;
	}
	release(&port->free.ring->consumer, port->free.next);	/* C */
}

int port_receive(struct port *port, struct kni_entry *packet)
{
	if (!ready(&port->tx))
		return 0;
	*packet = *slot(&port->tx);
	port->tx.next++;
	release(&port->tx.ring->consumer, port->tx.next);	/* C */
	return 1;
}

int port_send(struct port *port, const struct kni_entry *packet)
{
	/* What has not come back in free_q is out. */
	if (port->rx.next - port->free.next == port->rx.size)
		return 0;
	*slot(&port->rx) = *packet;
	port->rx.next++;
	release(&port->rx.ring->producer, port->rx.next);	/* A */
	wake(port, &port->rx);
	return 1;
}

void port_wait(struct port *port, int millis)
{
	struct pollfd event = { .fd = port->event, .events = POLLIN };
	_Atomic uint32_t *wanted = (_Atomic uint32_t *)&port->tx.ring->need_wakeup;
	eventfd_t count;

	atomic_store(wanted, 1);	/* F */
	atomic_thread_fence(memory_order_seq_cst);
	if (ready(&port->tx))
		return;
	if (poll(&event, 1, millis) == 1)
		eventfd_read(port->event, &count);
}
