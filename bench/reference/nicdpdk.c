// SPDX-License-Identifier: Apache-2.0
/*
 * Receive, touch one byte, send, by DPDK's ixgbe driver on descriptor rings in ordinary memory.
 *
 *   nicdpdk vector|simple|full|checksum BURST SECONDS [EAL OPTION...]
 *
 * The device is an 82599 whose registers are memory. The queues are set up and started by the
 * driver's own functions, with its own defaults, and the driver chooses its burst functions itself;
 * the program ends when they are not those that were asked for:
 *
 *   vector    no offloads
 *   simple    no offloads, with --force-max-simd-bitwidth=64
 *   full      checksums and several segments requested, receive threshold 16; plain packets
 *   checksum  the same, and each packet asks for IPv4's and TCP's checksum
 *
 * Compiled with the headers of the driver's source and linked with the packaged static driver.
 */
#include <string.h>

#include <ethdev_driver.h>
#include <rte_eal.h>
#include <rte_ethdev.h>
#include <rte_malloc.h>
#include <rte_mbuf.h>

#include "ixgbe_ethdev.h"
#include "ixgbe_rxtx.h"
#include "nicstub.h"

#define REGISTERS 0x20000
#define CACHE 256
#define IP_OFFLOADS (RTE_MBUF_F_TX_IPV4 | RTE_MBUF_F_TX_IP_CKSUM | RTE_MBUF_F_TX_TCP_CKSUM)
#define MAX_OPTIONS 32
/* Where the checksum of IPv4 is. */
#define IP_SUM 24

static struct stub stub;
static uint16_t port;
static int checksum;

/* What of the driver is not in its headers. */
struct path {
	const char *name;
	int full;
	eth_rx_burst_t rx;
};

static const struct path paths[] = {
	{"vector", 0, ixgbe_recv_pkts_vec},
	{"simple", 0, ixgbe_recv_pkts_bulk_alloc},
	{"full", 1, ixgbe_recv_pkts},
	{"checksum", 1, ixgbe_recv_pkts},
};

static void fail(const char *what)
{
	fprintf(stderr, "nicdpdk: %s\n", what);
	exit(1);
}

static const struct path *path_of(const char *name)
{
	for (unsigned int i = 0; i < RTE_DIM(paths); i++)
		if (!strcmp(paths[i].name, name))
			return &paths[i];
	fprintf(stderr, "nicdpdk: %s is not vector, simple, full or checksum\n", name);
	exit(2);
}

/* The environment, without devices. */
static void start_eal(const char *path, int more, char **options)
{
	char *all[MAX_OPTIONS] = {"nicdpdk", "--no-pci", "--no-telemetry", "--log-level=error"};
	int n = 4;

	if (!strcmp(path, "simple"))
		all[n++] = "--force-max-simd-bitwidth=64";
	for (int i = 0; i < more && n < MAX_OPTIONS; i++)
		all[n++] = options[i];
	if (rte_eal_init(n, all) < 0)
		fail("the environment of DPDK does not start");
}

/* A port on a device whose registers are memory; bits that are set stay set, as it waits for. */
static struct rte_eth_dev *make_port(int full)
{
	struct rte_eth_dev *dev = rte_eth_dev_allocate("nicdpdk");
	struct ixgbe_adapter *adapter = rte_zmalloc("adapter", sizeof(*adapter), 64);

	if (!dev || !adapter)
		fail("no memory for the port");
	dev->data->dev_private = adapter;
	adapter->hw.mac.type = ixgbe_mac_82599EB;
	adapter->hw.hw_addr = rte_zmalloc("registers", REGISTERS, 4096);
	/* As the driver has them at the beginning of its configure. */
	adapter->rx_bulk_alloc_allowed = true;
	adapter->rx_vec_allowed = true;
	dev->data->nb_rx_queues = 1;
	dev->data->nb_tx_queues = 1;
	dev->data->rx_queues = calloc(1, sizeof(void *));
	dev->data->tx_queues = calloc(1, sizeof(void *));
	if (!adapter->hw.hw_addr || !dev->data->rx_queues || !dev->data->tx_queues)
		fail("no memory for the port");
	if (full) {
		dev->data->dev_conf.rxmode.offloads =
			RTE_ETH_RX_OFFLOAD_CHECKSUM | RTE_ETH_RX_OFFLOAD_RSS_HASH;
		dev->data->dev_conf.txmode.offloads =
			RTE_ETH_TX_OFFLOAD_IPV4_CKSUM | RTE_ETH_TX_OFFLOAD_TCP_CKSUM |
			RTE_ETH_TX_OFFLOAD_UDP_CKSUM | RTE_ETH_TX_OFFLOAD_MULTI_SEGS;
	}
	return dev;
}

static void start_port(struct rte_eth_dev *dev, const struct path *path)
{
	struct rte_eth_rxconf rx = {.rx_free_thresh = path->full ? 16 : 32};
	struct rte_eth_txconf tx = {.tx_rs_thresh = 32, .tx_free_thresh = 32};
	struct rte_mempool *pool = rte_pktmbuf_pool_create("nicdpdk", BUFFERS - 1, CACHE, 0,
							   RTE_MBUF_DEFAULT_BUF_SIZE,
							   (int)rte_socket_id());

	if (!pool)
		fail("no memory for the packets");
	if (ixgbe_dev_rx_queue_setup(dev, 0, RING, 0, &rx, pool) ||
	    ixgbe_dev_tx_queue_setup(dev, 0, RING, 0, &tx))
		fail("the queues are refused");
	ixgbe_set_rx_function(dev);
	if (ixgbe_dev_tx_queue_start(dev, 0) || ixgbe_dev_rx_queue_start(dev, 0))
		fail("the queues do not start");
	if (dev->rx_pkt_burst != path->rx)
		fail("the driver chose another receive function");
	/* The vector function is not public: it is the one that is neither of these two. */
	eth_tx_burst_t tx_wanted = path->full		       ? ixgbe_xmit_pkts
				   : !strcmp(path->name, "simple") ? ixgbe_xmit_pkts_simple
								   : NULL;
	if (tx_wanted ? dev->tx_pkt_burst != tx_wanted
		      : dev->tx_pkt_burst == ixgbe_xmit_pkts ||
				dev->tx_pkt_burst == ixgbe_xmit_pkts_simple)
		fail("the driver chose another transmit function");
}

/* Bursts go through the functions of rte_ethdev.h, as an application's. */
static void publish(struct rte_eth_dev *dev)
{
	struct rte_eth_fp_ops *ops = &rte_eth_fp_ops[dev->data->port_id];

	port = dev->data->port_id;
	ops->rx_pkt_burst = dev->rx_pkt_burst;
	ops->tx_pkt_burst = dev->tx_pkt_burst;
	ops->rxq.data = dev->data->rx_queues;
	ops->txq.data = dev->data->tx_queues;
	ops->rxq.clbk = (void **)(uintptr_t)dev->post_rx_burst_cbs;
	ops->txq.clbk = (void **)(uintptr_t)dev->pre_tx_burst_cbs;
}

static void attach(struct rte_eth_dev *dev)
{
	struct ixgbe_rx_queue *rx = dev->data->rx_queues[0];
	struct ixgbe_tx_queue *tx = dev->data->tx_queues[0];

	stub = (struct stub){
		.rx = (struct desc *)(uintptr_t)rx->rx_ring,
		.tx = (struct desc *)(uintptr_t)tx->tx_ring,
		.rx_tail = rx->rdt_reg_addr,
		.tx_tail = tx->tdt_reg_addr,
	};
}

static inline void touch(struct rte_mbuf *m)
{
	*rte_pktmbuf_mtod(m, uint8_t *) ^= 2;
}

static uint64_t plain_rounds(uint32_t burst, uint32_t count)
{
	struct rte_mbuf *packets[ROUND];
	uint64_t sum = 0;

	while (count-- > 0) {
		for (uint32_t at = 0; at < ROUND; at += burst) {
			complete(&stub, burst);
			uint16_t n = rte_eth_rx_burst(port, 0, packets, (uint16_t)burst);

			for (uint16_t i = 0; i < n; i++)
				touch(packets[i]);
			sum += rte_eth_tx_burst(port, 0, packets, n);
		}
	}
	return sum;
}

static uint64_t checksum_rounds(uint32_t burst, uint32_t count)
{
	struct rte_mbuf *packets[ROUND];
	uint64_t sum = 0;

	while (count-- > 0) {
		for (uint32_t at = 0; at < ROUND; at += burst) {
			complete(&stub, burst);
			uint16_t n = rte_eth_rx_burst(port, 0, packets, (uint16_t)burst);

			for (uint16_t i = 0; i < n; i++) {
				touch(packets[i]);
				packets[i]->ol_flags |= IP_OFFLOADS;
				packets[i]->l2_len = 14;
				packets[i]->l3_len = 20;
				packets[i]->l4_len = 20;
				/* Of the application: the device adds the field to the sum. */
				*rte_pktmbuf_mtod_offset(packets[i], uint16_t *, IP_SUM) = 0;
			}
			sum += rte_eth_tx_burst(port, 0, packets, n);
		}
	}
	return sum;
}

int main(int argc, char **argv)
{
	uint32_t burst;
	double seconds;

	if (argc < 4) {
		fprintf(stderr, "usage: nicdpdk PATH BURST SECONDS [EAL OPTION...]\n");
		return 2;
	}
	arguments("nicdpdk", argv[2], argv[3], &burst, &seconds);
	const struct path *path = path_of(argv[1]);

	checksum = !strcmp(path->name, "checksum");
	start_eal(path->name, argc - 4, argv + 4);
	struct rte_eth_dev *dev = make_port(path->full);

	start_port(dev, path);
	publish(dev);
	attach(dev);
	return measure("nicdpdk", burst, seconds, checksum ? checksum_rounds : plain_rounds);
}
