// Names the one header of rocksdb that Swift sees.
#pragma once
#include <rocksdb/c.h>
