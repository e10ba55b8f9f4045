// SPDX-License-Identifier: Apache-2.0
package io.vpmd.kni.kmod;

/**
 * The numbers of {@code vpmd/kni.h}, the one thing that kni.ko and its users share. A test compares
 * them with what the C compiler says.
 *
 * <pre>
 *   a ring    0 producer:4   64 consumer:4  68 need_wakeup:4   128 entries
 *   an entry  0 cookie:8  8 address:8  16 length:4  20 virtio_net_hdr:10  30 flags:2
 *   address   region number in the upper 16 bits, offset into the region below
 * </pre>
 */
final class KmodAbi {
    static final int KNI_ABI = 1;

    static final int KNI_NAME_SIZE = 16;
    static final int KNI_MAX_QUEUES = 16;
    static final int KNI_MAX_REGIONS = 64;
    static final int KNI_MAX_MTU = 65535;
    static final int KNI_MAX_SEGMENTS = 48;
    static final int KNI_REGION_SHIFT = 48;
    static final int KNI_ENTRY_MORE = 1;

    static final int KNI_CREATE_CORE = 1;
    static final int KNI_CREATE_FORCE_BIND = 2;
    static final int KNI_CREATE_PERSIST = 4;

    static final int KNI_BY_ID = 0;
    static final int KNI_BY_IFINDEX = 1;
    static final int KNI_BY_NAME = 2;
    static final int KNI_AFTER_ID = 3;

    static final int KNI_MODE_MULTIPLE = 1;
    static final int KNI_MODE_BOUND = 2;
    static final int KNI_MODE_PERSIST = 4;
    static final int KNI_MODE_SYNCHRONOUS = 8;
    static final int KNI_MODE_UP = 16;
    static final int KNI_MODE_CARRIER = 32;

    static final int KNI_LO_NONE = 0;
    static final int KNI_LO_FIFO = 1;
    static final int KNI_LO_FIFO_SKB = 2;

    static final int KNI_CHANGE_UP = 0;
    static final int KNI_CHANGE_MTU = 1;
    static final int KNI_CHANGE_MAC = 2;
    static final int KNI_CHANGE_FILTER = 3;
    static final int KNI_CHANGE_VLAN = 4;
    static final int KNI_CHANGES = 5;

    static final int KNI_FILTER_PROMISCUOUS = 1;
    static final int KNI_FILTER_ALLMULTICAST = 2;
    static final int KNI_MAX_ADDRESSES = 64;
    static final int KNI_VLANS = 4096;

    static final int KNI_REQUEST_ANSWER = 1;
    static final int KNI_REQUEST_WAITS = 2;

    static final int ESTALE = 116;

    static final int KNI_OFFLOAD_CHECKSUM = 1;
    static final int KNI_OFFLOAD_TSO4 = 2;
    static final int KNI_OFFLOAD_TSO6 = 4;

    static final int KNI_RING_RX = 0;
    static final int KNI_RING_FREE = 1;
    static final int KNI_RING_ALLOC = 2;
    static final int KNI_RING_TX = 3;

    static final long KNI_IOC_HELLO = 0xc038_6b01L;
    static final long KNI_IOC_REASON = 0x8080_6b02L;
    static final long KNI_IOC_ADD_REGION = 0xc018_6b03L;
    static final long KNI_IOC_REMOVE_REGION = 0x4004_6b04L;
    static final long KNI_IOC_CREATE = 0xc088_6b05L;
    static final long KNI_IOC_RELEASE = 0x6b06L;
    static final long KNI_IOC_SET_EVENT = 0x4008_6b07L;
    static final long KNI_IOC_SET_LINK = 0x4010_6b08L;
    static final long KNI_IOC_SET_OFFLOADS = 0x4004_6b09L;
    static final long KNI_IOC_SET_QUEUES = 0x4004_6b0aL;
    static final long KNI_IOC_COUNTERS = 0xc070_6b0bL;
    static final long KNI_IOC_KICK = 0x6b0cL;
    static final long KNI_IOC_RESET = 0x6b0dL;
    static final long KNI_IOC_PLACE = 0x8018_6b0eL;
    static final long KNI_IOC_NAMESPACE = 0x6b0fL;
    static final long KNI_IOC_HANDLE = 0x4004_6b10L;
    static final long KNI_IOC_ANSWER = 0x4010_6b11L;
    static final long KNI_IOC_INFO = 0xc058_6b12L;

    static final int RING_SIZE = 128;
    static final int RING_PRODUCER = 0;
    static final int RING_CONSUMER = 64;
    static final int RING_NEED_WAKEUP = 68;

    static final int ENTRY_SIZE = 32;
    static final int ENTRY_COOKIE = 0;
    static final int ENTRY_ADDRESS = 8;
    static final int ENTRY_LENGTH = 16;
    static final int ENTRY_HEADER = 20;
    static final int ENTRY_FLAGS = 30;

    static final int HELLO_SIZE = 56;
    static final int REGION_SIZE = 24;
    static final int REGION_NUMBER = 16;
    static final int LINK_SIZE = 16;
    static final int REASON_SIZE = 128;
    static final int PLACE_SIZE = 24;

    static final int CREATE_SIZE = 136;
    static final int CREATE_FLAGS = 16;
    static final int CREATE_QUEUES = 20;
    static final int CREATE_RX_ENTRIES = 24;
    static final int CREATE_TX_ENTRIES = 28;
    static final int CREATE_CORE = 44;
    static final int CREATE_PCI = 56;
    static final int CREATE_MAP_SIZE = 88;
    static final int CREATE_QUEUE_SIZE = 96;
    static final int CREATE_RING_OFFSET = 104;

    static final int EVENT_SIZE = 8;
    static final int ANSWER_SIZE = 16;

    static final int INFO_SIZE = 88;
    static final int INFO_ID = 0;
    static final int INFO_NAMESPACE_INODE = 8;
    static final int INFO_NAME = 16;
    static final int INFO_PCI = 32;
    static final int INFO_BY = 48;
    static final int INFO_IFINDEX = 52;
    static final int INFO_OWNER_PID = 56;
    static final int INFO_HANDLER_PID = 60;
    static final int INFO_QUEUES = 64;
    static final int INFO_RX_ENTRIES = 68;
    static final int INFO_TX_ENTRIES = 72;
    static final int INFO_MODES = 76;
    static final int INFO_CORE = 80;
    static final int INFO_LO_MODE = 84;

    static final int REQUEST_SIZE = 1320;
    static final int REQUEST_SEQUENCE = 0;
    static final int REQUEST_KIND = 8;
    static final int REQUEST_FLAGS = 12;
    static final int REQUEST_VALUE = 16;
    static final int REQUEST_MAC = 20;
    static final int REQUEST_MULTICAST_COUNT = 32;
    static final int REQUEST_MULTICAST = 420;
    static final int REQUEST_VLANS = 808;

    static final int COUNTERS_SIZE = 112;
    static final int COUNTERS_FIRST = 8;

    private KmodAbi() {}
}
