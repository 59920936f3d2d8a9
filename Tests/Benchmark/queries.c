#include "queries.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int type_code(const char *type) {
    static const struct { const char *name; int code; } known[] = {
        {"A", 1}, {"CNAME", 5}, {"SOA", 6}, {"PTR", 12}, {"TXT", 16}, {"AAAA", 28}, {"SRV", 33},
    };
    for (unsigned i = 0; i < sizeof known / sizeof *known; i++)
        if (strcmp(type, known[i].name) == 0) return known[i].code;
    fprintf(stderr, "unknown query type %s\n", type);
    exit(2);
}

static void render(struct query *query, char *name, int type, int edns) {
    uint8_t *at = message_of(query);
    memcpy(at, "\0\0\1\0\0\1\0\0\0\0\0\0", 12);  // RD, as stub resolvers set it; one question
    at += 12;
    for (char *label = strtok(name, "."); label; label = strtok(NULL, ".")) {
        size_t length = strlen(label);
        *at++ = (uint8_t)length;
        memcpy(at, label, length);
        at += length;
    }
    *at++ = 0;
    *at++ = 0, *at++ = (uint8_t)type;
    *at++ = 0, *at++ = 1;
    if (edns) {
        memcpy(at, "\0\0\51\4\320\0\0\0\0\0\0", 11);  // OPT, 1232 bytes
        at += 11;
        message_of(query)[11] = 1;
    }
    query->length = (uint16_t)(at - message_of(query));
    query->wire[0] = (uint8_t)(query->length >> 8);
    query->wire[1] = (uint8_t)query->length;
}

struct query_list read_queries(const char *path) {
    FILE *file = fopen(path, "r");
    if (!file) {
        perror(path);
        exit(2);
    }
    struct query_list list = {0};
    uint32_t room = 0;
    char name[256], type[16];
    int rcode, answers, edns;
    while (fscanf(file, "%255s %15s %d %d %d", name, type, &rcode, &answers, &edns) == 5) {
        if (list.count == room) {
            room = room ? room * 2 : 4096;
            list.all = realloc(list.all, room * sizeof *list.all);
        }
        struct query *query = &list.all[list.count++];
        memset(query, 0, sizeof *query);
        query->rcode = (uint8_t)rcode;
        query->answers = (uint16_t)answers;
        render(query, name, type_code(type), edns);
    }
    fclose(file);
    if (list.count == 0) {
        fprintf(stderr, "%s: no queries\n", path);
        exit(2);
    }
    return list;
}

void arrange_in_groups(struct query_list *list, unsigned group) {
    struct { unsigned count; uint32_t *members; } waiting[QUERY_ROOM] = {0};
    struct query *arranged = malloc(list->count * sizeof *arranged);
    uint32_t count = 0;
    for (uint32_t i = 0; i < list->count; i++) {
        uint16_t length = list->all[i].length;
        if (!waiting[length].members) waiting[length].members = malloc(group * sizeof(uint32_t));
        waiting[length].members[waiting[length].count++] = i;
        if (waiting[length].count < group) continue;
        for (unsigned k = 0; k < group; k++) arranged[count++] = list->all[waiting[length].members[k]];
        waiting[length].count = 0;
    }
    for (unsigned i = 0; i < QUERY_ROOM; i++) free(waiting[i].members);
    if (count == 0) {
        fprintf(stderr, "no %u queries have one length\n", group);
        exit(2);
    }
    free(list->all);
    *list = (struct query_list){arranged, count};
}
