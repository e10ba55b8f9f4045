// SPDX-License-Identifier: Apache-2.0
/* Prints the constants that io.vpmd.kni.tap uses, as the system's headers have them. */
#include <fcntl.h>
#include <linux/ethtool.h>
#include <linux/if_arp.h>
#include <linux/if_tun.h>
#include <linux/sockios.h>
#include <linux/virtio_net.h>
#include <linux/if.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/uio.h>

#define P(name) printf("%s %lld\n", #name, (long long)(name))
#define AS(name, value) printf("%s %lld\n", name, (long long)(value))

int main(void)
{
	P(TUNSETIFF); P(TUNSETPERSIST); P(TUNSETOFFLOAD); P(TUNGETIFF); P(TUNSETVNETHDRSZ);
	P(TUNSETCARRIER); P(TUNGETDEVNETNS); P(SIOCGIFHWADDR); P(SIOCSIFHWADDR);
	P(IFF_TAP); P(IFF_MULTI_QUEUE); P(IFF_NO_PI); P(IFF_VNET_HDR); P(IFF_TUN_EXCL);
	P(TUN_F_CSUM); P(TUN_F_TSO4); P(TUN_F_TSO6); P(TUN_F_TSO_ECN);
	P(ARPHRD_ETHER);
	P(AF_INET); P(SOCK_DGRAM); P(SOCK_CLOEXEC); P(SIOCETHTOOL); P(ETHTOOL_GSET); P(ETHTOOL_SSET);
	AS("ETHTOOL_CMD_SIZE", sizeof(struct ethtool_cmd));
	AS("SPEED", offsetof(struct ethtool_cmd, speed));
	AS("DUPLEX", offsetof(struct ethtool_cmd, duplex));
	AS("AUTONEG", offsetof(struct ethtool_cmd, autoneg));
	AS("SPEED_HIGH", offsetof(struct ethtool_cmd, speed_hi));
	AS("IFREQ_SIZE", sizeof(struct ifreq));
	AS("MAX_NAME_LENGTH", IFNAMSIZ - 1);
	AS("IOVEC_SIZE", sizeof(struct iovec));
	AS("SIZE", sizeof(struct virtio_net_hdr_mrg_rxbuf));
	AS("NEEDS_CSUM", VIRTIO_NET_HDR_F_NEEDS_CSUM);
	AS("DATA_VALID", VIRTIO_NET_HDR_F_DATA_VALID);
	AS("GSO_TCPV4", VIRTIO_NET_HDR_GSO_TCPV4);
	AS("GSO_TCPV6", VIRTIO_NET_HDR_GSO_TCPV6);
	AS("GSO_ECN", VIRTIO_NET_HDR_GSO_ECN);
	AS("ifreq.flags", offsetof(struct ifreq, ifr_flags));
	AS("ifreq.sa_data", offsetof(struct ifreq, ifr_hwaddr.sa_data));
	AS("hdr.flags", offsetof(struct virtio_net_hdr, flags));
	AS("hdr.gso_type", offsetof(struct virtio_net_hdr, gso_type));
	AS("hdr.hdr_len", offsetof(struct virtio_net_hdr, hdr_len));
	AS("hdr.gso_size", offsetof(struct virtio_net_hdr, gso_size));
	AS("hdr.csum_start", offsetof(struct virtio_net_hdr, csum_start));
	AS("hdr.csum_offset", offsetof(struct virtio_net_hdr, csum_offset));
	return 0;
}
