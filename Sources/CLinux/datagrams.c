#define _GNU_SOURCE
#include "clinux.h"

#include <assert.h>
#include <string.h>

_Static_assert(sizeof(struct linux_datagram) == sizeof(struct mmsghdr), "linux_datagram is mmsghdr");
_Static_assert(offsetof(struct linux_datagram, byte_count) == offsetof(struct mmsghdr, msg_len), "linux_datagram is mmsghdr");
_Static_assert(CMSG_SPACE(sizeof(struct in6_pktinfo)) == linux_packet_info_byte_count, "IPv6 packet info fits");
_Static_assert(CMSG_SPACE(sizeof(struct in_pktinfo)) <= linux_packet_info_byte_count, "IPv4 packet info fits");

int linux_request_packet_info(int socket, bool ipv6) {
    int on = 1;
    if (ipv6) return setsockopt(socket, IPPROTO_IPV6, IPV6_RECVPKTINFO, &on, sizeof on);
    return setsockopt(socket, IPPROTO_IP, IP_PKTINFO, &on, sizeof on);
}

void linux_forget_interface(struct msghdr *header) {
    struct cmsghdr *message = CMSG_FIRSTHDR(header);
    if (message == NULL) return;
    if (message->cmsg_level == IPPROTO_IP && message->cmsg_type == IP_PKTINFO) {
        ((struct in_pktinfo *)CMSG_DATA(message))->ipi_ifindex = 0;
        return;
    }
    if (message->cmsg_level != IPPROTO_IPV6 || message->cmsg_type != IPV6_PKTINFO) return;
    struct in6_pktinfo *info = (struct in6_pktinfo *)CMSG_DATA(message);
    // A link-local address means nothing without its interface (RFC 4007 section 6).
    if (!IN6_IS_ADDR_LINKLOCAL(&info->ipi6_addr)) info->ipi6_ifindex = 0;
}

int linux_receive(int socket, struct linux_datagram *datagrams, unsigned int count, bool waiting) {
    int flags = waiting ? MSG_WAITFORONE : MSG_DONTWAIT;
    return recvmmsg(socket, (struct mmsghdr *)datagrams, count, flags, NULL);
}

int linux_send(int socket, struct linux_datagram *datagrams, unsigned int count) {
    return sendmmsg(socket, (struct mmsghdr *)datagrams, count, MSG_DONTWAIT);
}
