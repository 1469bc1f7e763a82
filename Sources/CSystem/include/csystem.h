// System calls that Swift cannot import: GNU extensions, variadic calls and packed structs.
#pragma once
#include <stdint.h>
#include <stddef.h>
#include "csystem_sockets.h"
#include "csystem_epoll.h"
#include "csystem_process.h"
