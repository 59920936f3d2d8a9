#define _GNU_SOURCE
#include "clinux.h"

#include <assert.h>
#include <netinet/udp.h>
#include <string.h>

_Static_assert(sizeof(struct linux_datagram) == sizeof(struct mmsghdr), "linux_datagram is mmsghdr");
_Static_assert(offsetof(struct linux_datagram, byte_count) == offsetof(struct mmsghdr, msg_len), "linux_datagram is mmsghdr");
_Static_assert(CMSG_SPACE(sizeof(struct in6_pktinfo)) == linux_packet_info_byte_count, "IPv6 packet info fits");
_Static_assert(CMSG_SPACE(sizeof(struct in_pktinfo)) <= linux_packet_info_byte_count, "IPv4 packet info fits");
_Static_assert(CMSG_SPACE(sizeof(int)) == linux_segment_size_byte_count, "a received segment size fits");
_Static_assert(CMSG_SPACE(sizeof(uint16_t)) == linux_segment_size_byte_count, "a sent segment size fits");

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

int linux_request_coalescing(int socket) {
    int on = 1;
    return setsockopt(socket, IPPROTO_UDP, UDP_GRO, &on, sizeof on);
}

size_t linux_take_segment_size(struct linux_datagram *received) {
    struct msghdr *header = &received->header;
    for (struct cmsghdr *message = CMSG_FIRSTHDR(header); message; message = CMSG_NXTHDR(header, message)) {
        if (message->cmsg_level != IPPROTO_UDP || message->cmsg_type != UDP_GRO) continue;
        int size;
        memcpy(&size, CMSG_DATA(message), sizeof size);
        uint8_t *end = (uint8_t *)header->msg_control + header->msg_controllen;
        uint8_t *next = (uint8_t *)message + linux_segment_size_byte_count;
        if (next < end) memmove(message, next, (size_t)(end - next));
        header->msg_controllen = next < end ? header->msg_controllen - linux_segment_size_byte_count
                                            : (size_t)((uint8_t *)message - (uint8_t *)header->msg_control);
        return size > 0 ? (size_t)size : 0;
    }
    return 0;
}

void linux_request_segments(struct linux_datagram *message, void *control, uint16_t byte_count) {
    struct msghdr *header = &message->header;
    size_t kept = CMSG_ALIGN(header->msg_controllen);
    assert(kept <= linux_packet_info_byte_count);
    if (kept > 0) memcpy(control, header->msg_control, header->msg_controllen);
    struct cmsghdr *segment = (struct cmsghdr *)((uint8_t *)control + kept);
    segment->cmsg_level = IPPROTO_UDP;
    segment->cmsg_type = UDP_SEGMENT;
    segment->cmsg_len = CMSG_LEN(sizeof byte_count);
    memcpy(CMSG_DATA(segment), &byte_count, sizeof byte_count);
    header->msg_control = control;
    header->msg_controllen = kept + CMSG_SPACE(sizeof byte_count);
}

uint32_t linux_peer_hash(const struct linux_datagram *datagram) {
    // Family, port and all of an IPv4 address lie in the first eight bytes.
    uint64_t words[3] = {0};
    bool is_ipv6 = datagram->header.msg_namelen == sizeof(struct sockaddr_in6);
    memcpy(words, datagram->header.msg_name, is_ipv6 ? sizeof words : sizeof words[0]);
    uint64_t mixed = words[0] ^ (words[1] << 7 | words[1] >> 57) ^ (words[2] << 29 | words[2] >> 35);
    return (uint32_t)(mixed * 0x9e3779b97f4a7c15u >> 32);
}

static bool is_same(const void *one, size_t count, const void *other, size_t other_count) {
    return count == other_count && (one == other || memcmp(one, other, count) == 0);
}

bool linux_is_same_way(const struct linux_datagram *one, const struct linux_datagram *other) {
    const struct msghdr *a = &one->header, *b = &other->header;
    return is_same(a->msg_name, a->msg_namelen, b->msg_name, b->msg_namelen) &&
           is_same(a->msg_control, a->msg_controllen, b->msg_control, b->msg_controllen);
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
