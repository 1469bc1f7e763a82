// epoll with a 64-bit tag per descriptor, and the eventfd that wakes a loop from another thread.
#pragma once
#include <stdint.h>
#include <sys/epoll.h>

/// One readiness report: the tag given at registration and the EPOLL* bits.
typedef struct {
    uint64_t tag;
    uint32_t events;
} csystem_event;

/// Reports that one call of `csystem_epoll_wait` returns at most.
#define CSYSTEM_EVENTS_PER_WAIT 256

#define CSYSTEM_READABLE 0x001u
#define CSYSTEM_WRITABLE 0x004u
#define CSYSTEM_BROKEN 0x018u

int csystem_epoll_create(void);
int csystem_epoll_add(int epoll, int fd, uint32_t events, uint64_t tag);
int csystem_epoll_change(int epoll, int fd, uint32_t events, uint64_t tag);
int csystem_epoll_remove(int epoll, int fd);
/// Fills `reports` (room for CSYSTEM_EVENTS_PER_WAIT) and says how many; an interruption is 0.
int csystem_epoll_wait(int epoll, csystem_event *_Nonnull reports, uint64_t nanoseconds);
int csystem_wake_create(void);
void csystem_wake(int wake);
void csystem_wake_clear(int wake);
