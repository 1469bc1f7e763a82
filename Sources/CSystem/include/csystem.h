// System calls and constants that Swift cannot import: each function here is a plain wrapper.
#pragma once
#include <stdint.h>
#include <stddef.h>
