#ifndef CLDNS_H
#define CLDNS_H

#include <stddef.h>
#include <stdint.h>

/// One record as a line of a zone file, as libldns prints it: owner, TTL, class, type and data between tabs.
/// `wire` is an uncompressed record that we made ourselves (owner, type, class, TTL, length, data).
/// Returns the length, without the final zero octet; -1 when it does not fit or is no record.
long cldns_print_record(const uint8_t *wire, size_t wire_count, char *text, size_t text_room);

/// Whether libldns can read these bytes as a message: for tests of answers that we made.
/// Returns 0, or libldns's status code.
int cldns_check_message(const uint8_t *wire, size_t count);

/// SHA-512 (FIPS 180-4), as libldns brings it.
void cldns_sha512(const uint8_t *bytes, size_t count, uint8_t digest[64]);

#endif
