// Counts the votes on a slot, as docs/spec/consensus.md has it, and says why it was decided so.

/** Rounds of a wave, the slot's own included. */
const lengths = { known: 3, coin: 5 };

/** The round that votes on a slot, the one that certifies, and the first that may anchor it. */
export function wave({ round, kind }) {
  const length = lengths[kind];
  return { voting: round + length - 2, deciding: round + length - 1, anchor: round + length };
}

/** Digests of all blocks in the history of `block` down to round `lowest`, itself included. */
function history(graph, block, lowest) {
  const seen = new Set([block.digest]), waiting = [block];
  while (waiting.length > 0) {
    for (const parent of graph.parents(waiting.pop())) {
      if (parent.round < lowest || seen.has(parent.digest)) continue;
      seen.add(parent.digest);
      waiting.push(parent);
    }
  }
  return seen;
}

/** The digest of the block that `voter` supports in a slot; null is blame. */
function supported(graph, voter, { round, author, kind }) {
  if (kind === 'known') {
    const isIt = (one) => one.round === round && one.author === author;
    return graph.parents(voter).find(isIt)?.digest ?? null;
  }
  const seen = history(graph, voter, round);
  const candidates = graph.at(round, author).filter(({ digest }) => seen.has(digest));
  candidates.sort((one, other) => (one.digest < other.digest ? -1 : 1));
  return candidates[0]?.digest ?? null;
}

/** The block that `block`, of the deciding round, certifies; null for none. */
function certified(graph, block, votes, voting) {
  const tally = new Map();
  for (const { digest, round } of graph.parents(block)) {
    const choice = round === voting ? votes.get(digest) : null;
    if (choice) tally.set(choice, (tally.get(choice) ?? 0) + 1);
  }
  for (const [digest, count] of tally) if (count >= graph.quorum) return digest;
  return null;
}

/** All votes on a slot: for each block of the voting round what it supports, for each of the
 *  deciding round what it certifies, and the seats by what they did. */
export function votesOn(graph, slot) {
  const { voting, deciding } = wave(slot);
  const votes = new Map(), supporters = new Map(), blames = new Set(), certifiers = new Map();
  const note = (table, key, seat) => table.set(key, (table.get(key) ?? new Set()).add(seat));
  if (slot.author === null) return { votes, supporters, blames, certifiers, certificates: [] };
  for (const voter of graph.row(voting).blocks) {
    const choice = supported(graph, voter, slot);
    votes.set(voter.digest, choice);
    if (choice === null) blames.add(voter.author);
    else note(supporters, choice, voter.author);
  }
  const certificates = [];
  for (const block of graph.row(deciding).blocks) {
    const choice = certified(graph, block, votes, voting);
    if (choice === null) continue;
    certificates.push({ digest: block.digest, author: block.author, block: choice });
    note(certifiers, choice, block.author);
  }
  return { votes, supporters, blames, certifiers, certificates };
}

/** The verdict that the slot's own wave gives; null where it gives none yet. */
export function directVerdict(graph, votes) {
  if (votes.blames.size >= graph.quorum) return { verdict: 'skipped', how: 'direct', block: null };
  for (const [block, seats] of votes.certifiers) {
    if (seats.size >= graph.quorum) return { verdict: 'committed', how: 'direct', block };
  }
  return null;
}

/** Verdicts on all slots from round `first` on, as the graph at hand gives them: one for each slot,
 *  by its place in `graph.slots(first)`. An indirect one names its anchor. */
export function derive(graph, first) {
  const slots = graph.slots(first), found = slots.map(() => ({ verdict: 'undecided' }));
  for (let i = slots.length - 1; i >= 0; i -= 1) {
    const votes = votesOn(graph, slots[i]);
    found[i] = directVerdict(graph, votes) ?? indirect(graph, slots, found, i, votes);
  }
  return { slots, verdicts: found };
}

/** The first slot behind the wave of slot `i` that is not skipped: its place, or -1. */
function anchorOf(slots, verdicts, i) {
  const first = wave(slots[i]).anchor;
  for (let j = i + 1; j < slots.length; j += 1) {
    if (slots[j].round < first || verdicts[j].verdict === 'skipped') continue;
    return verdicts[j].verdict === 'committed' ? j : -1;
  }
  return -1;
}

function indirect(graph, slots, verdicts, i, votes) {
  const j = slots[i].author === null ? -1 : anchorOf(slots, verdicts, i);
  const block = j < 0 ? undefined : graph.block(verdicts[j].block);
  if (!block) return { verdict: 'undecided' };
  const seen = history(graph, block, slots[i].round);
  const anchor = { round: slots[j].round, author: slots[j].author, block: block.digest };
  const certificate = votes.certificates.find(({ digest }) => seen.has(digest));
  if (!certificate) return { verdict: 'skipped', how: 'indirect', block: null, anchor };
  return { verdict: 'committed', how: 'indirect', block: certificate.block, anchor,
    witness: certificate.digest };
}

/** Everything there is to say about a slot: the node's verdict where it has one, else what the
 *  graph gives, the votes, and the anchor. `isAhead`: decided, but an earlier slot is not. */
export function judge(graph, slot) {
  const { slots, verdicts } = derive(graph, slot.round);
  const i = slots.findIndex(({ round, place }) => round === slot.round && place === slot.place);
  const own = verdicts[i] ?? { verdict: 'undecided' }, votes = votesOn(graph, slot);
  const isTold = slot.verdict !== 'undecided';
  const { verdict, how, block } = isTold ? slot : own;
  const isSame = own.verdict === verdict && own.how === how;
  return {
    slot, votes, verdict, how, block, isTold, isAhead: !isTold && verdict !== 'undecided',
    anchor: isSame ? own.anchor : undefined, witness: isSame ? own.witness : undefined,
    isExplained: verdict === 'undecided' || isSame,
  };
}

const seats = (list) => [...list].sort((one, other) => one - other);
const listed = (list) => seats(list).join(', ');
const leading = (votes) => Math.max(0, ...[...votes.supporters.values()].map(({ size }) => size));

/** The reason for a verdict, in a sentence or two. */
export function reason(graph, judged) {
  const { slot, votes, verdict, how, block, anchor, witness } = judged;
  const { voting, deciding } = wave(slot), of = `${graph.quorum} of ${graph.seats}`;
  if (slot.author === null) return 'The coin that elects the leader of this round is not open yet.';
  if (!judged.isExplained) return 'The blocks that decided it are no longer held here.';
  if (verdict === 'committed' && how === 'direct') {
    const certifiers = listed(votes.certifiers.get(block) ?? []);
    return `Validators ${certifiers} certified it in round ${deciding}: each of their `
      + `blocks names ${graph.quorum} or more blocks of round ${voting} that support it. ${of} are `
      + 'needed.';
  }
  if (verdict === 'skipped' && how === 'direct') {
    return `Validators ${listed(votes.blames)} blamed it: their blocks of round ${voting} do not `
      + `name a block of this slot. ${of} are needed.`;
  }
  if (how === 'indirect') {
    const by = `The first committed leader behind its wave, validator ${anchor.author} in round `
      + `${anchor.round}, decided it: its history holds `;
    return verdict === 'committed'
      ? `${by}a certificate for it, the block ${blockTitle(graph, witness)}.`
      : `${by}no certificate for it.`;
  }
  const { size } = votes.blames;
  const certifiers = new Set(votes.certificates.map(({ author }) => author));
  return `So far ${leading(votes)} support it, ${size} ${size === 1 ? 'blames' : 'blame'} it and `
    + `${certifiers.size} certify it. ${of} are needed.`;
}

/** "of validator 2 in round 14" */
function blockTitle(graph, digest) {
  const { author, round } = graph.block(digest);
  return `of validator ${author} in round ${round}`;
}

/** The verdict in two or three words. */
export function verdictTitle({ verdict, how, isAhead }) {
  if (verdict === 'undecided') return 'Undecided';
  const name = verdict === 'committed' ? 'Committed' : 'Skipped';
  const manner = how === 'direct' ? 'directly' : 'indirectly';
  return `${name} ${manner}${isAhead ? ', waits for earlier slots' : ''}`;
}
