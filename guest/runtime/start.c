// Where a program begins: runs `main` once and ends the agent with its result.
#include "althing.h"

int main(int count, char **words);

__attribute__((noreturn)) void _start(void) { althing_exit((uint64_t)main(0, NULL)); }
