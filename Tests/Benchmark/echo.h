// The parts of the limits that share a batch of datagrams:
//   echo.c        what a socket costs when nothing is thought about: UDP and TCP
//   echo_table.c  the same with the least thinking that an answer from a table needs
#pragma once
#include <netinet/in.h>
#include <stdint.h>
#include <sys/socket.h>

enum { BATCH = 64, DATAGRAM_ROOM = 1088 };  // not a power of two: equal places of 64 slots would share cache sets

struct batch {
    uint8_t bytes[BATCH][DATAGRAM_ROOM];
    struct sockaddr_in peers[BATCH];
    struct iovec parts[BATCH];
    struct mmsghdr headers[BATCH];
};

_Noreturn void die(const char *what);

/// Waits for at least one datagram and takes what else is there; the number of datagrams.
int receive(int fd, struct batch *batch);
/// Sends the first `count` datagrams of the batch back to their peers.
void send_back(int fd, struct batch *batch, int count);
/// Answers from a table made of a query list. Never returns.
_Noreturn void serve_table(int fd, const char *queries);
