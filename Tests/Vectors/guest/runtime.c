// Calls the runtime of guest/ on words of the input and writes what comes back.
#include <stdlib.h>
#include <string.h>
#include "althing.h"

typedef unsigned __int128 wide;

static wide read_wide(void) {
    const uint64_t low = althing_read();
    return (wide)althing_read() << 64 | low;
}

static void write_wide(wide value) {
    althing_write((uint64_t)value);
    althing_write((uint64_t)(value >> 64));
}

// Copies inside one buffer with every overlap and alignment, folded into one word.
static uint64_t copies(void) {
    uint8_t bytes[96];
    uint64_t sum = 0;
    for (size_t from = 0; from < 24; from++) {
        for (size_t to = 0; to < 24; to++) {
            for (size_t index = 0; index < sizeof bytes; index++) bytes[index] = (uint8_t)index;
            memmove(bytes + to, bytes + from, 40 + from);
            for (size_t index = 0; index < sizeof bytes; index++) {
                const size_t place = index - to;
                const int is_copied = index >= to && place < 40 + from;
                sum += bytes[index] != (is_copied ? place + from : index);
            }
            memset(bytes + from, (int)to, 31);
            sum += bytes[from] != to || bytes[from + 30] != to;
        }
    }
    return sum;
}

int main(void) {
    const wide one = read_wide(), other = read_wide();
    write_wide(one / other);
    write_wide(one % other);
    write_wide(one * other);
    write_wide((wide)((__int128)one / (__int128)other));
    write_wide((wide)((__int128)one % (__int128)other));
    althing_write(copies());
    char *text = malloc(6);
    memcpy(text, "abcde", 6);
    althing_write(strlen(text));
    althing_write((uint64_t)(memcmp(text, "abcdf", 5) < 0));
    free(text);
    althing_write((uint64_t)(malloc(6) == text));
    const althing_id id = althing_digest("abc", 3);
    for (int index = 0; index < 4; index++) althing_write(id.words[index]);
    althing_write(althing_time());
    althing_write(althing_own_identity().words[3]);
    return (int)althing_record("record!!", 8);
}
