#define _GNU_SOURCE
#include "clinux.h"

#include <link.h>
#include <malloc.h>
#include <errno.h>
#include <sched.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <unistd.h>

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

// Segments that are never written hold what the files hold: their pages may go at any time, and come back by a fault.
static int unmap_read_only_segments(struct dl_phdr_info *object, size_t size, void *unused) {
    (void)size;
    (void)unused;
    uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
    for (int index = 0; index < object->dlpi_phnum; index++) {
        const ElfW(Phdr) *segment = &object->dlpi_phdr[index];
        if (segment->p_type != PT_LOAD || (segment->p_flags & PF_W) != 0) continue;
        uintptr_t start = (object->dlpi_addr + segment->p_vaddr) & ~(page - 1);
        uintptr_t end = (object->dlpi_addr + segment->p_vaddr + segment->p_filesz) & ~(page - 1);
        // An error leaves the pages where they are, which is no harm.
        if (end > start) madvise((void *)start, end - start, MADV_DONTNEED);
    }
    return 0;
}

void linux_unmap_unused_code(void) {
    dl_iterate_phdr(unmap_read_only_segments, NULL);
}
