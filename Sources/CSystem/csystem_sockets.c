// TCP sockets: resolution, options and the accept loop's single step.
#define _GNU_SOURCE
#include "csystem_sockets.h"
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static int resolve(const char *host, uint16_t port, int flags, struct addrinfo **found) {
    char service[8];
    snprintf(service, sizeof service, "%u", (unsigned)port);
    struct addrinfo hints;
    memset(&hints, 0, sizeof hints);
    hints.ai_family = AF_UNSPEC;
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_flags = flags | AI_NUMERICSERV;
    return getaddrinfo(host, service, &hints, found) == 0 ? 0 : CSYSTEM_UNKNOWN_HOST;
}

static int set_option(int fd, int level, int name, int value) {
    return setsockopt(fd, level, name, &value, sizeof value) < 0 ? -errno : 0;
}

int csystem_listen(const char *host, uint16_t port, int backlog, int is_shared) {
    struct addrinfo *found = NULL;
    int result = resolve(host, port, AI_PASSIVE, &found);
    if (result < 0) return result;
    int fd = socket(found->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    result = fd < 0 ? -errno : fd;
    if (fd >= 0) {
        set_option(fd, SOL_SOCKET, SO_REUSEADDR, 1);
        if (is_shared) set_option(fd, SOL_SOCKET, SO_REUSEPORT, 1);
        if (bind(fd, found->ai_addr, found->ai_addrlen) < 0 || listen(fd, backlog) < 0) {
            result = -errno;
            close(fd);
        }
    }
    freeaddrinfo(found);
    return result;
}

int csystem_local_port(int fd) {
    struct sockaddr_storage address;
    socklen_t size = sizeof address;
    if (getsockname(fd, (struct sockaddr *)&address, &size) < 0) return -errno;
    if (address.ss_family == AF_INET6) return ntohs(((struct sockaddr_in6 *)&address)->sin6_port);
    return ntohs(((struct sockaddr_in *)&address)->sin_port);
}

static void write_address(const struct sockaddr_storage *address, char *text) {
    const char *written = NULL;
    if (address->ss_family == AF_INET6) {
        const struct in6_addr *six = &((const struct sockaddr_in6 *)address)->sin6_addr;
        written = IN6_IS_ADDR_V4MAPPED(six)
            ? inet_ntop(AF_INET, six->s6_addr + 12, text, CSYSTEM_ADDRESS_BYTES)
            : inet_ntop(AF_INET6, six, text, CSYSTEM_ADDRESS_BYTES);
    } else if (address->ss_family == AF_INET) {
        const struct in_addr *four = &((const struct sockaddr_in *)address)->sin_addr;
        written = inet_ntop(AF_INET, four, text, CSYSTEM_ADDRESS_BYTES);
    }
    if (!written) strcpy(text, "unknown");
}

int csystem_accept(int listener, char *address) {
    struct sockaddr_storage peer;
    memset(&peer, 0, sizeof peer);
    socklen_t size = sizeof peer;
    int fd = accept4(listener, (struct sockaddr *)&peer, &size, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd < 0) return -errno;
    set_option(fd, IPPROTO_TCP, TCP_NODELAY, 1);
    write_address(&peer, address);
    return fd;
}

static long long milliseconds_now(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (long long)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static int await_connected(int fd, long long end) {
    struct pollfd wanted = {.fd = fd, .events = POLLOUT};
    for (;;) {
        long long left = end - milliseconds_now();
        int ready = left <= 0 ? 0 : poll(&wanted, 1, (int)left);
        if (ready == 0) return -ETIMEDOUT;
        if (ready < 0 && errno != EINTR) return -errno;
        if (ready > 0) break;
    }
    int fault = 0;
    socklen_t size = sizeof fault;
    if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &fault, &size) < 0) return -errno;
    return -fault;
}

static int connect_one(const struct addrinfo *address, long long end) {
    int fd = socket(address->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0) return -errno;
    int result = 0;
    if (connect(fd, address->ai_addr, address->ai_addrlen) < 0)
        result = errno == EINPROGRESS ? await_connected(fd, end) : -errno;
    if (result == 0 && fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) & ~O_NONBLOCK) < 0) result = -errno;
    if (result < 0) {
        close(fd);
        return result;
    }
    set_option(fd, IPPROTO_TCP, TCP_NODELAY, 1);
    return fd;
}

int csystem_connect(const char *host, uint16_t port, int timeout_milliseconds) {
    struct addrinfo *found = NULL;
    int result = resolve(host, port, 0, &found);
    if (result < 0) return result;
    long long end = milliseconds_now() + timeout_milliseconds;
    for (const struct addrinfo *each = found; each; each = each->ai_next) {
        result = connect_one(each, end);
        if (result >= 0) break;
    }
    freeaddrinfo(found);
    return result;
}

int csystem_set_timeout(int fd, uint64_t nanoseconds) {
    struct timeval span = {.tv_sec = (time_t)(nanoseconds / 1000000000u),
                           .tv_usec = (suseconds_t)(nanoseconds % 1000000000u / 1000u)};
    if (span.tv_sec == 0 && span.tv_usec == 0) span.tv_usec = 1;
    if (setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &span, sizeof span) < 0) return -errno;
    return setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &span, sizeof span) < 0 ? -errno : 0;
}

int csystem_is_stale(int fd) {
    struct pollfd wanted = {.fd = fd, .events = POLLIN};
    return poll(&wanted, 1, 0) != 0;
}

long csystem_receive(int fd, void *bytes, size_t count) {
    for (;;) {
        ssize_t received = recv(fd, bytes, count, 0);
        if (received >= 0) return received;
        if (errno != EINTR) return -errno;
    }
}

long csystem_send(int fd, const void *bytes, size_t count) {
    for (;;) {
        ssize_t sent = send(fd, bytes, count, MSG_NOSIGNAL);
        if (sent >= 0) return sent;
        if (errno != EINTR) return -errno;
    }
}

int csystem_finish_sending(int fd) { return shutdown(fd, SHUT_WR) < 0 ? -errno : 0; }

int csystem_prepare_stream(int fd, int unsent_bytes) {
    int flags = fcntl(fd, F_GETFL);
    if (flags < 0 || fcntl(fd, F_SETFL, flags | O_NONBLOCK) < 0) return -errno;
    return set_option(fd, IPPROTO_TCP, TCP_NOTSENT_LOWAT, unsent_bytes);
}
