// SPDX-License-Identifier: GPL-2.0-only
/*
 * Registered memory: pages of the owner, pinned for as long as they are registered and mapped into
 * the kernel in one piece. Packets are copied from and to it; nothing else is ever read from it, and
 * what is copied may change meanwhile, so a copy is what is looked at.
 *
 * The data path finds regions under RCU; one that is removed goes after a grace period.
 */
#include <linux/mm.h>
#include <linux/nospec.h>
#include <linux/sched/mm.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>

#include "kni.h"

#define KNI_REGION_MAX (1ULL << KNI_REGION_SHIFT)

struct kni_memory {
	u8 *start;
	u64 size;
	unsigned long count;
	struct page **pages;
	struct mm_struct *mm;		/* whose locked memory this is */
};

static int kni_account(struct kni_file *file, struct kni_memory *memory)
{
	int error = account_locked_vm(current->mm, memory->count, true);

	if (error)
		return kni_refuse(file, -ENOBUFS,
				  "%llu KiB more are more than RLIMIT_MEMLOCK (%lu KiB) lets this process pin",
				  memory->size >> 10, rlimit(RLIMIT_MEMLOCK) >> 10);
	mmgrab(current->mm);
	memory->mm = current->mm;
	return 0;
}

static void kni_memory_unpin(struct kni_memory *memory, unsigned long pinned)
{
	unpin_user_pages_dirty_lock(memory->pages, pinned, true);
}

static void kni_memory_free(struct kni_memory *memory)
{
	if (memory->mm) {
		account_locked_vm(memory->mm, memory->count, false);
		mmdrop(memory->mm);
	}
	kvfree(memory->pages);
	kfree(memory);
}

static int kni_pin(struct kni_file *file, struct kni_memory *memory, unsigned long address)
{
	unsigned long pinned = 0;

	while (pinned < memory->count) {
		/* It takes no more than an int; less keeps a fatal signal from waiting. */
		int some = min(memory->count - pinned, 4096UL);
		int now = pin_user_pages_fast(address + (pinned << PAGE_SHIFT), some,
					      FOLL_WRITE | FOLL_LONGTERM, memory->pages + pinned);

		if (now > 0) {
			pinned += now;
			cond_resched();
		} else {
			now = now ? now : -EFAULT;
		}
		if (now < 0 || fatal_signal_pending(current)) {
			kni_memory_unpin(memory, pinned);
			return kni_refuse(file, now < 0 ? now : -EINTR,
					  "the memory at offset %lu KiB cannot be pinned for long; take a memfd, huge pages or anonymous memory",
					  pinned << (PAGE_SHIFT - 10));
		}
	}
	return 0;
}

static struct kni_memory *kni_memory_new(struct kni_file *file, const struct kni_region *region)
{
	struct kni_memory *memory = kzalloc(sizeof(*memory), GFP_KERNEL);
	int error;

	if (!memory)
		return ERR_PTR(-ENOMEM);
	memory->size = region->size;
	memory->count = region->size >> PAGE_SHIFT;
	error = kni_account(file, memory);
	if (error)
		goto no_account;
	error = -ENOMEM;
	memory->pages = kvcalloc(memory->count, sizeof(*memory->pages), GFP_KERNEL_ACCOUNT);
	if (!memory->pages)
		goto no_account;
	error = kni_pin(file, memory, region->address);
	if (error)
		goto no_account;
	error = -ENOMEM;
	memory->start = vmap(memory->pages, memory->count, VM_MAP, PAGE_KERNEL);
	if (!memory->start)
		goto no_map;
	return memory;

no_map:
	kni_memory_unpin(memory, memory->count);
no_account:
	kni_memory_free(memory);
	return ERR_PTR(error);
}

static void kni_memory_destroy(struct kni_memory *memory)
{
	vunmap(memory->start);
	kni_memory_unpin(memory, memory->count);
	kni_memory_free(memory);
}

int kni_region_add(struct kni_file *file, struct kni_region *region)
{
	struct kni_memory *memory;
	unsigned int i;

	if (region->region || region->reserved)
		return kni_refuse(file, -EINVAL, "region and reserved have to be 0");
	if (!region->size || !PAGE_ALIGNED(region->address) || !PAGE_ALIGNED(region->size))
		return kni_refuse(file, -EINVAL, "a region has to begin and to end at a page of %lu bytes",
				  PAGE_SIZE);
	if (region->size > KNI_REGION_MAX || region->address + region->size < region->address)
		return kni_refuse(file, -EINVAL, "a region of %llu bytes is too large", region->size);
	for (i = 0; i < KNI_MAX_REGIONS; i++)
		if (!rcu_access_pointer(file->regions.at[i]))
			break;
	if (i == KNI_MAX_REGIONS)
		return kni_refuse(file, -ENOSPC, "there are %u regions already, which is the most", i);
	memory = kni_memory_new(file, region);
	if (IS_ERR(memory))
		return PTR_ERR(memory);
	rcu_assign_pointer(file->regions.at[i], memory);
	region->region = i;
	return 0;
}

static struct kni_memory *kni_region_take(struct kni_regions *regions, u32 number)
{
	/* The mutex of the file, or that nobody else has the file. */
	return rcu_replace_pointer(regions->at[number], NULL, true);
}

int kni_region_remove(struct kni_file *file, u32 number)
{
	struct kni_memory *memory = NULL;

	if (number < KNI_MAX_REGIONS)
		memory = kni_region_take(&file->regions, number);
	if (!memory)
		return kni_refuse(file, -ENOENT, "there is no region %u", number);
	synchronize_rcu();
	kni_memory_destroy(memory);
	return 0;
}

/* When there is no interface that uses them. */
void kni_regions_clear(struct kni_regions *regions)
{
	u32 i;

	for (i = 0; i < KNI_MAX_REGIONS; i++) {
		struct kni_memory *memory = kni_region_take(regions, i);

		if (memory)
			kni_memory_destroy(memory);
	}
}

/*
 * Where length bytes at an address are, NULL if they are not all in one region. For the data path,
 * until the end of its RCU section.
 */
void *kni_region_at(const struct kni_regions *regions, u64 address, u32 length)
{
	u64 number = address >> KNI_REGION_SHIFT;
	u64 offset = address & (KNI_REGION_MAX - 1);
	const struct kni_memory *memory;

	if (unlikely(number >= KNI_MAX_REGIONS))
		return NULL;
	number = array_index_nospec(number, KNI_MAX_REGIONS);
	memory = rcu_dereference_bh(regions->at[number]);
	if (unlikely(!memory || offset > memory->size || length > memory->size - offset))
		return NULL;
	return memory->start + offset;
}
