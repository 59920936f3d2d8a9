// Queries at a rate that no server bears, or as many as this CPU can send; and how many of them the server answered, whether or not there was time to hear
// every answer.
//
// An id stands for the same query on every socket and each time that it comes round. So an answer is checked however late
// it comes, and nothing is noted for a query. Answers that find the receive buffer full are counted by the kernel, one for
// each datagram: they were sent as well.
#define _GNU_SOURCE
#include "load.h"

#include <errno.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <netinet/udp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#ifndef SO_MEMINFO
#define SO_MEMINFO 55
#endif

enum {
    IDS = 65536,
    ANSWER_ROOM = 1280,         // more than the 1232 octets that a query of the list allows
    BUFFER = 64 << 10,          // small: what waits in it when a count is taken is in no count
};
static const uint64_t rest = 20000000;  // ns without an answer after which the server has sent its last one

static struct { uint8_t *bytes; size_t size; } *groups;  // datagrams one behind the other, as one send takes them
static unsigned group_count;
static uint64_t asked, heard, wrong;

// ---- Queries

/// Writes every group once for all: the i-th query of the g-th group has the id g × group + i.
static void write_groups(void) {
    group_count = IDS / options.group;
    if (group_count > queries.count / options.group) group_count = queries.count / options.group;
    groups = calloc(group_count, sizeof *groups);
    for (unsigned g = 0, id = 0; g < group_count; g++) {
        size_t length = queries.all[id].length;
        groups[g].size = length * options.group;
        groups[g].bytes = malloc(groups[g].size);
        for (unsigned i = 0; i < options.group; i++, id++) {
            uint8_t *message = groups[g].bytes + i * length;
            memcpy(message, message_of(&queries.all[id]), length);
            message[0] = (uint8_t)(id >> 8);
            message[1] = (uint8_t)id;
        }
    }
}

/// One system call; the kernel cuts the group into datagrams.
static void send_next(int fd) {
    static unsigned next;
    static _Alignas(struct cmsghdr) uint8_t control[CMSG_SPACE(sizeof(uint16_t))];
    struct iovec part = {groups[next].bytes, groups[next].size};
    struct msghdr header = {.msg_iov = &part, .msg_iovlen = 1};
    uint16_t length = (uint16_t)(groups[next].size / options.group);
    attach_control(&header, control, SOL_UDP, UDP_SEGMENT, &length, sizeof length);
    if (++next == group_count) next = 0;
    if (sendmsg(fd, &header, 0) > 0) asked += options.group;
    else if (!is_passing(errno)) die("sendmsg");
}

// ---- Answers

static bool is_right_answer(const uint8_t *message, size_t length) {
    if (length < 12 || !(message[2] & 0x80)) return false;
    unsigned id = (unsigned)(message[0] << 8 | message[1]);
    if (id >= group_count * options.group) return false;
    return options.unchecked || is_right(message, &queries.all[id]);
}

/// Takes one batch; how many answers it held.
static int hear(int fd) {
    static uint8_t bytes[BATCH][ANSWER_ROOM];
    static struct iovec parts[BATCH];
    static struct mmsghdr headers[BATCH];
    for (unsigned i = 0; i < BATCH; i++) {
        parts[i] = (struct iovec){bytes[i], ANSWER_ROOM};
        headers[i].msg_hdr = (struct msghdr){.msg_iov = &parts[i], .msg_iovlen = 1};
    }
    int count = recvmmsg(fd, headers, BATCH, MSG_DONTWAIT, NULL);
    for (int i = 0; i < count; i++) wrong += !is_right_answer(bytes[i], headers[i].msg_len);
    if (count > 0) heard += (uint64_t)count;
    return count;
}

/// Answers that found the receive buffers full.
static uint64_t dropped(const struct channel *channels) {
    uint64_t total = 0;
    for (unsigned i = 0; i < options.sockets; i++) {
        uint32_t figures[SK_MEMINFO_VARS] = {0};
        socklen_t size = sizeof figures;
        if (getsockopt(channels[i].fd, SOL_SOCKET, SO_MEMINFO, figures, &size)) die("SO_MEMINFO");
        total += figures[SK_MEMINFO_DROPS];
    }
    return total;
}

struct count { uint64_t at, asked, answered; };

static struct count count_now(const struct channel *channels) {
    return (struct count){now_ns(), asked, heard + dropped(channels)};
}

// ---- The run

static void hear_the_rest(const struct channel *channels) {
    for (uint64_t last = now_ns(); now_ns() - last < rest;)
        for (unsigned i = 0; i < options.sockets; i++)
            while (hear(channels[i].fd) > 0) last = now_ns();
}

void run_flood(struct channel *channels) {
    open_sockets(channels, BUFFER);
    write_groups();
    struct count first = {0};
    uint64_t start = now_ns();
    for (uint64_t now, turn = 0; (now = now_ns()) < ends; turn++) {
        if (!first.at && now >= counted_from) first = count_now(channels);
        uint64_t wanted = (uint64_t)((double)(now - start) * options.rate / 1e9);
        for (unsigned i = 0; i < options.sockets && asked < wanted; i++) send_next(channels[i].fd);
        // One batch for a round of groups: where time is short, most of it goes into sending.
        hear(channels[turn % options.sockets].fd);
    }
    struct count last = count_now(channels);
    hear_the_rest(channels);
    uint64_t unheard = dropped(channels), answered = last.answered - first.answered, offered = last.asked - first.asked;
    double seconds = (double)(last.at - first.at) / 1e9;
    printf("{\"mode\": \"%s\", \"asked\": %lu, \"answered\": %lu, \"heard\": %lu, \"wrong\": %lu, "
           "\"rate\": %.0f, \"offered\": %.0f}\n",
           options.mode, asked, heard + unheard, heard, wrong, (double)answered / seconds, (double)offered / seconds);
}
