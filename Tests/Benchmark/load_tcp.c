#define _GNU_SOURCE
#include "load.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

enum { STREAM_ROOM = 1 << 17 };
static int poller;

static void watch(struct channel *channel, uint32_t events, int operation) {
    struct epoll_event event = {.events = events, .data.ptr = channel};
    if (epoll_ctl(poller, operation, channel->fd, &event)) die("epoll_ctl");
}

static void open_stream(struct channel *channel) {
    int on = 1;
    channel->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    if (channel->fd < 0) die("socket");
    setsockopt(channel->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    // Churning leaves a port in TIME_WAIT for each query: many source addresses, so that ports do not run out.
    setsockopt(channel->fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on);
    struct sockaddr_in here = {.sin_family = AF_INET,
                               .sin_addr.s_addr = htonl(0x7f010001 + (uint32_t)(connections % 250 << 8))};
    struct sockaddr_in server = {
        .sin_family = AF_INET, .sin_port = htons(options.port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    if (bind(channel->fd, (struct sockaddr *)&here, sizeof here)) die("bind");
    if (connect(channel->fd, (struct sockaddr *)&server, sizeof server) && errno != EINPROGRESS) die("connect");
    channel->connected = false;
    channel->held = 0;
    connections++;
    watch(channel, EPOLLOUT, EPOLL_CTL_ADD);
}

static void reopen(struct channel *channel, uint64_t now) {
    give_up(channel, UINT64_MAX);
    close(channel->fd);
    channel->fd = -1;
    if (may_ask(now)) open_stream(channel);
}

/// Asks `count` queries in one write. False when the connection is broken.
static bool ask(struct channel *channel, unsigned count, uint64_t now) {
    static uint8_t bytes[STREAM_ROOM];
    size_t length = 0;
    for (unsigned i = 0; i < count && length + QUERY_ROOM < STREAM_ROOM; i++) {
        uint16_t id;
        struct query *query = take_query(channel, now, &id);
        memcpy(bytes + length, query->wire, query->length + 2u);
        bytes[length + 2] = (uint8_t)(id >> 8);
        bytes[length + 3] = (uint8_t)id;
        length += query->length + 2u;
    }
    for (size_t sent = 0; sent < length;) {
        ssize_t result = send(channel->fd, bytes + sent, length - sent, MSG_NOSIGNAL);
        if (result > 0) sent += (size_t)result;
        else if (errno == EAGAIN) poll(&(struct pollfd){channel->fd, POLLOUT, 0}, 1, 100);
        else return false;
    }
    return true;
}

/// Reads what is there and takes the complete answers out. False at the end of the stream.
static bool hear(struct channel *channel) {
    ssize_t result = read(channel->fd, channel->bytes + channel->held, STREAM_ROOM - channel->held);
    if (result < 0) return errno == EAGAIN || errno == EINTR;
    if (result == 0) return false;
    channel->held += (size_t)result;
    size_t at = 0;
    uint64_t now = now_ns();
    while (channel->held - at >= 2) {
        size_t length = (size_t)(channel->bytes[at] << 8 | channel->bytes[at + 1]);
        if (channel->held - at < length + 2) break;
        take_answer(channel, channel->bytes + at + 2, length, now);
        at += length + 2;
    }
    channel->held -= at;
    memmove(channel->bytes, channel->bytes + at, channel->held);
    return true;
}

/// What one event on one connection leads to. False: the connection is of no more use.
static bool step(struct channel *channel, bool churn, unsigned depth, uint64_t now) {
    if (!channel->connected) {
        int code = 0;
        socklen_t size = sizeof code;
        getsockopt(channel->fd, SOL_SOCKET, SO_ERROR, &code, &size);
        if (code) return false;
        channel->connected = true;
        watch(channel, EPOLLIN, EPOLL_CTL_MOD);
        return ask(channel, depth, now);
    }
    if (!hear(channel)) {
        reconnections++;  // the server closed a connection that we still wanted
        return false;
    }
    if (channel->waiting) return true;
    if (churn) return false;
    return !may_ask(now) || ask(channel, depth, now);
}

void run_tcp(struct channel *channels, bool churn) {
    poller = epoll_create1(0);
    for (unsigned i = 0; i < options.sockets; i++) {
        channels[i].bytes = malloc(STREAM_ROOM);
        open_stream(&channels[i]);
    }
    struct epoll_event events[64];
    bool waiting = true;
    for (uint64_t now = now_ns(); may_ask(now) || (waiting && now < ends + options.timeout_ns);) {
        int count = epoll_wait(poller, events, 64, 10);
        now = now_ns();
        for (int i = 0; i < count; i++) {
            struct channel *channel = events[i].data.ptr;
            if (!step(channel, churn, churn ? 1 : options.depth, now)) reopen(channel, now);
        }
        waiting = false;
        for (unsigned i = 0; i < options.sockets; i++) {
            struct channel *channel = &channels[i];
            if (channel->fd < 0 || !channel->waiting) continue;
            waiting = true;
            if (now - channel->ring[channel->oldest % RING].due > options.timeout_ns) reopen(channel, now);
        }
    }
}

/// Connections that are on their way at a time; more would overflow the listener's queue.
enum { OPENING = 128 };

void run_idle(struct channel *channels) {
    struct rlimit files;
    if (getrlimit(RLIMIT_NOFILE, &files)) die("getrlimit");
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
    poller = epoll_create1(0);
    uint8_t *shared = malloc(STREAM_ROOM);  // an answer arrives whole, and there is one for each
    struct epoll_event events[64];
    unsigned opened = 0, settled = 0;
    while (settled < options.sockets && now_ns() < ends) {
        while (opened < options.sockets && opened - settled < OPENING) {
            channels[opened].bytes = shared;
            open_stream(&channels[opened++]);
        }
        int count = epoll_wait(poller, events, 64, 10);
        for (int i = 0; i < count; i++) {
            struct channel *channel = events[i].data.ptr;
            bool was_connected = channel->connected;
            bool is_open = was_connected ? hear(channel) : step(channel, false, 1, now_ns());
            if (is_open && (!was_connected || channel->waiting)) continue;
            epoll_ctl(poller, EPOLL_CTL_DEL, channel->fd, NULL);
            if (!is_open) reconnections++;
            settled++;
        }
    }
    for (unsigned i = 0; i < opened; i++) give_up(&channels[i], UINT64_MAX);
    print_result();
    fflush(stdout);
    pause();
    exit(0);
}
