// The limits of a server on this machine: what remains when the work of a name server is taken away.
//
//   echo udp PORT            recvmmsg, set QR, sendmmsg
//   echo tcp PORT            epoll; the queries of one read leave as the answers of one write
//   echo gso PORT            udp; neighbouring answers of one length to one peer leave as one send
//   echo table PORT QUERIES  udp, and one look into a table of finished answers
#define _GNU_SOURCE
#include "echo.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <netinet/udp.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

void die(const char *what) {
    perror(what);
    exit(2);
}

int receive(int fd, struct batch *batch) {
    for (int i = 0; i < BATCH; i++) {
        batch->parts[i] = (struct iovec){batch->bytes[i], DATAGRAM_ROOM};
        batch->headers[i].msg_hdr = (struct msghdr){
            .msg_name = &batch->peers[i], .msg_namelen = sizeof batch->peers[i],
            .msg_iov = &batch->parts[i], .msg_iovlen = 1};
    }
    int count = recvmmsg(fd, batch->headers, BATCH, MSG_WAITFORONE, NULL);
    if (count < 0 && errno != EINTR) die("recvmmsg");
    return count;
}

void send_back(int fd, struct batch *batch, int count) {
    for (int sent = 0; sent < count;) {
        int result = sendmmsg(fd, batch->headers + sent, (unsigned)(count - sent), 0);
        sent += result > 0 ? result : 1;  // a datagram that cannot be sent is dropped
    }
}

static void mark_answers(struct batch *batch, int count) {
    for (int i = 0; i < count; i++) {
        batch->bytes[i][2] |= 0x80;
        batch->parts[i].iov_len = batch->headers[i].msg_len;
    }
}

static bool go_together(const struct batch *batch, int one, int other) {
    return batch->parts[one].iov_len == batch->parts[other].iov_len &&
           batch->peers[one].sin_port == batch->peers[other].sin_port &&
           batch->peers[one].sin_addr.s_addr == batch->peers[other].sin_addr.s_addr;
}

/// Neighbours that go together become one message, which the kernel cuts into datagrams; the number of messages.
static int join(struct batch *batch, int count) {
    static _Alignas(struct cmsghdr) uint8_t control[BATCH][CMSG_SPACE(sizeof(uint16_t))];
    int joined = 0;
    for (int i = 0, next; i < count; i = next) {
        for (next = i + 1; next < count && go_together(batch, i, next);) next++;
        struct msghdr *header = &batch->headers[joined].msg_hdr;
        *header = batch->headers[i].msg_hdr;
        header->msg_iovlen = (size_t)(next - i);
        if (next - i > 1) {
            header->msg_control = control[joined];
            header->msg_controllen = sizeof control[joined];
            struct cmsghdr *word = CMSG_FIRSTHDR(header);
            *word = (struct cmsghdr){
                .cmsg_level = SOL_UDP, .cmsg_type = UDP_SEGMENT, .cmsg_len = CMSG_LEN(sizeof(uint16_t))};
            memcpy(CMSG_DATA(word), &(uint16_t){(uint16_t)batch->parts[i].iov_len}, sizeof(uint16_t));
        }
        joined++;
    }
    return joined;
}

static void serve_udp(int fd, bool joins) {
    static struct batch batch;
    for (;;) {
        int count = receive(fd, &batch);
        mark_answers(&batch, count);
        send_back(fd, &batch, joins ? join(&batch, count) : count);
    }
}

// ---- TCP

enum { CONNECTIONS = 4096, STREAM_ROOM = 1 << 16 };
struct stream { size_t held; uint8_t *bytes; };
static struct stream streams[CONNECTIONS];  // by descriptor

static void accept_all(int listener, int poller) {
    int fd, on = 1;
    while ((fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK)) >= 0) {
        if (fd >= CONNECTIONS) {
            close(fd);
            continue;
        }
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        if (!streams[fd].bytes) streams[fd].bytes = malloc(STREAM_ROOM);
        streams[fd].held = 0;
        struct epoll_event event = {.events = EPOLLIN, .data.fd = fd};
        if (epoll_ctl(poller, EPOLL_CTL_ADD, fd, &event)) die("epoll_ctl");
    }
}

/// Marks every complete message as an answer; the number of bytes they take.
static size_t answer_complete(struct stream *stream) {
    size_t at = 0;
    while (stream->held - at >= 2) {
        size_t length = (size_t)(stream->bytes[at] << 8 | stream->bytes[at + 1]) + 2;
        if (stream->held - at < length) break;
        if (length >= 5) stream->bytes[at + 4] |= 0x80;
        at += length;
    }
    return at;
}

static void echo_stream(int fd) {
    struct stream *stream = &streams[fd];
    ssize_t result = read(fd, stream->bytes + stream->held, STREAM_ROOM - stream->held);
    if (result < 0 && errno == EAGAIN) return;
    if (result <= 0) {
        close(fd);
        return;
    }
    stream->held += (size_t)result;
    size_t complete = answer_complete(stream);
    for (size_t sent = 0; sent < complete;) {
        ssize_t written = send(fd, stream->bytes + sent, complete - sent, MSG_NOSIGNAL);
        if (written > 0) sent += (size_t)written;
        else if (errno == EAGAIN) poll(&(struct pollfd){fd, POLLOUT, 0}, 1, 100);
        else break;
    }
    stream->held -= complete;
    memmove(stream->bytes, stream->bytes + complete, stream->held);
}

static void serve_tcp(const struct sockaddr_in *address) {
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), poller = epoll_create1(0), on = 1;
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(listener, (const struct sockaddr *)address, sizeof *address)) die("bind");
    if (listen(listener, 1024)) die("listen");
    struct epoll_event event = {.events = EPOLLIN, .data.fd = listener}, events[64];
    if (epoll_ctl(poller, EPOLL_CTL_ADD, listener, &event)) die("epoll_ctl");
    for (;;) {
        int count = epoll_wait(poller, events, 64, -1);
        for (int i = 0; i < count; i++) {
            if (events[i].data.fd == listener) accept_all(listener, poller);
            else echo_stream(events[i].data.fd);
        }
    }
}

int main(int count, char **arguments) {
    if (count < 3) {
        fprintf(stderr, "echo udp|gso|tcp|table PORT [QUERIES]\n");
        return 2;
    }
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(arguments[2])),
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    if (strcmp(arguments[1], "tcp") == 0) serve_tcp(&address);
    int fd = socket(AF_INET, SOCK_DGRAM, 0), room = 4 << 20;
    if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof room))
        setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &room, sizeof room);
    if (bind(fd, (struct sockaddr *)&address, sizeof address)) die("bind");
    if (strcmp(arguments[1], "table") == 0 && count > 3) serve_table(fd, arguments[3]);
    serve_udp(fd, strcmp(arguments[1], "gso") == 0);
}
