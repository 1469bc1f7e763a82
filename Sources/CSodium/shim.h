// Names the one header of sodium that Swift sees.
#pragma once
#include <sodium.h>
