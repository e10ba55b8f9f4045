// SPDX-License-Identifier: GPL-2.0-only
/*
 * failing NAME STEP: makes an interface, sets it up and releases it, again and again, and each time the
 * allocation of the kernel fails that is so many after the one before that it makes for this process, until
 * none is left to fail. Prints how many that were, and how many calls were refused for it. Needs a kernel
 * with fault injection.
 */
#define _GNU_SOURCE
#include "port.h"

#include <fcntl.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define NOT_REACHED	3
#define MOST_FAULTS	20000
#define WAIT_ROUNDS	5000

static int faults;

/* What is refused here is meant to be. */
void port_fail(const struct port *port, const char *what)
{
	(void)port;
	(void)what;
	_exit(1);
}

static void set_up(const char *name)
{
	struct ifreq request = { .ifr_flags = IFF_UP };
	int fd = socket(AF_INET, SOCK_DGRAM, 0);

	strncpy(request.ifr_name, name, IFNAMSIZ - 1);
	if (ioctl(fd, SIOCSIFFLAGS, &request))
		_exit(1);
	request.ifr_mtu = 1400;
	if (ioctl(fd, SIOCSIFMTU, &request))
		_exit(1);
}

static void all_calls(const char *name)
{
	static struct port port;
	uint32_t ifindex;

	port_open(&port, name);
	ifindex = port.create.ifindex;
	if (ioctl(port.fd, KNI_IOC_HANDLE, &ifindex))
		_exit(1);
	set_up(name);
	port_refill(&port, 0);
	if (ioctl(port.fd, KNI_IOC_KICK, 0) || ioctl(port.fd, KNI_IOC_RELEASE))
		_exit(1);
}

static void child(const char *name, int number)
{
	char text[16];

	snprintf(text, sizeof(text), "%d", number);
	if (pwrite(faults, text, strlen(text), 0) < 0)
		_exit(2);
	all_calls(name);
	memset(text, 0, sizeof(text));
	if (pread(faults, text, sizeof(text) - 1, 0) < 0)
		_exit(2);
	_exit(atoi(text) ? NOT_REACHED : 0);
}

/* The interface goes with its owner, but a little later. */
static void await_end(const char *name)
{
	for (int i = 0; if_nametoindex(name); i++) {
		if (i == WAIT_ROUNDS) {
			printf("%s has stayed\n", name);
			exit(1);
		}
		usleep(1000);
	}
}

int main(int count, char **words)
{
	int step = count == 3 ? atoi(words[2]) : 0;
	int refused = 0;
	int failed = 0;

	if (step < 1)
		return 2;
	for (int number = 1; number < MOST_FAULTS; number += step) {
		int status;
		pid_t pid = fork();

		if (!pid) {
			faults = open("/proc/thread-self/fail-nth", O_RDWR | O_CLOEXEC);
			child(words[1], number);
		}
		if (waitpid(pid, &status, 0) != pid || WEXITSTATUS(status) == 2) {
			printf("this kernel has no fault injection\n");
			return 1;
		}
		await_end(words[1]);
		if (WIFEXITED(status) && WEXITSTATUS(status) == NOT_REACHED) {
			printf("%d allocations failed, %d calls were refused\n", failed, refused);
			return 0;
		}
		failed++;
		refused += WIFSIGNALED(status) || WEXITSTATUS(status) == 1;
	}
	printf("there is no end of allocations\n");
	return 1;
}
