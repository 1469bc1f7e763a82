// Signals, limits, terminals and small files.
#define _GNU_SOURCE
#include "csystem_process.h"
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <termios.h>
#include <unistd.h>

void csystem_ignore_broken_pipes(void) { signal(SIGPIPE, SIG_IGN); }

static int signal_pipe[2] = {-1, -1};

static void on_signal(int number) {
    int saved = errno;
    unsigned char byte = (unsigned char)number;
    if (write(signal_pipe[1], &byte, 1) < 0) { /* a full pipe already says it */ }
    errno = saved;
}

int csystem_catch_termination(void) {
    if (signal_pipe[0] < 0 && pipe2(signal_pipe, O_CLOEXEC) < 0) return -errno;
    fcntl(signal_pipe[1], F_SETFL, O_NONBLOCK);
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_handler = on_signal;
    action.sa_flags = SA_RESTART;
    if (sigaction(SIGTERM, &action, NULL) < 0) return -errno;
    if (sigaction(SIGINT, &action, NULL) < 0) return -errno;
    return signal_pipe[0];
}

void csystem_name_thread(pthread_t thread, const char *name) {
    char kept[16];
    snprintf(kept, sizeof kept, "%s", name);
    pthread_setname_np(thread, kept);
}

// The C library names neither the call nor its numbers: of this thread, best effort, last of eight.
// Not the idle class, which may wait for ever while it holds what others wait for.
void csystem_lower_thread(void) {
    setpriority(PRIO_PROCESS, (id_t)syscall(SYS_gettid), 19);
    syscall(SYS_ioprio_set, 1, 0, (2 << 13) | 7);
}

long csystem_raise_file_limit(void) {
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) < 0) return -errno;
    if (limit.rlim_cur < limit.rlim_max) {
        limit.rlim_cur = limit.rlim_max;
        if (setrlimit(RLIMIT_NOFILE, &limit) < 0) return -errno;
    }
    return limit.rlim_cur > (rlim_t)1 << 30 ? 1L << 30 : (long)limit.rlim_cur;
}

long csystem_read(int fd, void *bytes, size_t count) {
    for (;;) {
        ssize_t received = read(fd, bytes, count);
        if (received >= 0) return received;
        if (errno != EINTR) return -errno;
    }
}

long csystem_read_file(const char *path, void *bytes, size_t count) {
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) return -errno;
    size_t filled = 0;
    long received = 0;
    while (filled < count) {
        received = csystem_read(fd, (char *)bytes + filled, count - filled);
        if (received <= 0) break;
        filled += (size_t)received;
    }
    close(fd);
    return received < 0 ? received : (long)filled;
}

int csystem_write_all(int fd, const void *bytes, size_t count) {
    const char *next = bytes;
    while (count > 0) {
        ssize_t written = write(fd, next, count);
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) return -errno;
        next += written;
        count -= (size_t)written;
    }
    return 0;
}

int csystem_is_terminal(int fd) { return isatty(fd); }

int csystem_terminal_columns(int fd) {
    struct winsize size;
    return ioctl(fd, TIOCGWINSZ, &size) < 0 ? 0 : size.ws_col;
}

int csystem_set_echo(int fd, int on) {
    struct termios mode;
    if (tcgetattr(fd, &mode) < 0) return -errno;
    mode.c_lflag = on ? mode.c_lflag | ECHO : mode.c_lflag & ~(tcflag_t)ECHO;
    return tcsetattr(fd, TCSAFLUSH, &mode) < 0 ? -errno : 0;
}

int csystem_open_terminal(void) {
    int fd = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
    return fd < 0 ? -errno : fd;
}

void csystem_kernel(char *text, size_t size) {
    struct utsname names;
    if (size == 0) return;
    text[0] = 0;
    if (uname(&names) == 0) snprintf(text, size, "%s %s", names.sysname, names.release);
}

long csystem_cores(void) { return sysconf(_SC_NPROCESSORS_ONLN); }
