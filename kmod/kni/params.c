// SPDX-License-Identifier: GPL-2.0-only
/* Parameters of the module, by the names that users of KNI know. A value that is none is refused. */
#include <linux/jiffies.h>
#include <linux/moduleparam.h>
#include <linux/mutex.h>
#include <linux/string.h>

#include "kni.h"

#define KNI_MAX_INTERVAL 1000000
#define KNI_MAX_TIMEOUT 10000

/* A parameter that is one of some words, by its number. */
struct kni_choice {
	const char *words[3];
	unsigned int word;
};

static int kni_choice_set(const char *value, const struct kernel_param *param)
{
	struct kni_choice *choice = param->arg;
	int word = __sysfs_match_string(choice->words, ARRAY_SIZE(choice->words), value);

	if (word < 0) {
		const char *third = choice->words[2];

		pr_err("kni: %s is %s%s%s or %s\n", param->name, choice->words[0], third ? ", " : "",
		       third ? choice->words[1] : "", third ? third : choice->words[1]);
		return -EINVAL;
	}
	WRITE_ONCE(choice->word, word);
	return 0;
}

static int kni_choice_get(char *buffer, const struct kernel_param *param)
{
	const struct kni_choice *choice = param->arg;

	return sysfs_emit(buffer, "%s\n", choice->words[READ_ONCE(choice->word)]);
}

static const struct kernel_param_ops kni_choice_ops = {
	.set = kni_choice_set,
	.get = kni_choice_get,
};

static struct kni_choice kni_kthread_mode = { { "single", "multiple" } };
static struct kni_choice kni_request_mode = { { "asynchronous", "synchronous" } };
static struct kni_choice kni_carrier = { { "off", "on" } };
static struct kni_choice kni_loopback = { { "lo_mode_none", "lo_mode_fifo", "lo_mode_fifo_skb" } };

module_param_cb(kthread_mode, &kni_choice_ops, &kni_kthread_mode, 0444);
MODULE_PARM_DESC(kthread_mode, "single (default): one thread for all interfaces; multiple: one each");
module_param_cb(request_mode, &kni_choice_ops, &kni_request_mode, 0644);
MODULE_PARM_DESC(request_mode, "asynchronous (default): changes are made and put back if refused; synchronous: they wait");
module_param_cb(carrier, &kni_choice_ops, &kni_carrier, 0644);
MODULE_PARM_DESC(carrier, "off (default) or on: the carrier of an interface that is set up");
module_param_cb(lo_mode, &kni_choice_ops, &kni_loopback, 0644);
MODULE_PARM_DESC(lo_mode, "lo_mode_none (default); lo_mode_fifo: what the owner sends comes back to it; lo_mode_fifo_skb: the same through socket buffers");

static DEFINE_MUTEX(kni_intervals_lock);
static unsigned int kni_least = 100;
static unsigned int kni_most = 200;
static bool kni_loaded;

static int kni_interval_set(const char *value, const struct kernel_param *param)
{
	unsigned int *interval = param->arg;
	unsigned int micros, least, most;
	int error = kstrtouint(value, 0, &micros);

	if (error)
		return error;
	mutex_lock(&kni_intervals_lock);
	least = interval == &kni_least ? micros : kni_least;
	most = interval == &kni_most ? micros : kni_most;
	/* At load, the other one may be still to come: kni_check_parameters looks at both. */
	if (micros > KNI_MAX_INTERVAL || (kni_loaded && least >= most))
		error = -EINVAL;
	else
		WRITE_ONCE(*interval, micros);
	mutex_unlock(&kni_intervals_lock);
	if (error)
		pr_err("kni: %s=%u: min_scheduling_interval has to be less than max_scheduling_interval and both at most %u\n",
		       param->name, micros, KNI_MAX_INTERVAL);
	return error;
}

static unsigned int kni_timeout_millis = 500;

static int kni_timeout_set(const char *value, const struct kernel_param *param)
{
	return param_set_uint_minmax(value, param, 1, KNI_MAX_TIMEOUT);
}

static const struct kernel_param_ops kni_timeout_ops = {
	.set = kni_timeout_set,
	.get = param_get_uint,
};

module_param_cb(request_timeout, &kni_timeout_ops, &kni_timeout_millis, 0644);
MODULE_PARM_DESC(request_timeout, "Milliseconds that a synchronous change waits (500, at most 10000)");

static const struct kernel_param_ops kni_interval_ops = {
	.set = kni_interval_set,
	.get = param_get_uint,
};

module_param_cb(min_scheduling_interval, &kni_interval_ops, &kni_least, 0644);
MODULE_PARM_DESC(min_scheduling_interval, "Microseconds between two looks of a thread (100)");
module_param_cb(max_scheduling_interval, &kni_interval_ops, &kni_most, 0644);
MODULE_PARM_DESC(max_scheduling_interval, "Microseconds that may become of it (200)");

int kni_check_parameters(void)
{
	int error = 0;

	mutex_lock(&kni_intervals_lock);
	if (kni_least >= kni_most) {
		pr_err("kni: min_scheduling_interval has to be less than max_scheduling_interval\n");
		error = -EINVAL;
	}
	kni_loaded = !error;
	mutex_unlock(&kni_intervals_lock);
	return error;
}

bool kni_thread_each(void)
{
	return READ_ONCE(kni_kthread_mode.word);
}

bool kni_carrier_on_open(void)
{
	return READ_ONCE(kni_carrier.word);
}

unsigned int kni_min_interval(void)
{
	return READ_ONCE(kni_least);
}

unsigned int kni_max_interval(void)
{
	return READ_ONCE(kni_most);
}

bool kni_synchronous(void)
{
	return READ_ONCE(kni_request_mode.word);
}

long kni_request_timeout(void)
{
	return msecs_to_jiffies(READ_ONCE(kni_timeout_millis));
}

u32 kni_lo_mode(void)
{
	return READ_ONCE(kni_loopback.word);
}
