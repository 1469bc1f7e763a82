// An agent that holds money for others: its arbiter opens deals, and each is released or refunded once.
//
// Whoever sends the first message is the arbiter. Messages begin with a verb; the answer is a result
// and what the verb says. The payer must have paid this agent before the arbiter opens the deal; an
// agent cannot see what it was paid, so that this is for the arbiter to see to.
#include "althing.h"

enum { DEALS = 64 };

// Verbs: a message is the verb and its words.
enum {
    // payer (4), payee (4), micro-credits, deadline in nanoseconds since 1970: answers the deal's number
    OPEN = 1,
    // deal: pays the payee; for the payer and the arbiter
    RELEASE = 2,
    // deal: pays the payer back; for the payee and the arbiter, after the deadline for the payer too
    REFUND = 3,
    // deal: answers its state and its micro-credits
    SHOW = 4,
};

enum result {
    OK = 0,
    // A message that is none, or a deal that is none.
    MALFORMED = 1,
    // The caller may not do that.
    FORBIDDEN = 2,
    // There is no room for another deal.
    FULL = 3,
    // The deal was settled before.
    SETTLED = 4,
    // The ledger refused the payment; the deal stays open.
    UNPAID = 5,
};

enum state { OPENED = 1, RELEASED = 2, REFUNDED = 3 };

typedef struct {
    althing_id payer, payee;
    uint64_t amount, deadline;
    uint64_t state;
} deal;

static althing_id arbiter;
static deal deals[DEALS];
static uint64_t count;

static int is_same(const althing_id *one, const althing_id *other) {
    for (int index = 0; index < 4; index++) {
        if (one->words[index] != other->words[index]) return 0;
    }
    return 1;
}

static althing_id read_id(void) {
    althing_id id;
    for (int index = 0; index < 4; index++) id.words[index] = althing_read();
    return id;
}

static enum result open_deal(const althing_id *caller) {
    deal opened = {read_id(), read_id(), 0, 0, OPENED};
    opened.amount = althing_read();
    opened.deadline = althing_read();
    if (!is_same(caller, &arbiter)) return FORBIDDEN;
    if (count == DEALS) return FULL;
    deals[count++] = opened;
    return OK;
}

static int may_release(const deal *each, const althing_id *caller) {
    return is_same(caller, &arbiter) || is_same(caller, &each->payer);
}

static int may_refund(const deal *each, const althing_id *caller) {
    if (is_same(caller, &arbiter) || is_same(caller, &each->payee)) return 1;
    return is_same(caller, &each->payer) && althing_time() > each->deadline;
}

// The deal is settled before the payment is asked for: while the ledger is asked, this agent rests
// inside the transfer and takes no message, and a payment that was refused opens the deal again.
static enum result settle(uint64_t verb, uint64_t number, const althing_id *caller) {
    if (number >= count) return MALFORMED;
    deal *each = &deals[number];
    const int is_release = verb == RELEASE;
    if (each->state != OPENED) return SETTLED;
    if (!(is_release ? may_release(each, caller) : may_refund(each, caller))) return FORBIDDEN;
    each->state = is_release ? RELEASED : REFUNDED;
    const althing_id target = is_release ? each->payee : each->payer;
    if (althing_transfer(target, each->amount) == ALTHING_DONE) return OK;
    each->state = OPENED;
    return UNPAID;
}

static void answer(enum result result, uint64_t one, uint64_t other) {
    althing_write(result);
    althing_write(one);
    althing_write(other);
}

static void take(const althing_message *message) {
    const uint64_t words = message->count;
    const uint64_t verb = words > 0 ? althing_read() : 0;
    if (verb == OPEN && words == 11) {
        const enum result result = open_deal(&message->caller);
        answer(result, result == OK ? count - 1 : 0, 0);
    } else if ((verb == RELEASE || verb == REFUND) && words == 2) {
        const uint64_t number = althing_read();
        const enum result result = settle(verb, number, &message->caller);
        answer(result, number, 0);
    } else if (verb == SHOW && words == 2) {
        const uint64_t number = althing_read();
        if (number < count) answer(OK, deals[number].state, deals[number].amount);
        else answer(MALFORMED, 0, 0);
    } else {
        if (words > 0) althing_skip(words - 1);
        answer(MALFORMED, 0, 0);
    }
}

int main(void) {
    int is_first = 1;
    while (1) {
        const althing_message message = althing_next_message();
        if (is_first) arbiter = message.caller;
        is_first = 0;
        take(&message);
        althing_yield();
    }
}
