// SPDX-License-Identifier: Apache-2.0
/* Prints the numbers of vpmd/kni.h that the Java side of kni.ko uses. */
#include <errno.h>
#include <stddef.h>
#include <stdio.h>

#include "../../../../kmod/include/uapi/vpmd/kni.h"

#define NUMBER(name) printf(#name " %lld\n", (long long)(name))
#define FIELD(name, type, field) printf(name " %zu\n", offsetof(struct type, field))
#define SIZE(name, type) printf(name " %zu\n", sizeof(struct type))

int main(void)
{
	NUMBER(KNI_ABI);
	NUMBER(KNI_NAME_SIZE);
	NUMBER(KNI_MAX_QUEUES);
	NUMBER(KNI_MAX_REGIONS);
	NUMBER(KNI_MAX_MTU);
	NUMBER(KNI_MAX_SEGMENTS);
	NUMBER(KNI_REGION_SHIFT);
	NUMBER(KNI_ENTRY_MORE);
	NUMBER(KNI_OFFLOAD_CHECKSUM);
	NUMBER(KNI_OFFLOAD_TSO4);
	NUMBER(KNI_OFFLOAD_TSO6);
	NUMBER(KNI_RING_RX);
	NUMBER(KNI_RING_FREE);
	NUMBER(KNI_RING_ALLOC);
	NUMBER(KNI_RING_TX);
	NUMBER(KNI_IOC_HELLO);
	NUMBER(KNI_IOC_REASON);
	NUMBER(KNI_IOC_ADD_REGION);
	NUMBER(KNI_IOC_REMOVE_REGION);
	NUMBER(KNI_IOC_CREATE);
	NUMBER(KNI_IOC_RELEASE);
	NUMBER(KNI_IOC_SET_EVENT);
	NUMBER(KNI_IOC_SET_LINK);
	NUMBER(KNI_IOC_SET_OFFLOADS);
	NUMBER(KNI_IOC_SET_QUEUES);
	NUMBER(KNI_IOC_COUNTERS);
	NUMBER(KNI_IOC_KICK);
	NUMBER(KNI_IOC_RESET);
	NUMBER(KNI_IOC_PLACE);
	NUMBER(KNI_IOC_NAMESPACE);
	SIZE("RING_SIZE", kni_ring);
	FIELD("RING_PRODUCER", kni_ring, producer);
	FIELD("RING_CONSUMER", kni_ring, consumer);
	FIELD("RING_NEED_WAKEUP", kni_ring, need_wakeup);
	SIZE("ENTRY_SIZE", kni_entry);
	FIELD("ENTRY_COOKIE", kni_entry, cookie);
	FIELD("ENTRY_ADDRESS", kni_entry, address);
	FIELD("ENTRY_LENGTH", kni_entry, length);
	FIELD("ENTRY_HEADER", kni_entry, offload);
	FIELD("ENTRY_FLAGS", kni_entry, flags);
	SIZE("HELLO_SIZE", kni_hello);
	SIZE("REGION_SIZE", kni_region);
	FIELD("REGION_NUMBER", kni_region, region);
	SIZE("LINK_SIZE", kni_link);
	SIZE("REASON_SIZE", kni_reason);
	SIZE("PLACE_SIZE", kni_place);
	SIZE("CREATE_SIZE", kni_create);
	FIELD("CREATE_QUEUES", kni_create, queues);
	FIELD("CREATE_RX_ENTRIES", kni_create, rx_entries);
	FIELD("CREATE_TX_ENTRIES", kni_create, tx_entries);
	FIELD("CREATE_MAP_SIZE", kni_create, map_size);
	FIELD("CREATE_QUEUE_SIZE", kni_create, queue_size);
	FIELD("CREATE_RING_OFFSET", kni_create, ring_offset);
	SIZE("COUNTERS_SIZE", kni_counters);
	FIELD("COUNTERS_FIRST", kni_counters, rx_packets);
	NUMBER(KNI_CREATE_CORE);
	NUMBER(KNI_CREATE_FORCE_BIND);
	NUMBER(KNI_CREATE_PERSIST);
	NUMBER(KNI_BY_ID);
	NUMBER(KNI_BY_IFINDEX);
	NUMBER(KNI_BY_NAME);
	NUMBER(KNI_AFTER_ID);
	NUMBER(KNI_MODE_MULTIPLE);
	NUMBER(KNI_MODE_BOUND);
	NUMBER(KNI_MODE_PERSIST);
	NUMBER(KNI_MODE_SYNCHRONOUS);
	NUMBER(KNI_MODE_UP);
	NUMBER(KNI_MODE_CARRIER);
	NUMBER(KNI_LO_NONE);
	NUMBER(KNI_LO_FIFO);
	NUMBER(KNI_LO_FIFO_SKB);
	NUMBER(KNI_CHANGE_UP);
	NUMBER(KNI_CHANGE_MTU);
	NUMBER(KNI_CHANGE_MAC);
	NUMBER(KNI_CHANGE_FILTER);
	NUMBER(KNI_CHANGE_VLAN);
	NUMBER(KNI_CHANGES);
	NUMBER(KNI_FILTER_PROMISCUOUS);
	NUMBER(KNI_FILTER_ALLMULTICAST);
	NUMBER(KNI_MAX_ADDRESSES);
	NUMBER(KNI_VLANS);
	NUMBER(KNI_REQUEST_ANSWER);
	NUMBER(KNI_REQUEST_WAITS);
	NUMBER(ESTALE);
	NUMBER(KNI_IOC_HANDLE);
	NUMBER(KNI_IOC_ANSWER);
	NUMBER(KNI_IOC_INFO);
	SIZE("EVENT_SIZE", kni_event);
	SIZE("ANSWER_SIZE", kni_answer);
	SIZE("INFO_SIZE", kni_info);
	SIZE("REQUEST_SIZE", kni_request);
	FIELD("CREATE_FLAGS", kni_create, flags);
	FIELD("CREATE_CORE", kni_create, core);
	FIELD("CREATE_PCI", kni_create, pci);
	FIELD("REQUEST_SEQUENCE", kni_request, sequence);
	FIELD("REQUEST_KIND", kni_request, kind);
	FIELD("REQUEST_FLAGS", kni_request, flags);
	FIELD("REQUEST_VALUE", kni_request, state.value);
	FIELD("REQUEST_MAC", kni_request, state.mac);
	FIELD("REQUEST_MULTICAST_COUNT", kni_request, addresses.multicast_count);
	FIELD("REQUEST_MULTICAST", kni_request, addresses.multicast);
	FIELD("REQUEST_VLANS", kni_request, vlans);
	FIELD("INFO_ID", kni_info, id);
	FIELD("INFO_NAMESPACE_INODE", kni_info, namespace_inode);
	FIELD("INFO_NAME", kni_info, name);
	FIELD("INFO_PCI", kni_info, pci);
	FIELD("INFO_BY", kni_info, by);
	FIELD("INFO_IFINDEX", kni_info, ifindex);
	FIELD("INFO_OWNER_PID", kni_info, owner_pid);
	FIELD("INFO_HANDLER_PID", kni_info, handler_pid);
	FIELD("INFO_QUEUES", kni_info, queues);
	FIELD("INFO_RX_ENTRIES", kni_info, rx_entries);
	FIELD("INFO_TX_ENTRIES", kni_info, tx_entries);
	FIELD("INFO_MODES", kni_info, modes);
	FIELD("INFO_CORE", kni_info, core);
	FIELD("INFO_LO_MODE", kni_info, lo_mode);
	return 0;
}
