// epoll and eventfd, level-triggered.
#define _GNU_SOURCE
#include "csystem_epoll.h"
#include <errno.h>
#include <sys/eventfd.h>
#include <unistd.h>

_Static_assert(CSYSTEM_READABLE == EPOLLIN, "bits are those of epoll");
_Static_assert(CSYSTEM_WRITABLE == EPOLLOUT, "bits are those of epoll");
_Static_assert(CSYSTEM_BROKEN == (EPOLLERR | EPOLLHUP), "bits are those of epoll");

int csystem_epoll_create(void) {
    int fd = epoll_create1(EPOLL_CLOEXEC);
    return fd < 0 ? -errno : fd;
}

static int control(int epoll, int operation, int fd, uint32_t events, uint64_t tag) {
    struct epoll_event event = {.events = events, .data = {.u64 = tag}};
    return epoll_ctl(epoll, operation, fd, &event) < 0 ? -errno : 0;
}

int csystem_epoll_add(int epoll, int fd, uint32_t events, uint64_t tag) {
    return control(epoll, EPOLL_CTL_ADD, fd, events, tag);
}

int csystem_epoll_change(int epoll, int fd, uint32_t events, uint64_t tag) {
    return control(epoll, EPOLL_CTL_MOD, fd, events, tag);
}

int csystem_epoll_remove(int epoll, int fd) { return control(epoll, EPOLL_CTL_DEL, fd, 0, 0); }

// Milliseconds are rounded up: a loop that wakes too early would only wait again.
static int wait_coarsely(int epoll, struct epoll_event *events, uint64_t nanoseconds) {
    return epoll_wait(
        epoll, events, CSYSTEM_EVENTS_PER_WAIT, (int)((nanoseconds + 999999) / 1000000));
}

int csystem_epoll_wait(int epoll, csystem_event *reports, uint64_t nanoseconds) {
    struct epoll_event events[CSYSTEM_EVENTS_PER_WAIT];
    struct timespec timeout = {
        .tv_sec = (time_t)(nanoseconds / 1000000000), .tv_nsec = (long)(nanoseconds % 1000000000)};
    int count = epoll_pwait2(epoll, events, CSYSTEM_EVENTS_PER_WAIT, &timeout, NULL);
    // Linux has it from 5.11 on; a filter of system calls may forbid it.
    if (count < 0 && (errno == ENOSYS || errno == EPERM))
        count = wait_coarsely(epoll, events, nanoseconds);
    if (count < 0) return errno == EINTR ? 0 : -errno;
    for (int index = 0; index < count; index++) {
        reports[index].tag = events[index].data.u64;
        reports[index].events = events[index].events;
    }
    return count;
}

int csystem_wake_create(void) {
    int fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    return fd < 0 ? -errno : fd;
}

// A wake that is lost would leave a loop asleep over its inbox for ever, so that an error, which
// only a debugger or a fault injector can cause, is answered by trying again.
void csystem_wake(int wake) {
    for (int attempt = 0; attempt < 100; attempt++) {
        if (eventfd_write(wake, 1) == 0 || errno == EAGAIN) return;
    }
}

void csystem_wake_clear(int wake) {
    eventfd_t value;
    eventfd_read(wake, &value);
}
