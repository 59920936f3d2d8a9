#ifndef CALLOCATIONCOUNT_H
#define CALLOCATIONCOUNT_H

#include <stdbool.h>
#include <stdint.h>

/// How many blocks of heap memory the calling thread has asked for since it began.
uint64_t allocation_count(void);

/// False where a sanitizer owns `malloc`: then `allocation_count` stands still, and a test of cost has nothing to say.
bool allocation_count_is_live(void);

#endif
