#include "include/CLDNS.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <ldns/ldns.h>
#include <ldns/sha2.h>

long cldns_print_record(const uint8_t *wire, size_t wire_count, char *text, size_t text_room) {
    ldns_rr *record = NULL;
    size_t at = 0;
    if (ldns_wire2rr(&record, wire, wire_count, &at, LDNS_SECTION_ANSWER) != LDNS_STATUS_OK) return -1;
    char *line = ldns_rr2str(record);
    ldns_rr_free(record);
    if (line == NULL) return -1;
    size_t count = strcspn(line, "\n");
    long result = -1;
    if (count < text_room) {
        memcpy(text, line, count);
        text[count] = 0;
        result = (long)count;
    }
    free(line);
    return result;
}

int cldns_check_message(const uint8_t *wire, size_t count) {
    ldns_pkt *packet = NULL;
    ldns_status status = ldns_wire2pkt(&packet, wire, count);
    if (packet != NULL) ldns_pkt_free(packet);
    return (int)status;
}

void cldns_sha512(const uint8_t *bytes, size_t count, uint8_t digest[64]) {
    ldns_sha512_CTX context;
    ldns_sha512_init(&context);
    ldns_sha512_update(&context, bytes, count);
    ldns_sha512_final(digest, &context);
}
