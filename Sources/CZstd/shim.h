// Names the one header of zstd that Swift sees.
#pragma once
#include <zstd.h>
