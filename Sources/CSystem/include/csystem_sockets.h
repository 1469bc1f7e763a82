// TCP sockets by host text and port; every function returns a negative errno where it fails.
#pragma once
#include <stddef.h>
#include <stdint.h>

/// Returned instead of an errno where a host name has no address.
#define CSYSTEM_UNKNOWN_HOST (-100000)
/// Bytes a textual address needs, with its terminator.
#define CSYSTEM_ADDRESS_BYTES 64

/// A listening, non-blocking, close-on-exec socket; port 0 asks the system for a free one. A shared
/// port (SO_REUSEPORT) can be listened on by several sockets of one user.
int csystem_listen(const char *_Nonnull host, uint16_t port, int backlog, int is_shared);
/// The port a socket is bound to.
int csystem_local_port(int socket);
/// Accepts one non-blocking, close-on-exec connection and writes its peer's numeric address.
int csystem_accept(int listener, char *_Nonnull address);
/// Connects within `timeout_milliseconds`; the socket blocks and is close-on-exec.
int csystem_connect(const char *_Nonnull host, uint16_t port, int timeout_milliseconds);
/// Longest time one send or receive may block.
int csystem_set_timeout(int socket, uint64_t nanoseconds);
/// 1 where the peer has closed or sent something while nothing was asked for, otherwise 0.
int csystem_is_stale(int socket);
/// Receives up to `count` bytes; 0 at the end of the stream.
long csystem_receive(int socket, void *_Nonnull bytes, size_t count);
/// Sends up to `count` bytes without raising SIGPIPE.
long csystem_send(int socket, const void *_Nonnull bytes, size_t count);
/// Ends our side of the stream.
int csystem_finish_sending(int socket);
/// Makes a connected socket non-blocking, and writable only while less than `unsent_bytes` of what
/// was written have not left the machine: the rest waits where it can still be put in order.
int csystem_prepare_stream(int socket, int unsent_bytes);
