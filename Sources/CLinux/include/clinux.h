// What Swift's Glibc does not import: thin functions, own structs, no state.
#ifndef CLINUX_H
#define CLINUX_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>
#include <sys/types.h>

// "EADDRINUSE", or NULL for an unknown code.
const char *linux_error_name(int code);
// "Address already in use", or NULL for an unknown code.
const char *linux_error_text(int code);

// Room for any IPv4 or IPv6 socket address.
union linux_address {
    struct sockaddr any;
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
};

// The same bytes as the kernel's struct mmsghdr (asserted in datagrams.c).
struct linux_datagram {
    struct msghdr header;
    unsigned int byte_count;
};

enum {
    // What one packet info message needs: a cmsghdr, an in6_pktinfo, padding (asserted in datagrams.c).
    linux_packet_info_byte_count = 40,
    // The same for the segment size of a message that holds several datagrams.
    linux_segment_size_byte_count = 24,
    linux_control_byte_count = linux_packet_info_byte_count + linux_segment_size_byte_count,
};

// Have the kernel tell the local address of each datagram. -1 and errno on failure.
int linux_request_packet_info(int socket, bool ipv6);
// Keeps the address that was asked as the source of the answer, but leaves the way out to the routing table.
void linux_forget_interface(struct msghdr *header);

// Have the kernel hand over several datagrams of one sender as one (UDP_GRO). -1 and errno on failure.
int linux_request_coalescing(int socket);
// The size of the datagrams that were received as one (the last may be shorter), or 0 where it is only one. Takes the
// message that says so out of the header, so that an answer can leave with what remains.
size_t linux_take_segment_size(struct linux_datagram *received);
// Makes a message of several datagrams of this size, of which the last may be shorter (UDP_SEGMENT). Its control
// messages move to `control`, which has linux_control_byte_count bytes.
void linux_request_segments(struct linux_datagram *message, void *control, uint16_t byte_count);
// Equal for equal peers.
uint32_t linux_peer_hash(const struct linux_datagram *datagram);
// Whether both go to the same peer, and from the same address.
bool linux_is_same_way(const struct linux_datagram *one, const struct linux_datagram *other);

// recvmmsg: waits for the first datagram if asked to, takes what else is there. Count, or -1 and errno.
int linux_receive(int socket, struct linux_datagram *datagrams, unsigned int count, bool waiting);
// sendmmsg without waiting. Count of datagrams sent from the front, or -1 and errno for the first.
int linux_send(int socket, struct linux_datagram *datagrams, unsigned int count);

// How one datagram is answered later: its sender, and the address that was asked.
struct linux_return {
    union linux_address peer;
    // An IP_PKTINFO or IPV6_PKTINFO message; uint64_t for its alignment.
    uint64_t info[linux_packet_info_byte_count / 8];
    size_t info_byte_count;
};

// Fills in how the datagram that this header received is answered.
void linux_take_return(const struct msghdr *header, struct linux_return *way);
// sendmsg without waiting. The byte count, or -1 and errno.
ssize_t linux_send_return(int socket, const struct linux_return *way, const void *bytes, size_t byte_count);

// eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)
int linux_event_descriptor(void);

// Names the calling thread; the kernel keeps 15 bytes.
void linux_name_thread(const char *name);

// Processors in the affinity mask of this process, or -1 and errno.
int linux_affinity_count(void);

// Gives free heap memory back to the kernel.
void linux_trim_heap(void);

#endif
