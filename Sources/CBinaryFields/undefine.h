// Clears the macros of one width before the next. No include guard, on purpose.
#undef NAME
#undef NAME_NEVER
#undef REST
#undef V
#undef LANES
#undef LOAD
#undef STORE
#undef XOR
#undef CLMUL
#undef UP8
#undef DOWN8
#undef SPREAD
#undef SUM
#undef PAIRS
#undef TABLE
