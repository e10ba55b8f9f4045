// SPDX-License-Identifier: GPL-2.0-only
/*
 * The memory of the rings. It is the kernel's, so it goes neither with the owner nor under a copy; a
 * mapping that is left after the interface has gone is of pages that nobody else uses.
 *
 * The mapping is not inherited (VM_DONTCOPY), so the last one is gone when the owner is. The kernel
 * says so with the memory map locked, where an interface cannot be removed: a work item does.
 */
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>

#include "kni.h"

static u64 kni_ring_bytes(u32 entries)
{
	return sizeof(struct kni_ring) + (u64)entries * sizeof(struct kni_entry);
}

/* Fills in the layout, too. */
struct kni_area *kni_area_new(struct kni_create *create)
{
	u64 rx = kni_ring_bytes(create->rx_entries);
	u64 tx = kni_ring_bytes(create->tx_entries);
	struct kni_area *area = kzalloc(sizeof(*area), GFP_KERNEL);

	if (!area)
		return NULL;
	create->ring_offset[KNI_RING_RX] = 0;
	create->ring_offset[KNI_RING_FREE] = rx;
	create->ring_offset[KNI_RING_ALLOC] = 2 * rx;
	create->ring_offset[KNI_RING_TX] = 2 * rx + tx;
	create->queue_size = PAGE_ALIGN(2 * rx + 2 * tx);
	create->map_size = create->queue_size * create->queues;
	kref_init(&area->references);
	area->size = create->map_size;
	area->memory = vmalloc_user(area->size);
	if (!area->memory) {
		kfree(area);
		return NULL;
	}
	return area;
}

static void kni_area_free(struct kref *references)
{
	struct kni_area *area = container_of(references, struct kni_area, references);

	vfree(area->memory);
	kfree(area);
}

void kni_area_put(struct kni_area *area)
{
	kref_put(&area->references, kni_area_free);
}

static void kni_consumer_at(struct kni_consumer *consumer, void *at, u32 entries)
{
	consumer->ring = at;
	consumer->entries = at + sizeof(struct kni_ring);
	consumer->size = entries;
	consumer->next = 0;
}

static void kni_producer_at(struct kni_producer *producer, void *at, u32 entries)
{
	producer->ring = at;
	producer->entries = at + sizeof(struct kni_ring);
	producer->size = entries;
	producer->next = 0;
}

void kni_area_attach(const struct kni_area *area, const struct kni_create *create,
		     struct kni_interface *interface)
{
	unsigned int i;

	for (i = 0; i < interface->queue_count; i++) {
		struct kni_queue *queue = &interface->queues[i];
		void *at = area->memory + i * create->queue_size;

		kni_consumer_at(&queue->rx, at + create->ring_offset[KNI_RING_RX],
				create->rx_entries);
		kni_producer_at(&queue->free, at + create->ring_offset[KNI_RING_FREE],
				create->rx_entries);
		kni_consumer_at(&queue->alloc, at + create->ring_offset[KNI_RING_ALLOC],
				create->tx_entries);
		kni_producer_at(&queue->tx, at + create->ring_offset[KNI_RING_TX],
				create->tx_entries);
	}
}

static void kni_vma_open(struct vm_area_struct *vma)
{
	struct kni_area *area = vma->vm_private_data;

	kref_get(&area->references);
	atomic_inc(&area->mappings);
}

static void kni_vma_close(struct vm_area_struct *vma)
{
	struct kni_area *area = vma->vm_private_data;
	struct kni_file *file = vma->vm_file->private_data;

	if (atomic_dec_and_test(&area->mappings)) {
		WRITE_ONCE(area->unmapped, true);
		queue_work(kni_removals, &file->removal);
	}
	kni_area_put(area);
}

static const struct vm_operations_struct kni_vm_ops = {
	.open = kni_vma_open,
	.close = kni_vma_close,
};

static struct kni_area *kni_area_of(struct kni_file *file)
{
	struct kni_area *area;

	spin_lock(&file->area_lock);
	area = file->area;
	if (area)
		kref_get(&area->references);
	spin_unlock(&file->area_lock);
	return area;
}

int kni_area_map(struct file *filp, struct vm_area_struct *vma)
{
	struct kni_area *area;
	int error = -EINVAL;

	if (!(vma->vm_flags & VM_SHARED) || vma->vm_flags & VM_EXEC)
		return -EINVAL;
	area = kni_area_of(filp->private_data);
	if (!area)
		return -ENODEV;
	if (READ_ONCE(area->unmapped)) {
		error = -ENODEV;
		goto out;
	}
	error = remap_vmalloc_range(vma, area->memory, vma->vm_pgoff);
	if (error)
		goto out;
#ifdef KNI_HAS_VM_FLAGS_SET
	vm_flags_set(vma, VM_DONTCOPY);
#else
	vma->vm_flags |= VM_DONTCOPY;
#endif
	vma->vm_private_data = area;
	vma->vm_ops = &kni_vm_ops;
	atomic_inc(&area->mappings);
	return 0;

out:
	kni_area_put(area);
	return error;
}
