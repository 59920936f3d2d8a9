#define _GNU_SOURCE
#include "load.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>

// Latencies in ns, 32 steps for each power of two: percentiles are right within 3 %.
enum { STEPS = 32, BUCKETS = 64 * STEPS };
static uint64_t histogram[BUCKETS];

uint64_t connections, reconnections;
static uint64_t asked, answered;                                  // the whole run
static uint64_t in_time, lost, wrong, truncated, stray, bytes, latest;   // of queries due in the counted time
static uint32_t next_query;

uint64_t now_ns(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (uint64_t)time.tv_sec * 1000000000 + (uint64_t)time.tv_nsec;
}

void die(const char *what) {
    perror(what);
    exit(2);
}

static bool is_counted(uint64_t due) { return due >= counted_from && due < ends; }

static unsigned bucket_of(uint64_t latency) {
    if (latency < STEPS) return (unsigned)latency;
    unsigned power = 63 - (unsigned)__builtin_clzll(latency);
    return (power - 4) * STEPS + (unsigned)(latency >> (power - 5) & (STEPS - 1));
}

static double middle_of(unsigned bucket) {
    if (bucket < STEPS) return bucket;
    unsigned power = bucket / STEPS + 4;
    return ((double)(STEPS + bucket % STEPS) + 0.5) * (double)(1ull << (power - 5));
}

/// The latency in µs below which `share` of the answers lie.
static double percentile(double share) {
    uint64_t seen = 0;
    if (in_time == 0) return 0;
    for (unsigned bucket = 0; bucket < BUCKETS; bucket++) {
        seen += histogram[bucket];
        if ((double)seen >= share * (double)in_time) return middle_of(bucket) / 1000;
    }
    return 0;
}

static void lose(struct waiting *slot, struct channel *channel) {
    slot->open = false;
    channel->waiting--;
    if (is_counted(slot->due)) lost++;
}

/// Moves `oldest` to the first query that is still waiting.
static void skip_settled(struct channel *channel) {
    while (channel->oldest != channel->next && !channel->ring[channel->oldest % RING].open) channel->oldest++;
}

bool may_ask(uint64_t now) { return now < ends && (options.limit == 0 || asked < options.limit); }

/// Writes the next number over the first eight octets of the name. Runs that start later begin with higher ones.
static void stamp(struct query *query) {
    static uint32_t number;
    if (!number) number = (uint32_t)(now_ns() >> 13);
    uint8_t *at = message_of(query) + 13;
    for (uint32_t rest = ++number, i = 0; i < 8; i++, rest <<= 4) at[i] = (uint8_t)"0123456789abcdef"[rest >> 28];
}

struct query *take_query(struct channel *channel, uint64_t due, uint16_t *id) {
    struct waiting *slot = &channel->ring[channel->next % RING];
    if (slot->open) {
        lose(slot, channel);
        skip_settled(channel);
    }
    *slot = (struct waiting){due, &queries.all[next_query], (uint16_t)channel->next, true};
    if (++next_query == queries.count) next_query = 0;
    channel->next++;
    channel->waiting++;
    asked++;
    *id = slot->id;
    if (options.unique) stamp(slot->query);
    return slot->query;
}

bool is_right(const uint8_t *message, const struct query *query) {
    if ((message[3] & 15) != query->rcode) return false;
    // A truncated answer says that there is more; how much of it fitted is the server's choice.
    if (message[2] & 2) return true;
    return (message[6] << 8 | message[7]) == query->answers;
}

void take_answer(struct channel *channel, const uint8_t *message, size_t length, uint64_t now) {
    uint16_t id = (uint16_t)(message[0] << 8 | message[1]);
    struct waiting *slot = &channel->ring[id % RING];
    if (length < 12 || !(message[2] & 0x80) || !slot->open || slot->id != id) {
        stray++;  // an id we do not wait for: too late, twice, or not ours
        return;
    }
    slot->open = false;
    channel->waiting--;
    answered++;
    skip_settled(channel);
    if (!options.unchecked && !is_right(message, slot->query)) wrong++;
    if (!is_counted(slot->due)) return;
    uint64_t latency = now - slot->due;
    in_time++;
    bytes += length;
    histogram[bucket_of(latency)]++;
    if (latency > latest) latest = latency;
    if (message[2] & 2) truncated++;
}

void give_up(struct channel *channel, uint64_t before) {
    while (channel->oldest != channel->next) {
        struct waiting *slot = &channel->ring[channel->oldest % RING];
        if (slot->open) {
            if (slot->due >= before) return;
            lose(slot, channel);
        }
        channel->oldest++;
    }
}

void print_result(void) {
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    double counted = (double)(in_time + lost);
    printf("{\"mode\": \"%s\", \"asked\": %lu, \"answered\": %lu, \"rate\": %.0f, \"lost\": %lu, \"loss\": %.6f, "
           "\"offered\": %.0f, \"wrong\": %lu, \"truncated\": %lu, \"stray\": %lu, ",
           options.mode, asked, answered, (double)in_time / options.seconds, lost,
           counted > 0 ? (double)lost / counted : 0, counted / options.seconds, wrong, truncated, stray);
    printf("\"p50\": %.1f, \"p99\": %.1f, \"p999\": %.1f, \"latest\": %.1f, \"bytes\": %.1f, \"connections\": %lu, "
           "\"reconnections\": %lu, \"load_cpu\": %.3f}\n",
           percentile(0.5), percentile(0.99), percentile(0.999), (double)latest / 1000,
           in_time ? (double)bytes / (double)in_time : 0, connections, reconnections,
           (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
               (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6);
}
