// The load generator's shared parts:
//   load.c          options, the run, one line of JSON
//   load_account.c  what was asked, what came back, how late, and whether it was right
//   load_udp.c      closed and open loop over UDP sockets
//   load_flood.c    more queries than a server can answer
//   load_tcp.c      pipelined, churning and idle TCP connections
#pragma once
#include "queries.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct msghdr;

enum {
    RING = 4096,            // queries that one socket may be waiting for; a power of two
    BATCH = 64,             // datagrams of one system call
};

struct options {
    const char *mode;       // closed, flood, open, pipelined, churn, idle
    const char *queries;
    uint16_t port;
    unsigned sockets;
    unsigned window;        // closed: queries outstanding in all
    unsigned group;         // closed, flood: queries of one system call
    unsigned clients;       // UDP: addresses that the queries come from in turn; 0 for that of the sockets
    unsigned depth;         // pipelined: queries of one write
    double rate;            // open, flood: queries a second
    double seconds;         // counted time
    double warmup;          // seconds before it
    uint64_t limit;         // queries in all, 0 for no limit
    uint64_t timeout_ns;
    bool joined;            // UDP: answers may arrive joined (GRO)
    bool naps;              // UDP: sleeps when there is nothing to do, for a CPU that others need
    bool unchecked;         // an echo has no right answers
    bool unique;            // first labels have eight octets at least; they are overwritten with a number
};

/// One socket and the queries it waits for. A query's id leads to its place in the ring.
struct channel {
    int fd;
    uint32_t next;          // sequence number of the next query; its low 16 bits are the id
    uint32_t oldest;        // no query before this one is waiting
    uint32_t waiting;
    struct waiting {
        uint64_t due;
        struct query *query;
        uint16_t id;
        bool open;
    } ring[RING];
    // TCP only
    bool connected;
    size_t held;            // bytes of an answer that is not complete yet
    uint8_t *bytes;
};

extern struct options options;
extern struct query_list queries;
extern uint64_t connections, reconnections;
extern uint64_t counted_from;           // of the counted time, CLOCK_MONOTONIC in ns
extern volatile uint64_t ends;          // SIGINT ends it

/// Whether the queries of a group leave as one GSO send, for which they must have one length.
bool is_joining(void);
uint64_t now_ns(void);
_Noreturn void die(const char *what);

/// False once `limit` queries were asked or the time is over.
bool may_ask(uint64_t now);
/// Takes the next query of the list and notes when it was due. Sets the id to send it with.
struct query *take_query(struct channel *channel, uint64_t due, uint16_t *id);
/// Checks one answer and notes its latency.
void take_answer(struct channel *channel, const uint8_t *message, size_t length, uint64_t now);
/// Counts every waiting query that was due before `before` as lost.
void give_up(struct channel *channel, uint64_t before);
/// Whether rcode and count are those that the query should have; the id is the caller's to look at.
bool is_right(const uint8_t *message, const struct query *query);
void print_result(void);

/// Sockets for UDP with `room` octets for what arrives.
void open_sockets(struct channel *channels, int room);
/// Whether a send that failed with this code may be tried again.
bool is_passing(int code);
/// One control message for a send; `room` has CMSG_SPACE(size) octets.
void attach_control(struct msghdr *header, uint8_t *room, int level, int type, const void *value, size_t size);

/// Keeps `window` queries waiting.
void run_closed(struct channel *channels);
/// Asks at a rate, whatever comes back; prints the result.
void run_flood(struct channel *channels);
void run_open(struct channel *channels);
void run_tcp(struct channel *channels, bool churn);
/// One query on each connection; prints the result and holds them until SIGINT.
void run_idle(struct channel *channels);
