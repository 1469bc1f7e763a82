// Names the headers of zstd that Swift sees.
#pragma once
#include <zstd.h>
#include <zstd_errors.h>
