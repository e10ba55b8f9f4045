// SPDX-License-Identifier: GPL-2.0-only
/*
 * link NAME ROUNDS: sets an interface up and down, its MTU, address and promiscuity, so many times, and
 * prints for each the microseconds between the request and the kernel's answer at the socket: median
 * and most.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define MAX_ROUNDS 1000

struct request {
	struct nlmsghdr header;
	struct ifinfomsg link;
	struct rtattr attribute;
	uint8_t value[8];
};

static int socket_fd;
static unsigned int ifindex;

static uint64_t micros(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000ull + now.tv_nsec / 1000;
}

/* Returns how long the answer took. */
static uint64_t ask(struct request *request)
{
	struct {
		struct nlmsghdr header;
		struct nlmsgerr error;
		uint8_t rest[512];
	} answer;
	uint64_t before = micros();
	uint64_t took;

	if (send(socket_fd, request, request->header.nlmsg_len, 0) < 0 ||
	    recv(socket_fd, &answer, sizeof(answer), 0) < 0) {
		perror("rtnetlink");
		exit(1);
	}
	took = micros() - before;
	if (answer.header.nlmsg_type != NLMSG_ERROR || answer.error.error) {
		errno = -answer.error.error;
		perror("refused");
		exit(1);
	}
	return took;
}

static struct request begin(size_t length)
{
	return (struct request){
		.header = { .nlmsg_len = length,
			    .nlmsg_type = RTM_NEWLINK,
			    .nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK },
		.link = { .ifi_index = (int)ifindex },
	};
}

static uint64_t set_flag(unsigned int flag, int on)
{
	struct request request = begin(NLMSG_LENGTH(sizeof(struct ifinfomsg)));

	request.link.ifi_change = flag;
	request.link.ifi_flags = on ? flag : 0;
	return ask(&request);
}

static uint64_t set_value(int type, const void *value, size_t length)
{
	struct request request = begin(NLMSG_LENGTH(sizeof(struct ifinfomsg)) + RTA_SPACE(length));

	request.attribute.rta_type = type;
	request.attribute.rta_len = RTA_LENGTH(length);
	memcpy(request.value, value, length);
	return ask(&request);
}

static uint64_t change(int kind, uint32_t round)
{
	uint8_t mac[6] = { 0x02, 0x4b, 0x4e, 0x49, round >> 8, round };
	uint32_t mtu = 1000 + round % 400;

	switch (kind) {
	case 0:
		return set_flag(IFF_UP, 1);
	case 1:
		return set_value(IFLA_MTU, &mtu, sizeof(mtu));
	case 2:
		return set_value(IFLA_ADDRESS, mac, sizeof(mac));
	case 3:
		return set_flag(IFF_PROMISC, round % 2);
	default:
		return set_flag(IFF_UP, 0);
	}
}

static int compare(const void *a, const void *b)
{
	uint64_t left = *(const uint64_t *)a, right = *(const uint64_t *)b;

	return (left > right) - (left < right);
}

int main(int count, char **words)
{
	static const char *const kinds[] = { "up", "mtu", "mac", "promisc", "down" };
	static uint64_t took[5][MAX_ROUNDS];
	int rounds = count == 3 ? atoi(words[2]) : 0;

	if (rounds < 1 || rounds > MAX_ROUNDS)
		return 2;
	ifindex = if_nametoindex(words[1]);
	socket_fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
	if (!ifindex || socket_fd < 0) {
		perror(words[1]);
		return 1;
	}
	for (int round = 0; round < rounds; round++)
		for (int kind = 0; kind < 5; kind++)
			took[kind][round] = change(kind, round);
	for (int kind = 0; kind < 5; kind++) {
		qsort(took[kind], rounds, sizeof(uint64_t), compare);
		printf("%s %llu %llu\n", kinds[kind], (unsigned long long)took[kind][rounds / 2],
		       (unsigned long long)took[kind][rounds - 1]);
	}
	return 0;
}
