#define _GNU_SOURCE
#include "load.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/udp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <time.h>

enum {
    ANSWER_ROOM = 33000,    // of one receive: many answers where the kernel joins them; not a power of two
    ROOM = 4 << 20,         // of a socket: a full buffer here would look like a loss of the server's
    LATE_AT_ONCE = 8,       // queries of one socket after a pause of ours
};
static const uint64_t sweep_interval = 10000000;  // ns between two looks for lost queries
static const struct timespec nap = {0, 200000};

static struct sockaddr_in server;

/// With clients, one socket speaks for all of them: each query names the address that it comes from.
void open_sockets(struct channel *channels, int room) {
    server = (struct sockaddr_in){
        .sin_family = AF_INET, .sin_port = htons(options.port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int on = 1;
    for (unsigned i = 0; i < options.sockets; i++) {
        int fd = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0);
        if (fd < 0) die("socket");
        if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof room))
            setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &room, sizeof room);
        if (options.joined && setsockopt(fd, SOL_UDP, UDP_GRO, &on, sizeof on)) die("UDP_GRO");
        if (!options.clients && connect(fd, (struct sockaddr *)&server, sizeof server)) die("connect");
        channels[i].fd = fd;
    }
    if (options.naps) prctl(PR_SET_TIMERSLACK, 1);
}

// ---- Answers

/// How long each answer of a receive is; the last one may be shorter. All of it, if the kernel joined nothing.
static size_t segment_of(struct msghdr *header, size_t length) {
    for (struct cmsghdr *word = CMSG_FIRSTHDR(header); word; word = CMSG_NXTHDR(header, word))
        if (word->cmsg_level == SOL_UDP && word->cmsg_type == UDP_GRO) {
            int size;
            memcpy(&size, CMSG_DATA(word), sizeof size);
            return (size_t)size;
        }
    return length;
}

static bool receive(struct channel *channel) {
    static uint8_t bytes[BATCH][ANSWER_ROOM];
    static _Alignas(struct cmsghdr) uint8_t control[BATCH][CMSG_SPACE(sizeof(int))];
    static struct iovec parts[BATCH];
    static struct mmsghdr headers[BATCH];
    for (unsigned i = 0; i < BATCH; i++) {
        parts[i] = (struct iovec){bytes[i], ANSWER_ROOM};
        headers[i].msg_hdr = (struct msghdr){.msg_iov = &parts[i], .msg_iovlen = 1};
        if (!options.joined) continue;
        headers[i].msg_hdr.msg_control = control[i];
        headers[i].msg_hdr.msg_controllen = sizeof control[i];
    }
    int count = recvmmsg(channel->fd, headers, BATCH, MSG_DONTWAIT, NULL);
    uint64_t now = now_ns();
    for (int i = 0; i < count; i++) {
        size_t length = headers[i].msg_len, segment = segment_of(&headers[i].msg_hdr, length);
        for (size_t at = 0; at < length; at += segment)
            take_answer(channel, bytes[i] + at, length - at < segment ? length - at : segment, now);
    }
    return count > 0;
}

// ---- Queries

static struct { uint8_t bytes[BATCH][QUERY_ROOM]; struct iovec parts[BATCH]; } outgoing;

/// Makes the next `count` queries ready to leave; the i-th is due at `due[i]`.
static void prepare(struct channel *channel, const uint64_t *due, unsigned count) {
    for (unsigned i = 0; i < count; i++) {
        uint16_t id;
        struct query *query = take_query(channel, due[i], &id);
        uint8_t *bytes = outgoing.bytes[i];
        memcpy(bytes, message_of(query), query->length);
        bytes[0] = (uint8_t)(id >> 8);
        bytes[1] = (uint8_t)id;
        outgoing.parts[i] = (struct iovec){bytes, query->length};
    }
}

bool is_passing(int code) {
    // Refused: the server is not there now. The query counts as lost, as it would for a Pod.
    return code == EAGAIN || code == EINTR || code == ECONNREFUSED;
}

void attach_control(struct msghdr *header, uint8_t *room, int level, int type, const void *value, size_t size) {
    header->msg_control = room;
    header->msg_controllen = CMSG_SPACE(size);
    struct cmsghdr *word = CMSG_FIRSTHDR(header);
    word->cmsg_level = level;
    word->cmsg_type = type;
    word->cmsg_len = CMSG_LEN(size);
    memcpy(CMSG_DATA(word), value, size);
}

/// One system call and one walk through the kernel for all: it cuts the bytes into datagrams of one length.
static void send_joined(struct channel *channel, unsigned count) {
    static _Alignas(struct cmsghdr) uint8_t control[CMSG_SPACE(sizeof(uint16_t))];
    struct msghdr header = {.msg_iov = outgoing.parts, .msg_iovlen = count};
    uint16_t length = (uint16_t)outgoing.parts[0].iov_len;
    attach_control(&header, control, SOL_UDP, UDP_SEGMENT, &length, sizeof length);
    while (sendmsg(channel->fd, &header, 0) < 0)
        if (!is_passing(errno)) die("sendmsg");
}

/// The address of the client whose turn it is: 127.1.0.0 and up.
static struct in_pktinfo next_client(void) {
    static unsigned turn;
    if (++turn >= options.clients) turn = 0;
    return (struct in_pktinfo){.ipi_spec_dst.s_addr = htonl(0x7f010000 + turn)};
}

static void send_single(struct channel *channel, unsigned count) {
    static _Alignas(struct cmsghdr) uint8_t control[BATCH][CMSG_SPACE(sizeof(struct in_pktinfo))];
    struct mmsghdr headers[BATCH];
    for (unsigned i = 0; i < count; i++) {
        headers[i].msg_hdr = (struct msghdr){.msg_iov = &outgoing.parts[i], .msg_iovlen = 1};
        if (!options.clients) continue;
        struct in_pktinfo from = next_client();
        headers[i].msg_hdr.msg_name = &server;
        headers[i].msg_hdr.msg_namelen = sizeof server;
        attach_control(&headers[i].msg_hdr, control[i], IPPROTO_IP, IP_PKTINFO, &from, sizeof from);
    }
    for (unsigned sent = 0; sent < count;) {
        int result = sendmmsg(channel->fd, headers + sent, count - sent, 0);
        if (result > 0) sent += (unsigned)result;
        else if (!is_passing(errno)) die("sendmmsg");
    }
}

static void send_group(struct channel *channel) {
    uint64_t now = now_ns(), due[BATCH];
    for (unsigned i = 0; i < options.group; i++) due[i] = now;
    prepare(channel, due, options.group);
    if (is_joining()) send_joined(channel, options.group);
    else send_single(channel, options.group);
}

// ---- Runs

static bool any_waiting(const struct channel *channels) {
    for (unsigned i = 0; i < options.sockets; i++)
        if (channels[i].waiting) return true;
    return false;
}

static void sweep(struct channel *channels, uint64_t now) {
    static uint64_t last;
    if (now - last < sweep_interval) return;
    last = now;
    for (unsigned i = 0; i < options.sockets; i++) give_up(&channels[i], now - options.timeout_ns);
}

void run_closed(struct channel *channels) {
    open_sockets(channels, ROOM);
    unsigned each = options.window / options.sockets;
    for (uint64_t now; may_ask(now = now_ns()) || any_waiting(channels); sweep(channels, now)) {
        bool idle = true;
        for (unsigned i = 0; i < options.sockets; i++) {
            struct channel *channel = &channels[i];
            if (channel->waiting && receive(channel)) idle = false;
            if (!may_ask(now) || channel->waiting + options.group > each) continue;
            send_group(channel);
            idle = false;
        }
        if (idle && options.naps) nanosleep(&nap, NULL);
    }
}

void run_open(struct channel *channels) {
    open_sockets(channels, ROOM);
    uint64_t start = now_ns(), made = 0;
    unsigned turn = 0;
    for (uint64_t now; may_ask(now = now_ns()) || any_waiting(channels); sweep(channels, now)) {
        uint64_t wanted = may_ask(now) ? (uint64_t)((double)(now - start) * options.rate / 1e9) : made;
        bool idle = made >= wanted;
        while (made < wanted) {
            uint64_t due[LATE_AT_ONCE];
            unsigned count = 0;
            // After a pause of ours the queries that became due meanwhile are spread over the sockets.
            while (count < LATE_AT_ONCE && made < wanted)
                due[count++] = start + (uint64_t)((double)made++ * 1e9 / options.rate);
            struct channel *channel = &channels[turn++ % options.sockets];
            prepare(channel, due, count);
            send_single(channel, count);
        }
        for (unsigned i = 0; i < options.sockets; i++)
            if (channels[i].waiting && receive(&channels[i])) idle = false;
        if (idle && options.naps) nanosleep(&nap, NULL);
    }
}
