// The process around us: signals, file limit, terminal, and text files of /proc.
#pragma once
#include <pthread.h>
#include <stddef.h>
#include <stdint.h>

/// Writes to a closed pipe return EPIPE instead of ending the process.
void csystem_ignore_broken_pipes(void);
/// From now on SIGTERM and SIGINT are read as one byte each from the descriptor returned.
int csystem_catch_termination(void);
/// Names a thread for debuggers; 15 bytes are kept.
void csystem_name_thread(pthread_t thread, const char *_Nonnull name);
/// The calling thread gets what no other thread wants: the last priority of processor and disk.
void csystem_lower_thread(void);
/// Raises the limit of open files to its hard limit and returns it.
long csystem_raise_file_limit(void);
/// Reads at most `count` bytes of a file from its start.
long csystem_read_file(const char *_Nonnull path, void *_Nonnull bytes, size_t count);
/// Writes all bytes; 0 or a negative errno.
int csystem_write_all(int fd, const void *_Nonnull bytes, size_t count);
/// Reads up to `count` bytes, repeated where a signal interrupts.
long csystem_read(int fd, void *_Nonnull bytes, size_t count);
int csystem_is_terminal(int fd);
/// Columns of the terminal behind `fd`; 0 where it is none.
int csystem_terminal_columns(int fd);
/// Turns the echo of typed characters off or on; 0 or a negative errno.
int csystem_set_echo(int fd, int on);
/// `/dev/tty`, for a passphrase when standard input is a pipe.
int csystem_open_terminal(void);
/// Kernel name and release, e.g. "Linux 6.1.0".
void csystem_kernel(char *_Nonnull text, size_t size);
long csystem_cores(void);
