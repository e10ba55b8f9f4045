// SPDX-License-Identifier: GPL-2.0-only
/*
 * Owners for the tests of kni.ko:
 *
 *	owner echo NAME ADDRESS		answers ARP and ping for an IPv4 address
 *	owner persist NAME ADDRESS	the same, and leaves the interface to the next owner
 *	owner bound NAME CORE		binds the thread to a core, and waits
 *	owner release NAME		takes such an interface over and releases it
 *	owner list			prints all interfaces
 *	owner query NAME		prints one, and finds it by its number and id too
 *	owner flood NAME		sends what it receives back, and broadcasts besides
 *	owner loop NAME COUNT		sends so many packets, which lo_mode has to bring back
 *	owner starve NAME COUNT	sends so many without a buffer for what comes back, until SIGUSR1
 *	owner cycles NAME COUNT		makes an interface and releases it, so many times
 *	owner refused			asks for what cannot be, and prints each reason
 *	owner handle NAME ERROR		prints what is changed of an interface, and answers so
 *	owner orphan NAME		leaves a child that inherits the descriptor, and dies
 */
#include "port.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <net/if.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

static const uint8_t own_mac[6] = { 0x02, 0x4b, 0x4e, 0x49, 0x00, 0x02 };

static uint16_t get16(const uint8_t *at)
{
	return at[0] << 8 | at[1];
}

static void swap(uint8_t *a, uint8_t *b, size_t length)
{
	while (length--) {
		uint8_t byte = *a;

		*a++ = *b;
		*b++ = byte;
	}
}

/* Makes an answer of a request, if it is one to this address. */
static int answer(uint8_t *frame, uint32_t length, const uint8_t *ip)
{
	uint8_t *payload = frame + 14;
	uint32_t sum;

	if (length >= 42 && get16(frame + 12) == 0x0806 && get16(payload + 6) == 1 &&
	    !memcmp(payload + 24, ip, 4)) {
		payload[7] = 2;
		swap(payload + 8, payload + 18, 10);
		memcpy(payload + 8, own_mac, 6);
	} else if (length >= 42 && get16(frame + 12) == 0x0800 && payload[9] == IPPROTO_ICMP &&
		   payload[0] == 0x45 && payload[20] == 8 && !memcmp(payload + 16, ip, 4)) {
		swap(payload + 12, payload + 16, 4);
		payload[20] = 0;
		/* RFC 1624: the sum grows by what the type shrank by. */
		sum = get16(payload + 22) + 0x800;
		sum = (sum & 0xffff) + (sum >> 16);
		payload[22] = sum >> 8;
		payload[23] = sum;
	} else {
		return 0;
	}
	memcpy(frame, frame + 6, 6);
	memcpy(frame + 6, own_mac, 6);
	return 1;
}

static void announce(const struct port *port)
{
	printf("ready %s %u%s\n", port->create.name, port->create.ifindex,
	       port->create.flags & KNI_CREATE_ATTACHED ? " again" : "");
	fflush(stdout);
}

static void echo(const char *name, const char *address, uint32_t flags)
{
	static struct port port;
	struct kni_entry packet;
	uint8_t ip[4];

	if (inet_pton(AF_INET, address, ip) != 1)
		exit(2);
	port.flags = flags;
	port_open(&port, name);
	announce(&port);
	for (;;) {
		port_reclaim(&port);
		port_refill(&port, 0);
		while (port_receive(&port, &packet)) {
			if (!answer(port_data(&port, &packet), packet.length, ip) ||
			    !port_send(&port, &packet))
				port.spare[port.spares++] = packet.cookie;
		}
		port_wait(&port, 1000);
	}
}

static void broadcast(struct port *port)
{
	struct kni_entry packet = { .length = 64 };
	uint8_t *frame;

	if (!port->spares)
		return;
	packet.cookie = port->spare[--port->spares];
	packet.address = port->region + packet.cookie * PORT_BUFFER;
	frame = port_data(port, &packet);
	memset(frame, 0, 64);
	memset(frame, 0xff, 6);
	memcpy(frame + 6, own_mac, 6);
	frame[12] = 0x88;
	frame[13] = 0xb5;
	if (!port_send(port, &packet))
		port->spare[port->spares++] = packet.cookie;
}

static void flood(const char *name)
{
	static struct port port;
	struct kni_entry packet;

	port_open(&port, name);
	announce(&port);
	for (;;) {
		port_reclaim(&port);
		broadcast(&port);
		port_refill(&port, PORT_BUFFERS / 4);
		while (port_receive(&port, &packet))
			if (!port_send(&port, &packet))
				port.spare[port.spares++] = packet.cookie;
	}
}

/* A packet of its number's length and bytes, which all differ from the next one's. */
static uint32_t numbered(uint8_t *frame, uint32_t number)
{
	uint32_t length = 60 + number % 1400;

	memset(frame, number & 0xff, length);
	memcpy(frame + 14, &number, sizeof(number));
	return length;
}

static void loop(const char *name, uint32_t count)
{
	static struct port port;
	struct kni_entry packet = { .length = 0 };
	uint8_t wanted[PORT_BUFFER];
	uint32_t sent = 0, back = 0;

	port_open(&port, name);
	while (back < count) {
		port_reclaim(&port);
		port_refill(&port, PORT_BUFFERS / 4);
		if (sent < count && port.spares) {
			packet.cookie = port.spare[--port.spares];
			packet.address = port.region + packet.cookie * PORT_BUFFER;
			packet.length = numbered(port_data(&port, &packet), sent);
			if (port_send(&port, &packet))
				sent++;
			else
				port.spare[port.spares++] = packet.cookie;
		}
		if (!port_receive(&port, &packet))
			continue;
		if (packet.length != numbered(wanted, back) ||
		    memcmp(port_data(&port, &packet), wanted, packet.length)) {
			printf("packet %u is another one of %u bytes\n", back, packet.length);
			exit(1);
		}
		back++;
		port.spare[port.spares++] = packet.cookie;
	}
	printf("%u packets came back\n", back);
}

/* Sends without a buffer for what comes back, and gives some when it is asked to end (SIGUSR1). */
static void starve(const char *name, uint32_t count)
{
	static struct port port;
	struct kni_entry packet = { .length = 0 };
	sigset_t wanted;
	int signal;

	sigemptyset(&wanted);
	sigaddset(&wanted, SIGUSR1);
	sigprocmask(SIG_BLOCK, &wanted, NULL);
	port_open(&port, name);
	for (uint32_t sent = 0; sent < count; sent++) {
		packet.cookie = port.spare[--port.spares];
		packet.address = port.region + packet.cookie * PORT_BUFFER;
		packet.length = numbered(port_data(&port, &packet), sent);
		if (!port_send(&port, &packet))
			port_fail(&port, "send");
	}
	announce(&port);
	sigwait(&wanted, &signal);
	port_refill(&port, 0);
	for (uint32_t back = 0; back < count;) {
		port_wait(&port, 1000);
		while (port_receive(&port, &packet))
			back++;
	}
	printf("%u packets came back\n", count);
}

static void cycles(const char *name, int count)
{
	static struct port port;

	port_hello(&port);
	port_memory(&port);
	while (count--) {
		port_create(&port, name);
		if (ioctl(port.fd, KNI_IOC_RELEASE))
			port_fail(&port, "release");
	}
}

static void refused(struct port *port, const char *what, unsigned long command, void *argument)
{
	struct kni_reason reason;
	int error = ioctl(port->fd, command, argument) ? errno : 0;

	ioctl(port->fd, KNI_IOC_REASON, &reason);
	printf("%s: %s: %s\n", what, error ? strerror(error) : "done", reason.text);
}

/* Registers of a device are no memory that can be pinned. */
static void refused_registers(struct port *port)
{
	struct kni_region region = { .size = 4096 };
	void *map = MAP_FAILED;
	glob_t found;

	glob("/sys/bus/pci/devices/*/resource[0-5]", 0, NULL, &found);
	for (size_t i = 0; i < found.gl_pathc && map == MAP_FAILED; i++) {
		int fd = open(found.gl_pathv[i], O_RDWR | O_CLOEXEC);

		map = mmap(NULL, region.size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
		close(fd);
	}
	region.address = (uintptr_t)map;
	refused(port, "registers", KNI_IOC_ADD_REGION, &region);
}

static void refusals(void)
{
	static struct port port;
	struct kni_create good = { .name = "vEth9", .queues = 1, .rx_entries = 64, .tx_entries = 64 };
	struct kni_create bad;
	struct kni_region region = { .address = 0x1001, .size = 0x1000 };
	struct kni_hello hello = { .abi = KNI_ABI + 1 };
	uint32_t number = 7;

	port_hello(&port);
	refused(&port, "version", KNI_IOC_HELLO, &hello);
	hello.info_size++;
	refused(&port, "size", KNI_IOC_HELLO, &hello);
	refused(&port, "region", KNI_IOC_ADD_REGION, &region);
	region.address = 0x1000;
	refused(&port, "unmapped", KNI_IOC_ADD_REGION, &region);
	refused_registers(&port);
	refused(&port, "no region", KNI_IOC_REMOVE_REGION, &number);
	refused(&port, "no interface", KNI_IOC_SET_OFFLOADS, &number);
	bad = good;
	bad.rx_entries = 100;
	refused(&port, "ring", KNI_IOC_CREATE, &bad);
	bad = good;
	strcpy(bad.name, "lo");
	refused(&port, "taken", KNI_IOC_CREATE, &bad);
	bad = good;
	memset(bad.name, 'x', sizeof(bad.name));
	refused(&port, "unterminated", KNI_IOC_CREATE, &bad);
	bad = good;
	bad.mtu = 70000;
	refused(&port, "mtu", KNI_IOC_CREATE, &bad);
	bad = good;
	bad.queues = 17;
	refused(&port, "queues", KNI_IOC_CREATE, &bad);
	bad = good;
	strcpy(bad.pci, "01:00");
	refused(&port, "pci", KNI_IOC_CREATE, &bad);
	bad = good;
	bad.flags = KNI_CREATE_FORCE_BIND;
	refused(&port, "core", KNI_IOC_CREATE, &bad);
	refused(&port, "good", KNI_IOC_CREATE, &good);
	refused(&port, "second", KNI_IOC_CREATE, &good);
	refused(&port, "unknown", _IO('k', 99), NULL);
}

static void bound(const char *name, uint32_t core)
{
	static struct port port = { .flags = KNI_CREATE_CORE | KNI_CREATE_FORCE_BIND };

	port.core = core;
	port_open(&port, name);
	announce(&port);
	pause();
}

static void release_persistent(const char *name)
{
	static struct port port = { .flags = KNI_CREATE_PERSIST };

	port_hello(&port);
	port_create(&port, name);
	announce(&port);
	if (ioctl(port.fd, KNI_IOC_RELEASE))
		port_fail(&port, "release");
}

static void show(const struct kni_info *info)
{
	printf("id %llu namespace %llu %s %u owner %u handler %u queues %u entries %u %u modes %u core %u"
	       " lo_mode %u pci %s\n",
	       (unsigned long long)info->id, (unsigned long long)info->namespace_inode, info->name,
	       info->ifindex, info->owner_pid, info->handler_pid, info->queues, info->rx_entries,
	       info->tx_entries, info->modes, info->core, info->lo_mode, info->pci);
}

static void list(void)
{
	static struct port port;
	struct kni_info info = { .by = KNI_AFTER_ID };

	port_hello(&port);
	while (!ioctl(port.fd, KNI_IOC_INFO, &info))
		show(&info);
	if (errno != ENODEV)
		port_fail(&port, "info");
}

static void query(const char *name)
{
	static struct port port;
	struct kni_info by_name = { .by = KNI_BY_NAME };
	struct kni_info by_number = { .by = KNI_BY_IFINDEX };
	struct kni_info by_id = { .by = KNI_BY_ID };

	port_hello(&port);
	strncpy(by_name.name, name, KNI_NAME_SIZE - 1);
	if (ioctl(port.fd, KNI_IOC_INFO, &by_name))
		port_fail(&port, "name");
	by_number.ifindex = by_name.ifindex;
	if (ioctl(port.fd, KNI_IOC_INFO, &by_number))
		port_fail(&port, "number");
	by_id.id = by_name.id;
	if (ioctl(port.fd, KNI_IOC_INFO, &by_id))
		port_fail(&port, "id");
	by_number.by = by_id.by = by_name.by;
	if (memcmp(&by_number, &by_name, sizeof(by_name)) || memcmp(&by_id, &by_name, sizeof(by_name)))
		exit(1);
	show(&by_name);
}

static void orphan(const char *name)
{
	static struct port port;

	port_open(&port, name);
	announce(&port);
	if (!fork()) {
		pause();
		exit(0);
	}
	raise(SIGKILL);
}

static void print(const struct kni_request *request)
{
	static const char *const kinds[] = { "up", "mtu", "mac", "filter" };
	const uint8_t *mac = request->state.mac;

	printf("%s%s ", request->flags & KNI_REQUEST_ANSWER ? "?" : "", kinds[request->kind]);
	if (request->kind == KNI_CHANGE_MAC)
		printf("%02x:%02x:%02x:%02x:%02x:%02x\n", mac[0], mac[1], mac[2], mac[3], mac[4], mac[5]);
	else if (request->kind == KNI_CHANGE_FILTER)
		printf("%u unicast %u multicast %u\n", request->state.value,
		       request->addresses.unicast_count, request->addresses.multicast_count);
	else
		printf("%u\n", request->state.value);
	fflush(stdout);
}

/* The ids that are wanted, but for 0, and whether the change can be refused. */
static void print_vlans(const struct kni_request *request)
{
	uint32_t id;

	printf("%svlans", request->flags & KNI_REQUEST_ANSWER ? "?" : "");
	for (id = 1; id < KNI_VLANS; id++)
		if (request->vlans.bits[id / 64] >> id % 64 & 1)
			printf(" %u", id);
	printf(".\n");
	fflush(stdout);
}

/* With another request's number first, which has to be refused. */
static void answer_twice(struct port *port, const struct kni_request *request, uint32_t error)
{
	struct kni_answer answer = {
		.sequence = request->sequence - 1,
		.kind = request->kind,
		.error = error,
	};

	if (!ioctl(port->fd, KNI_IOC_ANSWER, &answer) || errno != ESTALE)
		port_fail(port, "an answer to another request");
	answer.sequence++;
	if (ioctl(port->fd, KNI_IOC_ANSWER, &answer))
		port_fail(port, "answer");
}

static void handle(const char *name, uint32_t error)
{
	static struct port port;
	struct kni_request request;
	uint32_t ifindex = if_nametoindex(name);

	port_hello(&port);
	if (ioctl(port.fd, KNI_IOC_HANDLE, &ifindex))
		port_fail(&port, "handle");
	printf("handling\n");
	fflush(stdout);
	while (read(port.fd, &request, sizeof(request)) == sizeof(request)) {
		if (request.kind == KNI_CHANGE_VLAN)
			print_vlans(&request);
		else
			print(&request);
		if (request.flags & KNI_REQUEST_ANSWER)
			answer_twice(&port, &request, error);
	}
	printf("gone\n");
}

int main(int count, char **words)
{
	const char *command = count > 1 ? words[1] : "";

	if (count == 4 && !strcmp(command, "echo"))
		echo(words[2], words[3], 0);
	else if (count == 4 && !strcmp(command, "persist"))
		echo(words[2], words[3], KNI_CREATE_PERSIST);
	else if (count == 4 && !strcmp(command, "bound"))
		bound(words[2], atoi(words[3]));
	else if (count == 3 && !strcmp(command, "release"))
		release_persistent(words[2]);
	else if (count == 2 && !strcmp(command, "list"))
		list();
	else if (count == 3 && !strcmp(command, "query"))
		query(words[2]);
	else if (count == 3 && !strcmp(command, "flood"))
		flood(words[2]);
	else if (count == 4 && !strcmp(command, "loop"))
		loop(words[2], atoi(words[3]));
	else if (count == 4 && !strcmp(command, "starve"))
		starve(words[2], atoi(words[3]));
	else if (count == 4 && !strcmp(command, "cycles"))
		cycles(words[2], atoi(words[3]));
	else if (count == 2 && !strcmp(command, "refused"))
		refusals();
	else if (count == 4 && !strcmp(command, "handle"))
		handle(words[2], atoi(words[3]));
	else if (count == 3 && !strcmp(command, "orphan"))
		orphan(words[2]);
	else
		return 2;
	return 0;
}
