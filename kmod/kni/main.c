// SPDX-License-Identifier: GPL-2.0-only
/* Registers /dev/kni, and kni as a kind of interface. Persistent interfaces hold the module. */
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <net/rtnetlink.h>

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
	error = rtnl_link_register(&kni_link_ops);
	if (error)
		goto no_link;
	error = misc_register(&kni_device);
	if (error)
		goto no_device;
	return 0;

no_device:
	rtnl_link_unregister(&kni_link_ops);
no_link:
	destroy_workqueue(kni_removals);
	return error;
}

static void __exit kni_exit(void)
{
	misc_deregister(&kni_device);
	rtnl_link_unregister(&kni_link_ops);
	destroy_workqueue(kni_removals);
}

module_init(kni_init);
module_exit(kni_exit);

MODULE_DESCRIPTION("Kernel NIC Interface: network interfaces whose packets a process moves");
MODULE_LICENSE("GPL");
MODULE_ALIAS_RTNL_LINK("kni");
MODULE_VERSION("0.1.0");
