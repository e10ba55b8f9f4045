// SPDX-License-Identifier: GPL-2.0-only
/* eventfd_signal() took a count. */
#include <linux/eventfd.h>

void probe(struct eventfd_ctx *context);
void probe(struct eventfd_ctx *context)
{
	eventfd_signal(context, 1);
}
