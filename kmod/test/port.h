/* SPDX-License-Identifier: GPL-2.0-only */
/* A small owner of an interface, which knows nothing of kni.ko but its header. */
#ifndef PORT_H
#define PORT_H

#include <stdint.h>

#include <vpmd/kni.h>

#define PORT_BUFFERS	512
#define PORT_ENTRIES	256
#define PORT_BUFFER	2048

/* One end of a ring, with this side's index. */
struct end {
	struct kni_ring *ring;
	struct kni_entry *entries;
	uint32_t size;
	uint32_t next;
};

struct port {
	int fd;
	int event;
	uint8_t *memory;
	uint64_t region;
	uint32_t flags;		/* of struct kni_create, as is core */
	uint32_t core;
	struct kni_create create;
	struct end rx, free, alloc, tx;
	/* Cookies of buffers that neither the kernel nor a packet has. */
	uint32_t spare[PORT_BUFFERS];
	uint32_t spares;
};

/* Prints what failed, with the module's sentence, and exits with 1; a program may have another. */
void port_fail(const struct port *port, const char *what);

void port_hello(struct port *port);
void port_memory(struct port *port);
void port_create(struct port *port, const char *name);
void port_map(struct port *port);
void port_link(struct port *port, int up);

/* All of these. */
void port_open(struct port *port, const char *name);

/* Gives the kernel all spare buffers but some, and takes back what it has read. */
void port_refill(struct port *port, uint32_t keep);
void port_reclaim(struct port *port);

/* The next packet of the kernel in one buffer; 0 if there is none. */
int port_receive(struct port *port, struct kni_entry *packet);

/* Gives it a packet, whose buffer is the kernel's from then on; 0 if there is no room. */
int port_send(struct port *port, const struct kni_entry *packet);

/* Sleeps until a packet comes, or for so long. */
void port_wait(struct port *port, int millis);

static inline uint8_t *port_data(const struct port *port, const struct kni_entry *packet)
{
	return port->memory + (packet->address & ((1ULL << KNI_REGION_SHIFT) - 1));
}

#endif
