// SPDX-License-Identifier: GPL-2.0-only
/*
 * frames NAME: sends one frame of each kind through an interface: UDP, TCP, ICMP, IP of no protocol,
 * Ethernet of no protocol, and UDP with a VLAN tag. They come from 02:4b:4e:49:00:99.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <net/if.h>
#include <netpacket/packet.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define LENGTH 100

static const uint8_t addresses[12] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x02, 0x4b, 0x4e, 0x49, 0x00, 0x99 };

static size_t ethernet(uint8_t *frame, uint16_t type, int tagged)
{
	size_t at = sizeof(addresses);

	memcpy(frame, addresses, at);
	if (tagged) {
		memcpy(frame + at, "\x81\x00\x00\x05", 4);
		at += 4;
	}
	frame[at] = type >> 8;
	frame[at + 1] = type;
	return at + 2;
}

static void ip(uint8_t *at, uint8_t protocol)
{
	uint32_t sum = 0;

	memcpy(at, "\x45\x00\x00\x50\x00\x00\x00\x00\x40\x00\x00\x00\x0a\x63\x00\x01\x0a\x63\x00\x02", 20);
	at[9] = protocol;
	for (int i = 0; i < 20; i += 2)
		sum += at[i] << 8 | at[i + 1];
	sum = (sum & 0xffff) + (sum >> 16);
	at[10] = ~sum >> 8;
	at[11] = ~sum;
	/* A TCP header of five words; the other protocols do not mind. */
	at[32] = 0x50;
}

int main(int count, char **words)
{
	static const uint8_t protocols[] = { IPPROTO_UDP, IPPROTO_TCP, IPPROTO_ICMP, 253 };
	struct sockaddr_ll to = { .sll_family = AF_PACKET };
	int fd = socket(AF_PACKET, SOCK_RAW, 0);

	if (count != 2)
		return 2;
	to.sll_ifindex = if_nametoindex(words[1]);
	for (int kind = 0; kind < 6; kind++) {
		uint8_t frame[LENGTH] = { 0 };
		size_t at = ethernet(frame, kind == 4 ? 0x88b5 : 0x0800, kind == 5);

		if (kind != 4)
			ip(frame + at, kind == 5 ? IPPROTO_UDP : protocols[kind]);
		if (sendto(fd, frame, LENGTH, 0, (struct sockaddr *)&to, sizeof(to)) != LENGTH) {
			perror(words[1]);
			return 1;
		}
	}
	return 0;
}
