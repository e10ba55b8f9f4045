// SPDX-License-Identifier: Apache-2.0
/* Prints the constants that io.vpmd.kni.netlink uses, as the system's headers have them. */
#define _GNU_SOURCE
#include <sys/socket.h>
#include <linux/if.h>
#include <linux/if_link.h>
#include <linux/if_tun.h>
#include <linux/neighbour.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <poll.h>
#include <stddef.h>
#include <stdio.h>

#define P(name) printf("%s %lld\n", #name, (long long)(name))
#define AS(name, value) printf("%s %lld\n", name, (long long)(value))

int main(void)
{
	P(AF_NETLINK); P(NETLINK_ROUTE); P(SOL_NETLINK); P(NETLINK_ADD_MEMBERSHIP);
	P(NETLINK_CAP_ACK); P(NETLINK_EXT_ACK); P(RTNLGRP_LINK);
	P(NLMSG_NOOP); P(NLMSG_ERROR); P(NLMSG_DONE);
	P(NLM_F_REQUEST); P(NLM_F_ACK); P(NLM_F_DUMP_INTR); P(NLM_F_CAPPED); P(NLM_F_ACK_TLVS);
	P(NLM_F_REPLACE); P(NLM_F_EXCL); P(NLM_F_DUMP); P(NLM_F_CREATE);
	P(NLMSGERR_ATTR_MSG); AS("NLA_TYPE_MASK", (unsigned short)NLA_TYPE_MASK);
	P(RTM_NEWLINK); P(RTM_DELLINK); P(RTM_GETLINK); P(RTM_SETLINK);
	P(RTM_NEWADDR); P(RTM_DELADDR); P(RTM_NEWROUTE); P(RTM_DELROUTE); P(RTM_NEWNEIGH);
	P(IFLA_ADDRESS); P(IFLA_IFNAME); P(IFLA_MTU); P(IFLA_OPERSTATE); P(IFLA_LINKINFO);
	P(IFLA_STATS64); P(IFLA_NET_NS_FD); P(IFLA_PROMISCUITY); P(IFLA_CARRIER);
	P(IFLA_MIN_MTU); P(IFLA_MAX_MTU); P(IFLA_INFO_KIND); P(IFLA_INFO_DATA);
	P(IFLA_TUN_TYPE); P(IFLA_TUN_PERSIST); P(IFLA_TUN_MULTI_QUEUE); P(IFLA_TUN_NUM_QUEUES);
	P(IFF_TAP); P(IFF_UP); P(IFF_PROMISC); P(IFF_ALLMULTI); P(AF_INET); P(AF_INET6);
	P(IFA_ADDRESS); P(IFA_LOCAL); P(IFA_BROADCAST); P(IFA_F_NODAD);
	P(RTA_DST); P(RTA_OIF); P(RTA_GATEWAY); P(RT_TABLE_MAIN); P(RTPROT_STATIC);
	P(RT_SCOPE_UNIVERSE); P(RT_SCOPE_LINK); P(RTN_UNICAST);
	P(NDA_DST); P(NDA_LLADDR); P(NUD_PERMANENT);
	P(SOCK_RAW); P(SOL_SOCKET); P(SO_RCVBUF); P(MSG_TRUNC); P(MSG_DONTWAIT); P(POLLIN);
	AS("NLMSG_HEADER", NLMSG_HDRLEN);
	AS("IFINFOMSG", sizeof(struct ifinfomsg));
	AS("SOCKADDR_NL", sizeof(struct sockaddr_nl));
	AS("LINK_STATS_PART", offsetof(struct rtnl_link_stats64, rx_length_errors));
	return 0;
}
