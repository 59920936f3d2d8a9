// The query list that cluster.py writes, ready for the wire.
#pragma once
#include <stdint.h>

enum { QUERY_ROOM = 320 };

struct query {
    uint16_t length;        // bytes of the message
    uint16_t answers;       // expected in the answer section
    uint8_t rcode;          // expected
    uint8_t wire[QUERY_ROOM];  // two bytes of length as TCP sends it, then the message with id 0
};

struct query_list {
    struct query *all;
    uint32_t count;
};

static inline uint8_t *message_of(struct query *query) { return query->wire + 2; }

/// Reads lines of NAME TYPE RCODE ANSWERS EDNS. Leaves the program when there is nothing to ask.
struct query_list read_queries(const char *path);

/// Orders queries so that each run of `group` has one length, which a UDP GSO send needs.
/// Queries that fill no group are left out.
void arrange_in_groups(struct query_list *list, unsigned group);
