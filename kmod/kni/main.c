// SPDX-License-Identifier: GPL-2.0-only
/* Registers /dev/kni. */
#include <linux/miscdevice.h>
#include <linux/module.h>

#include "kni.h"

struct workqueue_struct *kni_removals;

static struct miscdevice kni_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "kni",
	.fops = &kni_fops,
};

static int __init kni_init(void)
{
	int error = kni_check_parameters();

	if (error)
		return error;
	kni_removals = alloc_workqueue("kni_removals", WQ_UNBOUND, 0);
	if (!kni_removals)
		return -ENOMEM;
	error = misc_register(&kni_device);
	if (error)
		destroy_workqueue(kni_removals);
	return error;
}

static void __exit kni_exit(void)
{
	misc_deregister(&kni_device);
	destroy_workqueue(kni_removals);
}

module_init(kni_init);
module_exit(kni_exit);

MODULE_DESCRIPTION("Kernel NIC Interface: network interfaces whose packets a process moves");
MODULE_LICENSE("GPL");
MODULE_VERSION("0.1.0");
