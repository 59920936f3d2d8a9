// DNS load from one thread: queries made beforehand, every answer checked, one line of JSON at the end.
//
//   load --mode closed     256 queries outstanding; what the server can do at most
//   load --mode flood      a rate that the server cannot bear; what it answered is counted, heard or not
//   load --mode open       a fixed rate; latency counts from the moment a query was due, so a late send is seen
//   load --mode pipelined  16 TCP connections; `depth` queries in one write, the next write after all its answers
//   load --mode churn      16 TCP connections at a time, each for one query
//   load --mode idle       TCP connections that stay after one query
//   load … --unique        every name once: its first eight octets become a number that no run has used before
#define _GNU_SOURCE
#include "load.h"

#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct options options = {
    .mode = "closed", .port = 15300, .sockets = 16, .window = 256, .group = 16, .depth = 16,
    .rate = 50000, .seconds = 1, .warmup = 0.1, .timeout_ns = 1000000000,
};
struct query_list queries;
uint64_t counted_from;
volatile uint64_t ends;

static bool is_mode(const char *mode) { return strcmp(options.mode, mode) == 0; }

bool is_joining(void) { return (is_mode("closed") || is_mode("flood")) && !options.clients && options.group > 1; }

/// Ends the run early: `seconds` are what has passed.
static void end_now(int number) {
    (void)number;
    ends = now_ns();
}

static const struct option words[] = {
    {"mode", required_argument, NULL, 'm'},    {"queries", required_argument, NULL, 'q'},
    {"port", required_argument, NULL, 'p'},    {"sockets", required_argument, NULL, 's'},
    {"window", required_argument, NULL, 'w'},  {"group", required_argument, NULL, 'g'},
    {"depth", required_argument, NULL, 'd'},   {"rate", required_argument, NULL, 'r'},
    {"seconds", required_argument, NULL, 't'}, {"warmup", required_argument, NULL, 'u'},
    {"limit", required_argument, NULL, 'l'},   {"timeout", required_argument, NULL, 'o'},
    {"clients", required_argument, NULL, 'c'}, {"joined", no_argument, NULL, 'j'},
    {"naps", no_argument, NULL, 'z'},
    {"unchecked", no_argument, NULL, 'n'},     {"unique", no_argument, NULL, 'i'},
    {0},
};

static void read_options(int count, char **arguments) {
    for (int word; (word = getopt_long(count, arguments, "", words, NULL)) != -1;) switch (word) {
        case 'm': options.mode = optarg; break;
        case 'q': options.queries = optarg; break;
        case 'p': options.port = (uint16_t)atoi(optarg); break;
        case 's': options.sockets = (unsigned)atoi(optarg); break;
        case 'w': options.window = (unsigned)atoi(optarg); break;
        case 'g': options.group = (unsigned)atoi(optarg); break;
        case 'd': options.depth = (unsigned)atoi(optarg); break;
        case 'r': options.rate = atof(optarg); break;
        case 't': options.seconds = atof(optarg); break;
        case 'u': options.warmup = atof(optarg); break;
        case 'l': options.limit = (uint64_t)atoll(optarg); break;
        case 'o': options.timeout_ns = (uint64_t)(atof(optarg) * 1e9); break;
        case 'c': options.clients = (unsigned)atoi(optarg); break;
        case 'j': options.joined = true; break;
        case 'z': options.naps = true; break;
        case 'n': options.unchecked = true; break;
        case 'i': options.unique = true; break;
        default: exit(2);
    }
    bool sane = options.queries && options.sockets && options.rate > 0 && options.group >= 1 &&
                options.group <= BATCH && options.depth >= 1 && options.depth <= RING;
    if (is_mode("closed"))
        sane = sane && options.window / options.sockets >= options.group && options.window / options.sockets <= RING;
    if (is_mode("flood")) sane = sane && is_joining();
    if (sane) return;
    fprintf(stderr, "load: --queries is needed; window / sockets must hold a group (at most %d)\n", BATCH);
    exit(2);
}

int main(int count, char **arguments) {
    read_options(count, arguments);
    queries = read_queries(options.queries);
    if (is_joining()) arrange_in_groups(&queries, options.group);
    struct channel *channels = calloc(options.sockets, sizeof *channels);
    if (!channels) die("calloc");

    counted_from = now_ns() + (uint64_t)(options.warmup * 1e9);
    ends = counted_from + (uint64_t)(options.seconds * 1e9);
    signal(SIGINT, end_now);
    if (is_mode("closed")) run_closed(channels);
    else if (is_mode("flood")) return run_flood(channels), 0;
    else if (is_mode("open")) run_open(channels);
    else if (is_mode("pipelined")) run_tcp(channels, false);
    else if (is_mode("churn")) run_tcp(channels, true);
    else if (is_mode("idle")) run_idle(channels);
    else {
        fprintf(stderr, "load: unknown mode %s\n", options.mode);
        return 2;
    }
    for (unsigned i = 0; i < options.sockets; i++) give_up(&channels[i], UINT64_MAX);
    options.seconds = (double)(ends - counted_from) / 1e9;
    print_result();
    return 0;
}
