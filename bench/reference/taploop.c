// SPDX-License-Identifier: Apache-2.0
/*
 * What TAP interfaces give at best to one thread that makes bare system calls: the yardstick for
 * net_kni's tap back-end.
 *
 *   taploop tx IFACE             writes 64-byte frames into IFACE
 *   taploop fwd IFACE IFACE      moves frames between two interfaces, offloads on, sleeps when idle
 *   taploop fwd-spin IFACE IFACE the same, never sleeps
 *   taploop calls                nanoseconds of a few system calls
 *
 * tx and fwd make the interfaces and run until SIGINT or SIGTERM; somebody else brings the
 * interfaces up. At the end one line of JSON tells what was done.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define FRAME 64
#define VNET_HDR 12
#define MAX_FRAME (VNET_HDR + 65535 + 18)
#define BURST 32

static volatile sig_atomic_t stopped;

static void on_signal(int signal)
{
	(void)signal;
	stopped = 1;
}

static uint64_t nanos(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static void die(const char *what, const char *name)
{
	fprintf(stderr, "taploop: %s %s: %s\n", what, name, strerror(errno));
	exit(1);
}

static int open_tap(const char *name, int flags)
{
	struct ifreq request;
	int fd = open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);

	if (fd < 0)
		die("open", "/dev/net/tun");
	memset(&request, 0, sizeof(request));
	snprintf(request.ifr_name, sizeof(request.ifr_name), "%s", name);
	request.ifr_flags = (short)(IFF_TAP | IFF_NO_PI | IFF_TUN_EXCL | flags);
	if (ioctl(fd, TUNSETIFF, &request) < 0)
		die("TUNSETIFF", name);
	return fd;
}

static int open_offloading_tap(const char *name)
{
	int size = VNET_HDR;
	unsigned int offloads = TUN_F_CSUM | TUN_F_TSO4 | TUN_F_TSO6 | TUN_F_TSO_ECN;
	int fd = open_tap(name, IFF_VNET_HDR);

	if (ioctl(fd, TUNSETVNETHDRSZ, &size) < 0)
		die("TUNSETVNETHDRSZ", name);
	if (ioctl(fd, TUNSETOFFLOAD, offloads) < 0)
		die("TUNSETOFFLOAD", name);
	return fd;
}

static void put16(uint8_t *at, unsigned int value)
{
	at[0] = (uint8_t)(value >> 8);
	at[1] = (uint8_t)value;
}

/* UDP from 198.18.0.1 to 198.18.0.2, discard port, as dpdk-testpmd's txonly sends it. */
static void make_frame(uint8_t *frame)
{
	static const uint8_t addresses[] = { 198, 18, 0, 1, 198, 18, 0, 2 };
	uint8_t *ip = frame + 14;
	uint8_t *udp = ip + 20;
	unsigned int sum = 0;

	memset(frame, 0, FRAME);
	frame[0] = 2;
	frame[6] = 2;
	frame[11] = 1;
	put16(frame + 12, 0x0800);
	ip[0] = 0x45;
	put16(ip + 2, FRAME - 14);
	ip[8] = 64;
	ip[9] = 17;
	memcpy(ip + 12, addresses, sizeof(addresses));
	for (int i = 0; i < 20; i += 2)
		sum += (unsigned int)ip[i] << 8 | ip[i + 1];
	sum = (sum & 0xffff) + (sum >> 16);
	put16(ip + 10, ~sum & 0xffff);
	put16(udp, 9);
	put16(udp + 2, 9);
	put16(udp + 4, FRAME - 34);
}

static void report(uint64_t packets, uint64_t bytes, uint64_t refused, uint64_t started)
{
	printf("{\"packets\":%llu,\"bytes\":%llu,\"refused\":%llu,\"nanos\":%llu,\"cpuNanos\":%llu}\n",
	       (unsigned long long)packets, (unsigned long long)bytes, (unsigned long long)refused,
	       (unsigned long long)(nanos(CLOCK_MONOTONIC) - started),
	       (unsigned long long)nanos(CLOCK_PROCESS_CPUTIME_ID));
}

static void tell_ready(void)
{
	puts("ready");
	fflush(stdout);
}

static int transmit(const char *name)
{
	uint8_t frame[FRAME];
	uint64_t packets = 0, refused = 0, started = nanos(CLOCK_MONOTONIC);
	int fd = open_tap(name, 0);

	make_frame(frame);
	tell_ready();
	while (!stopped) {
		if (write(fd, frame, sizeof(frame)) == (ssize_t)sizeof(frame))
			packets++;
		else
			refused++;
	}
	report(packets, packets * FRAME, refused, started);
	return 0;
}

static int forward(const char *names[2], int spin)
{
	static uint8_t buffer[MAX_FRAME];
	uint64_t packets = 0, bytes = 0, refused = 0, started = nanos(CLOCK_MONOTONIC);
	struct pollfd ready[2];

	for (int i = 0; i < 2; i++) {
		ready[i].fd = open_offloading_tap(names[i]);
		ready[i].events = POLLIN;
	}
	tell_ready();
	while (!stopped) {
		int moved = 0;

		for (int i = 0; i < 2; i++) {
			for (int n = 0; n < BURST; n++) {
				ssize_t length = read(ready[i].fd, buffer, sizeof(buffer));

				if (length <= 0)
					break;
				if (write(ready[1 - i].fd, buffer, (size_t)length) != length)
					refused++;
				packets++;
				bytes += (uint64_t)length - VNET_HDR;
				moved = 1;
			}
		}
		if (!moved && !spin)
			poll(ready, 2, 100);
	}
	report(packets, bytes, refused, started);
	return 0;
}

#define CALLS 1000000

#define TIME(name, call)                                                                    \
	do {                                                                                \
		uint64_t before = nanos(CLOCK_THREAD_CPUTIME_ID);                           \
		long ignored = 0;                                                           \
		for (int i = 0; i < CALLS; i++)                                             \
			ignored += (call);                                                  \
		(void)ignored;                                                              \
		printf("%s\"%s\":%.1f", separator, name,                                    \
		       (double)(nanos(CLOCK_THREAD_CPUTIME_ID) - before) / CALLS);          \
		separator = ",";                                                            \
	} while (0)

static int calls(void)
{
	const char *separator = "{";
	uint8_t frame[FRAME];
	int sink = open("/dev/null", O_WRONLY);
	int empty = eventfd(0, EFD_NONBLOCK);

	if (sink < 0 || empty < 0)
		die("open", "/dev/null");
	make_frame(frame);
	TIME("getppid", syscall(SYS_getppid));
	TIME("emptyRead", read(empty, frame, 8));
	TIME("writeToNull", write(sink, frame, sizeof(frame)));
	printf("}\n");
	return 0;
}

int main(int count, char **arguments)
{
	struct sigaction action = { .sa_handler = on_signal };
	const char *mode = count > 1 ? arguments[1] : "";

	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	if (strcmp(mode, "tx") == 0 && count == 3)
		return transmit(arguments[2]);
	if (strncmp(mode, "fwd", 3) == 0 && count == 4) {
		const char *names[2] = { arguments[2], arguments[3] };

		return forward(names, strcmp(mode, "fwd-spin") == 0);
	}
	if (strcmp(mode, "calls") == 0 && count == 2)
		return calls();
	fprintf(stderr, "usage: taploop tx IFACE | fwd IFACE IFACE | fwd-spin IFACE IFACE | calls\n");
	return 2;
}
