// The host calls of agents, for C and, as the module `AlthingHost`, for Swift: docs/spec/agents.md, 2.
#pragma once
#include <stddef.h>
#include <stdint.h>

// A host call is an instruction of its own (custom-0, funct3 0), which the linker makes an `ecalli`;
// it touches register a0 and nothing else. Memory is named as touched so that the compiler finishes
// what it owes to memory before a turn may end.
#define ALTHING_TAKE(number, name)                                                              \
    static inline uint64_t name(void) {                                                         \
        register uint64_t word __asm__("a0");                                                   \
        __asm__ volatile(".insn i 0x0b, 0, x0, x0, " #number : "=r"(word) : : "memory");        \
        return word;                                                                            \
    }
#define ALTHING_GIVE(number, name)                                                              \
    static inline void name(uint64_t given) {                                                   \
        register uint64_t word __asm__("a0") = given;                                           \
        __asm__ volatile(".insn i 0x0b, 0, x0, x0, " #number : : "r"(word) : "memory");         \
    }

// The next word of the input; rests where there is none.
ALTHING_TAKE(0, althing_read)
// A word to the end of the output.
ALTHING_GIVE(1, althing_write)
// A word to the end of the requests.
ALTHING_GIVE(4, althing_ask)
// The next word of the answers; rests where it is not there yet.
ALTHING_TAKE(5, althing_answer)

#undef ALTHING_TAKE
#undef ALTHING_GIVE

// Ends the turn.
static inline void althing_yield(void) {
    __asm__ volatile(".insn i 0x0b, 0, x0, x0, 2" : : : "memory");
}

// Ends the agent for good; 0 is well.
_Noreturn static inline void althing_exit(uint64_t reason) {
    register uint64_t word __asm__("a0") = reason;
    __asm__ volatile(".insn i 0x0b, 0, x0, x0, 3" : : "r"(word) : "memory");
    __builtin_trap();
}

// An agent or another identifier of 32 bytes, a word for each 8.
typedef struct {
    uint64_t words[4];
} althing_id;

// What begins a message of the input.
typedef struct {
    // Words of the message, at most 4096.
    uint32_t count;
    // Whether another agent sent it and waits for the answer.
    uint32_t is_call;
    // That agent; zero for a message from outside.
    althing_id caller;
} althing_message;

// Reads the beginning of the next message; its words are read one by one after it.
static inline althing_message althing_next_message(void) {
    const uint64_t header = althing_read();
    althing_message message = {(uint32_t)header, (uint32_t)(header >> 63), {{0, 0, 0, 0}}};
    if (message.is_call) {
        for (int index = 0; index < 4; index++) message.caller.words[index] = althing_read();
    }
    return message;
}

// Reads and forgets `count` words.
static inline void althing_skip(uint64_t count) {
    while (count-- > 0) (void)althing_read();
}

// How a request was answered.
enum {
    ALTHING_DONE = 0,
    ALTHING_REFUSED = 1,
    ALTHING_UNANSWERED = 2,
};

// The requests by number.
enum {
    ALTHING_IDENTITY = 1,
    ALTHING_TIME = 2,
    ALTHING_DIGEST = 3,
    ALTHING_RECORD = 4,
    ALTHING_CALL = 5,
    ALTHING_TRANSFER = 6,
    ALTHING_STATE = 7,
};

// Asks `number` with `count` words; the words themselves are given with `althing_ask` after it.
static inline void althing_begin(uint64_t number, uint64_t count) {
    althing_ask(number | count << 32);
}

// What begins an answer.
typedef struct {
    uint32_t status;
    // Words of the answer, read with `althing_answer` after it.
    uint32_t count;
} althing_reply;

static inline althing_reply althing_next_reply(void) {
    const uint64_t header = althing_answer();
    return (althing_reply){(uint32_t)header, (uint32_t)(header >> 32)};
}

// Reads and forgets what is left of an answer.
static inline void althing_skip_answer(uint64_t count) {
    while (count-- > 0) (void)althing_answer();
}

static inline void althing_ask_id(althing_id id) {
    for (int index = 0; index < 4; index++) althing_ask(id.words[index]);
}

static inline althing_id althing_answer_id(void) {
    althing_id id;
    for (int index = 0; index < 4; index++) id.words[index] = althing_answer();
    return id;
}

// The agent that runs.
static inline althing_id althing_own_identity(void) {
    althing_begin(ALTHING_IDENTITY, 0);
    (void)althing_next_reply();
    return althing_answer_id();
}

// Nanoseconds since 1970 by consensus.
static inline uint64_t althing_time(void) {
    althing_begin(ALTHING_TIME, 0);
    (void)althing_next_reply();
    return althing_answer();
}

// Gives `size` bytes as words, the rest of the last zero.
static inline void althing_ask_bytes(const void *bytes, size_t size) {
    const uint8_t *at = (const uint8_t *)bytes;
    for (size_t start = 0; start < size; start += 8) {
        uint64_t word = 0;
        for (size_t index = 0; index < 8 && start + index < size; index++) {
            word |= (uint64_t)at[start + index] << (8 * index);
        }
        althing_ask(word);
    }
}

// SHA-256 of at most 32,760 bytes.
static inline althing_id althing_digest(const void *bytes, size_t size) {
    althing_begin(ALTHING_DIGEST, 1 + (size + 7) / 8);
    althing_ask(size);
    althing_ask_bytes(bytes, size);
    (void)althing_next_reply();
    return althing_answer_id();
}

// Emits a record with a payload of at most 4,096 bytes, a whole number of words.
static inline uint32_t althing_record(const void *bytes, size_t size) {
    althing_begin(ALTHING_RECORD, (size + 7) / 8);
    althing_ask_bytes(bytes, size);
    const althing_reply reply = althing_next_reply();
    althing_skip_answer(reply.count);
    return reply.status;
}

// Begins a call of another agent with a message of `count` words, which are given with
// `althing_ask` after it. `althing_next_reply` then rests until the ledger has the answer.
static inline void althing_begin_call(althing_id agent, uint64_t count) {
    althing_begin(ALTHING_CALL, 4 + count);
    althing_ask_id(agent);
}

// Asks for `count` leaves of another agent's state, 1 to 64 of 8 words each, from `first` on: the
// registers are leaves 0 and 1, the heap window begins at leaf 2. `althing_next_reply` then rests
// until they were shown and checked against the accepted root of that agent.
static inline void althing_begin_state(althing_id agent, uint64_t first, uint64_t count) {
    althing_begin(ALTHING_STATE, 6);
    althing_ask_id(agent);
    althing_ask(first);
    althing_ask(count);
}

// Pays another agent, if the constitution of this one allows it. Rests until the ledger did it.
static inline uint32_t althing_transfer(althing_id agent, uint64_t micro_credits) {
    althing_begin(ALTHING_TRANSFER, 5);
    althing_ask_id(agent);
    althing_ask(micro_credits);
    const althing_reply reply = althing_next_reply();
    althing_skip_answer(reply.count);
    return reply.status;
}
