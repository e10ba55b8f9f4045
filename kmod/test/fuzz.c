// SPDX-License-Identifier: GPL-2.0-only
/*
 * A hostile owner: fuzz NAME SEED. One thread writes what makes no sense, and what almost does, to
 * the rings; one changes entries between the module's check and its use; one sends frames through the
 * kernel; one calls, maps, unmaps and forks in any order. It goes on until it is killed.
 */
#define _GNU_SOURCE
#include "port.h"

#include <arpa/inet.h>
#include <net/if.h>
#include <netpacket/packet.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define MAP_SIZE (1 << 20)

static struct port port;
/* The rings, whichever they are now, are always at this place. */
static uint8_t *place;
static uint64_t seed;

struct dice {
	uint64_t state;
};

static uint32_t throw_die(struct dice *dice, uint32_t sides)
{
	dice->state ^= dice->state << 13;
	dice->state ^= dice->state >> 7;
	dice->state ^= dice->state << 17;
	return (uint32_t)(dice->state >> 16) % sides;
}

static uint32_t odd_number(struct dice *dice)
{
	static const uint32_t odd[] = { 0, 1, 13, 14, 63, 64, 2048, 65535, 65536, 65558, 0x7fffffff,
					0x80000000, 0xffffffff };

	return throw_die(dice, 2) ? odd[throw_die(dice, sizeof(odd) / sizeof(*odd))] :
				    throw_die(dice, 4096);
}

static void spoil_entry(struct dice *dice, volatile struct kni_entry *entry)
{
	uint64_t offset = throw_die(dice, 8) ? throw_die(dice, PORT_BUFFERS * PORT_BUFFER) :
					       odd_number(dice) * 0x10001ULL;

	entry->address = (uint64_t)throw_die(dice, throw_die(dice, 8) ? 2 : 70) << KNI_REGION_SHIFT | offset;
	entry->length = throw_die(dice, 3) ? throw_die(dice, 1600) : odd_number(dice);
	entry->flags = throw_die(dice, 4) ? 0 : throw_die(dice, 3);
	entry->offload = throw_die(dice, 4) ? 0 : throw_die(dice, 256);
	entry->gso_type = throw_die(dice, 4) ? 0 : throw_die(dice, 256);
	entry->gso_size = odd_number(dice);
	entry->header_length = odd_number(dice);
	entry->checksum_start = throw_die(dice, 2) ? 34 : odd_number(dice);
	entry->checksum_offset = throw_die(dice, 2) ? 16 : odd_number(dice);
}

static volatile struct kni_ring *some_ring(struct dice *dice, int which)
{
	(void)dice;
	return (volatile struct kni_ring *)(place + port.create.ring_offset[which]);
}

static void *spoil_rings(void *unused)
{
	struct dice dice = { seed * 3 + 1 };

	(void)unused;
	for (;;) {
		int which = throw_die(&dice, KNI_RINGS);
		volatile struct kni_ring *ring = some_ring(&dice, which);
		volatile struct kni_entry *entries = (volatile struct kni_entry *)(ring + 1);
		uint32_t at = ring->consumer;
		uint32_t count = throw_die(&dice, 40);

		for (uint32_t i = 0; i < count; i++)
			spoil_entry(&dice, &entries[(at + i) % PORT_ENTRIES]);
		switch (throw_die(&dice, 16)) {
		case 0:
			ring->producer = odd_number(&dice);
			break;
		case 1:
			ring->consumer = odd_number(&dice);
			break;
		case 2:
			ring->need_wakeup = odd_number(&dice);
			break;
		default:
			if (which == KNI_RING_RX || which == KNI_RING_ALLOC)
				ring->producer = at + count;
			else
				ring->consumer = ring->producer;
		}
		if (!throw_die(&dice, 4))
			ioctl(port.fd, KNI_IOC_KICK, (unsigned long)throw_die(&dice, 3));
	}
	return NULL;
}

static void *change_entries(void *unused)
{
	struct dice dice = { seed * 5 + 1 };

	(void)unused;
	for (;;) {
		volatile struct kni_ring *ring = some_ring(&dice, throw_die(&dice, KNI_RINGS));
		volatile struct kni_entry *entries = (volatile struct kni_entry *)(ring + 1);

		entries[ring->consumer % PORT_ENTRIES].length = odd_number(&dice);
		entries[ring->consumer % PORT_ENTRIES].address ^= 1ULL << throw_die(&dice, 64);
		port.memory[throw_die(&dice, PORT_BUFFERS * PORT_BUFFER)]++;
	}
	return NULL;
}

static void keep_place(void)
{
	if (mmap(place, MAP_SIZE, PROT_READ | PROT_WRITE,
		 MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == MAP_FAILED)
		_exit(1);
}

/* Sends to whatever interface has the name now. */
static void *send_frames(void *unused)
{
	struct sockaddr_ll to = { .sll_family = AF_PACKET, .sll_protocol = htons(0x88b5) };
	struct dice dice = { seed * 7 + 1 };
	static uint8_t frame[1514];
	int fd = socket(AF_PACKET, SOCK_RAW, 0);

	(void)unused;
	for (;;) {
		to.sll_ifindex = if_nametoindex(port.create.name);
		for (int i = 0; i < 64; i++)
			sendto(fd, frame, 14 + throw_die(&dice, 1500), MSG_DONTWAIT,
			       (struct sockaddr *)&to, sizeof(to));
	}
	return NULL;
}

static void set_up(void)
{
	struct ifreq request = { .ifr_flags = IFF_UP };
	int fd = socket(AF_INET, SOCK_DGRAM, 0);

	strcpy(request.ifr_name, port.create.name);
	ioctl(fd, SIOCSIFFLAGS, &request);
	close(fd);
	port_link(&port, 1);
}

static void make(void)
{
	struct kni_create create = port.create;

	create.ifindex = 0;
	create.map_size = 0;
	if (!ioctl(port.fd, KNI_IOC_CREATE, &create))
		set_up();
}

static void map(struct dice *dice)
{
	uint64_t size = throw_die(dice, 8) ? port.create.map_size : odd_number(dice);

	if (size > MAP_SIZE)
		size = MAP_SIZE;
	if (mmap(place, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, port.fd,
		 throw_die(dice, 8) ? 0 : 4096) == MAP_FAILED)
		keep_place();
}

static void regions(struct dice *dice)
{
	struct kni_region region = {
		.address = (uintptr_t)(throw_die(dice, 4) ? port.memory : place),
		.size = throw_die(dice, 4) ? PORT_BUFFERS * PORT_BUFFER : odd_number(dice),
	};
	uint32_t number = throw_die(dice, 3);

	if (throw_die(dice, 2))
		ioctl(port.fd, KNI_IOC_REMOVE_REGION, &number);
	ioctl(port.fd, KNI_IOC_ADD_REGION, &region);
}

static void any_call(struct dice *dice)
{
	uint64_t argument[64];
	int result;

	for (unsigned int i = 0; i < 64; i++)
		argument[i] = odd_number(dice) | (uint64_t)odd_number(dice) << 32;
	switch (throw_die(dice, 3)) {
	case 0:
		result = ioctl(port.fd, KNI_IOC_NAMESPACE);
		if (result >= 0)
			close(result);
		break;
	case 1:
		ioctl(port.fd, _IOC(throw_die(dice, 4), 'k', throw_die(dice, 20), throw_die(dice, 130)),
		      argument);
		break;
	default:
		ioctl(port.fd, throw_die(dice, 2) ? KNI_IOC_SET_OFFLOADS : KNI_IOC_SET_LINK, argument);
	}
}

static void child(void)
{
	pid_t pid = fork();

	if (!pid) {
		ioctl(port.fd, KNI_IOC_KICK, 0);
		_exit(0);
	}
	if (pid > 0)
		waitpid(pid, NULL, 0);
}

static void call(struct dice *dice)
{
	struct kni_event event = { .fd = throw_die(dice, 3) ? port.event : (int)odd_number(dice) };
	uint32_t offloads = throw_die(dice, 8);

	switch (throw_die(dice, 40)) {
	case 0:
		ioctl(port.fd, KNI_IOC_RELEASE);
		make();
		map(dice);
		break;
	case 1:
		map(dice);
		make();
		break;
	case 2:
		regions(dice);
		break;
	case 3:
		ioctl(port.fd, KNI_IOC_SET_EVENT, &event);
		break;
	case 4:
		ioctl(port.fd, KNI_IOC_SET_OFFLOADS, &offloads);
		break;
	case 5:
		child();
		break;
	case 6:
		any_call(dice);
		break;
	case 7:
		mremap(place, port.create.map_size, MAP_SIZE, 0);
		break;
	case 8:
		ioctl(port.fd, KNI_IOC_RESET);
		break;
	default:
		port_link(&port, 1);
	}
	make();
}

/* The link cannot be set while there is no interface, which is nothing to stop for. */
void port_fail(const struct port *failed, const char *what)
{
	(void)failed;
	if (strcmp(what, "link")) {
		perror(what);
		_exit(1);
	}
}

/* While the place is being mapped anew, the threads that write there try again. */
static void again(int signal)
{
	(void)signal;
	usleep(100);
}

int main(int count, char **words)
{
	struct dice dice;
	pthread_t thread;

	if (count != 3)
		return 2;
	seed = strtoull(words[2], NULL, 0) * 2654435761u + 1;
	dice.state = seed;
	port_open(&port, words[1]);
	place = mmap(NULL, MAP_SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (place == MAP_FAILED || port.create.map_size > MAP_SIZE)
		return 1;
	map(&dice);
	signal(SIGSEGV, again);
	signal(SIGBUS, again);
	set_up();
	printf("ready %s\n", words[1]);
	fflush(stdout);
	pthread_create(&thread, NULL, spoil_rings, NULL);
	pthread_create(&thread, NULL, change_entries, NULL);
	pthread_create(&thread, NULL, send_frames, NULL);
	for (;;) {
		call(&dice);
		usleep(throw_die(&dice, 20000));
	}
}
