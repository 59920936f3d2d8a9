#define _GNU_SOURCE
#include "clinux.h"

#include <malloc.h>
#include <errno.h>
#include <sched.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>

int linux_event_descriptor(void) {
    return eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
}

void linux_name_thread(const char *name) {
    prctl(PR_SET_NAME, name);
}

int linux_affinity_count(void) {
    // The kernel refuses a mask smaller than its own, so try larger ones up to 64 Ki processors.
    for (int processors = 1024; processors <= 65536; processors *= 4) {
        cpu_set_t *set = CPU_ALLOC(processors);
        if (set == NULL) return -1;
        size_t size = CPU_ALLOC_SIZE(processors);
        int result = sched_getaffinity(0, size, set);
        int count = result == 0 ? CPU_COUNT_S(size, set) : -1;
        CPU_FREE(set);
        if (result == 0 || errno != EINVAL) return count;
    }
    return -1;
}

void linux_trim_heap(void) {
    malloc_trim(0);
}
