// Names the one header of z that Swift sees.
#pragma once
#include <zlib.h>
