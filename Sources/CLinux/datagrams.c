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

void linux_take_return(const struct msghdr *header, struct linux_return *way) {
    assert(header->msg_namelen <= sizeof way->peer && header->msg_controllen <= sizeof way->info);
    memset(way, 0, sizeof *way);
    memcpy(&way->peer, header->msg_name, header->msg_namelen);
    if (header->msg_control == NULL || header->msg_controllen == 0) return;
    memcpy(way->info, header->msg_control, header->msg_controllen);
    way->info_byte_count = header->msg_controllen;
    struct msghdr copy = {.msg_control = way->info, .msg_controllen = way->info_byte_count};
    linux_forget_interface(&copy);
}

ssize_t linux_send_return(int socket, const struct linux_return *way, const void *bytes, size_t byte_count) {
    bool is_ipv6 = way->peer.any.sa_family == AF_INET6;
    struct iovec piece = {.iov_base = (void *)bytes, .iov_len = byte_count};
    struct msghdr header = {
        .msg_name = (void *)&way->peer,
        .msg_namelen = is_ipv6 ? sizeof way->peer.v6 : sizeof way->peer.v4,
        .msg_iov = &piece,
        .msg_iovlen = 1,
        .msg_control = way->info_byte_count > 0 ? (void *)way->info : NULL,
        .msg_controllen = way->info_byte_count,
    };
    return sendmsg(socket, &header, MSG_DONTWAIT);
}
