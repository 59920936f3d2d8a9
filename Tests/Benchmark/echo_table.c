// A name server without DNS rules: question read, lower-cased and hashed, one probe, a finished answer copied.
// The answers are made up from the query list: right rcode, right count, ordinary sizes.
#define _GNU_SOURCE
#include "echo.h"

#include "queries.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { HEADER = 12, QUESTION_ROOM = 272, OPT = 11 };

struct entry {
    uint64_t hash;
    uint32_t at;         // into `arena`: the lower-case question, then what follows the question in the answer
    uint16_t question;   // bytes; 0 for an empty place
    uint16_t rest;
    uint8_t flags[8];    // of the answer, and its counts without the question's
};

static struct entry *table;
static uint32_t mask;
static uint8_t *arena;
static size_t arena_used;

/// ASCII capitals to small letters, eight at once. Length bytes of labels are below 64 and stay.
static inline uint64_t lowered(uint64_t eight) {
    const uint64_t low = 0x7f7f7f7f7f7f7f7f, high = 0x8080808080808080;
    uint64_t seven = eight & low;
    uint64_t from_a = seven + 0x3f3f3f3f3f3f3f3f, above_z = seven + 0x2525252525252525;
    return eight | ((from_a & ~above_z & ~eight & high) >> 2);
}

/// Writes the lower-case question to `key`; its length with type and class, or 0 if it is none.
static inline unsigned read_question(const uint8_t *message, unsigned length, uint8_t *key, uint64_t *hash) {
    unsigned end = HEADER;
    while (end < length && message[end]) {
        if (message[end] > 63) return 0;
        end += message[end] + 1u;
    }
    end += 5;
    unsigned size = end - HEADER;
    if (end > length || size > 260) return 0;
    uint64_t sum = size;
    for (unsigned at = 0; at < size; at += 8) {
        uint64_t eight;
        memcpy(&eight, message + HEADER + at, 8);  // the slot is longer than any question
        if (size - at < 8) eight &= (UINT64_C(1) << (8 * (size - at))) - 1;
        eight = lowered(eight);
        memcpy(key + at, &eight, 8);
        unsigned __int128 product = (unsigned __int128)(sum ^ eight) * 0x9e3779b97f4a7c15;
        sum = (uint64_t)product ^ (uint64_t)(product >> 64);
    }
    *hash = sum;
    return size;
}

/// The entry of a question, or the empty place where it belongs.
static inline struct entry *find(uint64_t hash, const uint8_t *key, unsigned size) {
    for (uint32_t place = (uint32_t)hash & mask;; place = (place + 1) & mask) {
        struct entry *entry = &table[place];
        if (entry->question == 0) return entry;
        if (entry->hash == hash && entry->question == size && memcmp(arena + entry->at, key, size) == 0) return entry;
    }
}

/// Made-up records: addresses of 4 bytes; SRV, PTR and SOA data of about the length of a name.
static size_t make_records(const struct query *query, unsigned type, uint8_t *out) {
    bool negative = query->answers == 0;
    unsigned count = negative ? 1 : query->answers;
    unsigned data = negative ? 48 : type == 1 ? 4 : type == 33 ? 30 : 32;
    uint8_t *at = out;
    for (unsigned i = 0; i < count; i++) {
        memcpy(at, "\300\14\0\0\0\1\0\0\0\36\0\0", 12);  // the question's name, class IN, 30 s
        at[3] = negative ? 6 : (uint8_t)type;
        at[11] = (uint8_t)data;
        memset(at + 12, 1, data);
        at += 12 + data;
    }
    return (size_t)(at - out);
}

static void make_table(const char *path) {
    struct query_list list = read_queries(path);
    uint32_t size = 1;
    while (size < list.count * 2) size *= 2;
    mask = size - 1;
    table = calloc(size, sizeof *table);
    arena = malloc((size_t)list.count * 512);
    if (!table || !arena) die("table");
    for (uint32_t i = 0; i < list.count; i++) {
        struct query *query = &list.all[i];
        uint8_t key[QUESTION_ROOM];
        uint64_t hash = 0;
        unsigned question = read_question(message_of(query), query->length, key, &hash);
        struct entry *entry = find(hash, key, question);
        if (entry->question) continue;
        *entry = (struct entry){.hash = hash, .at = (uint32_t)arena_used, .question = (uint16_t)question};
        memcpy(arena + arena_used, key, question);
        entry->rest = (uint16_t)make_records(query, key[question - 3], arena + arena_used + question);
        uint8_t flags[8] = {0x84, query->rcode, 0, 1};
        flags[5] = (uint8_t)query->answers;
        flags[7] = query->answers == 0;  // one SOA
        memcpy(entry->flags, flags, sizeof flags);
        arena_used += (question + entry->rest + 15u) & ~15u;
    }
    free(list.all);
}

/// Turns the query into its answer where it lies; the answer's length, 0 for none.
static unsigned answer(uint8_t *message, unsigned length) {
    if (length < HEADER + 5 || message[2] & 0x80) return 0;
    uint8_t key[QUESTION_ROOM];
    uint64_t hash = 0;
    unsigned question = read_question(message, length, key, &hash);
    struct entry *entry = find(hash, key, question);
    if (question == 0 || entry->question == 0) {
        message[2] |= 0x80;
        message[3] = 5;  // REFUSED
        return length;
    }
    bool edns = message[11] && length >= HEADER + question + OPT;
    uint8_t recursion = message[2] & 1;
    memcpy(message + 2, entry->flags, sizeof entry->flags);
    message[2] |= recursion;
    message[11] = edns;
    uint8_t *end = message + HEADER + question;
    memcpy(end, arena + entry->at + question, entry->rest);
    end += entry->rest;
    if (edns) {
        memcpy(end, "\0\0\51\4\320\0\0\0\0\0\0", OPT);
        end += OPT;
    }
    return (unsigned)(end - message);
}

void serve_table(int fd, const char *path) {
    static struct batch batch;
    make_table(path);
    for (;;) {
        int count = receive(fd, &batch);
        for (int i = 0; i < count; i++)
            batch.parts[i].iov_len = answer(batch.bytes[i], batch.headers[i].msg_len);
        send_back(fd, &batch, count);
    }
}
