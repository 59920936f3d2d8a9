#define _GNU_SOURCE
#include "load.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/udp.h>
#include <string.h>
#include <sys/socket.h>

static const uint64_t sweep_interval = 10000000;  // ns between two looks for lost queries

static void open_sockets(struct channel *channels) {
    struct sockaddr_in server = {
        .sin_family = AF_INET, .sin_port = htons(options.port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int room = 4 << 20;  // a full buffer here would look like a loss of the server's
    for (unsigned i = 0; i < options.sockets; i++) {
        int fd = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0);
        if (fd < 0) die("socket");
        if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof room))
            setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &room, sizeof room);
        if (connect(fd, (struct sockaddr *)&server, sizeof server)) die("connect");
        channels[i].fd = fd;
    }
}

static void receive(struct channel *channel) {
    static uint8_t bytes[BATCH][MESSAGE_ROOM];
    static struct iovec parts[BATCH];
    static struct mmsghdr headers[BATCH];
    for (unsigned i = 0; i < BATCH; i++) {
        parts[i] = (struct iovec){bytes[i], MESSAGE_ROOM};
        headers[i].msg_hdr = (struct msghdr){.msg_iov = &parts[i], .msg_iovlen = 1};
    }
    int count = recvmmsg(channel->fd, headers, BATCH, MSG_DONTWAIT, NULL);
    uint64_t now = now_ns();
    for (int i = 0; i < count; i++) take_answer(channel, bytes[i], headers[i].msg_len, now);
}

/// Puts `count` queries into `bytes` and `parts`; the i-th is due at `due[i]`.
static void prepare(struct channel *channel, const uint64_t *due, unsigned count, uint8_t (*bytes)[QUERY_ROOM],
                    struct iovec *parts) {
    for (unsigned i = 0; i < count; i++) {
        uint16_t id;
        struct query *query = take_query(channel, due[i], &id);
        memcpy(bytes[i], message_of(query), query->length);
        bytes[i][0] = (uint8_t)(id >> 8);
        bytes[i][1] = (uint8_t)id;
        parts[i] = (struct iovec){bytes[i], query->length};
    }
}

static bool is_passing(int code) {
    // Refused: the server is not there now. The query counts as lost, as it would for a Pod.
    return code == EAGAIN || code == EINTR || code == ECONNREFUSED;
}

/// One system call for the whole group: the kernel cuts it into datagrams, so the load costs less than the server.
static void send_group(struct channel *channel) {
    static uint8_t bytes[BATCH][QUERY_ROOM];
    uint64_t now = now_ns(), due[BATCH];
    for (unsigned i = 0; i < options.group; i++) due[i] = now;
    struct iovec parts[BATCH];
    prepare(channel, due, options.group, bytes, parts);
    _Alignas(struct cmsghdr) uint8_t control[CMSG_SPACE(sizeof(uint16_t))] = {0};
    struct msghdr header = {.msg_iov = parts, .msg_iovlen = options.group};
    if (options.group > 1) {
        header.msg_control = control;
        header.msg_controllen = sizeof control;
        struct cmsghdr *segment = CMSG_FIRSTHDR(&header);
        segment->cmsg_level = SOL_UDP;
        segment->cmsg_type = UDP_SEGMENT;
        segment->cmsg_len = CMSG_LEN(sizeof(uint16_t));
        uint16_t length = (uint16_t)parts[0].iov_len;
        memcpy(CMSG_DATA(segment), &length, sizeof length);
    }
    while (sendmsg(channel->fd, &header, 0) < 0)
        if (!is_passing(errno)) die("sendmsg");
}

static void send_due(struct channel *channel, const uint64_t *due, unsigned count) {
    static uint8_t bytes[BATCH][QUERY_ROOM];
    struct iovec parts[BATCH];
    struct mmsghdr headers[BATCH];
    prepare(channel, due, count, bytes, parts);
    for (unsigned i = 0; i < count; i++)
        headers[i].msg_hdr = (struct msghdr){.msg_iov = &parts[i], .msg_iovlen = 1};
    for (unsigned sent = 0; sent < count;) {
        int result = sendmmsg(channel->fd, headers + sent, count - sent, 0);
        if (result > 0) sent += (unsigned)result;
        else if (!is_passing(errno)) die("sendmmsg");
    }
}

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
    open_sockets(channels);
    unsigned each = options.window / options.sockets;
    for (uint64_t now; may_ask(now = now_ns()) || any_waiting(channels); sweep(channels, now))
        for (unsigned i = 0; i < options.sockets; i++) {
            struct channel *channel = &channels[i];
            if (channel->waiting) receive(channel);
            if (channel->waiting + options.group <= each && may_ask(now)) send_group(channel);
        }
}

void run_open(struct channel *channels) {
    open_sockets(channels);
    uint64_t start = now_ns(), made = 0;
    unsigned turn = 0;
    for (uint64_t now; may_ask(now = now_ns()) || any_waiting(channels); sweep(channels, now)) {
        uint64_t wanted = may_ask(now) ? (uint64_t)((double)(now - start) * options.rate / 1e9) : made;
        while (made < wanted) {
            uint64_t due[BATCH];
            unsigned count = 0;
            // After a pause of ours the queries that became due meanwhile are spread over the sockets.
            while (count < 8 && made < wanted) due[count++] = start + (uint64_t)((double)made++ * 1e9 / options.rate);
            send_due(&channels[turn++ % options.sockets], due, count);
        }
        for (unsigned i = 0; i < options.sockets; i++)
            if (channels[i].waiting) receive(&channels[i]);
    }
}
