// The newest rounds of the block graph as this page holds them, put together from several answers.

const whole = (value, otherwise = 0) => {
  const number = Number(value);
  return Number.isSafeInteger(number) && number >= 0 ? number : otherwise;
};

const orNull = (value) => (value === null || value === undefined ? null : whole(value));

/** Rounds, seats and commits are small enough to be numbers; times stay decimal strings. */
function blockOf(raw, commit) {
  return {
    digest: String(raw.digest), round: whole(raw.round), author: whole(raw.seat),
    time: String(raw.time ?? '0'), bytes: whole(raw.bytes), items: whole(raw.items),
    parents: (raw.parents ?? []).map(String), commit,
  };
}

const verdicts = {
  committedDirectly: ['committed', 'direct'], committedIndirectly: ['committed', 'indirect'],
  skippedDirectly: ['skipped', 'direct'], skippedIndirectly: ['skipped', 'indirect'],
};

function slotOf(raw) {
  const [verdict, how] = verdicts[raw.outcome] ?? ['undecided', null];
  return {
    round: whole(raw.round), kind: raw.elected === true ? 'coin' : 'known',
    author: orNull(raw.seat), verdict, how, block: raw.block ?? null,
  };
}

function commitOf(raw) {
  const slots = (raw.verdicts ?? []).map(slotOf);
  const blocks = raw.blocks ?? [];
  const sum = (of) => blocks.reduce((all, one) => all + whole(of(one)), 0);
  return {
    index: whole(raw.index), round: whole(raw.round), time: String(raw.time ?? '0'),
    digest: String(raw.digest ?? ''), blocks: blocks.length, items: sum(({ items }) => items),
    bytes: sum(({ bytes }) => bytes),
    led: slots.filter(({ verdict }) => verdict === 'committed').length,
    skipped: slots.filter(({ verdict }) => verdict === 'skipped').length,
  };
}

/** Cells of the picture, at most: rounds times seats. */
const mostCells = 2400;

/** What is known of one epoch. */
export class Graph {
  constructor() {
    this.forget();
  }

  forget() {
    Object.assign(this, { epoch: null, seats: 0, quorum: 0, highest: 0, now: '0' });
    this.head = { index: 0, round: 0 };
    this.rows = new Map();
    this.commits = new Map();
    this.blocks = new Map();
  }

  /** Rounds kept for a committee of this size. */
  get mostRounds() {
    return Math.max(24, Math.min(240, Math.floor(mostCells / Math.max(1, this.seats))));
  }

  /** Lays an answer of `/v1/dag` over what is here; another epoch, or a gap, begins anew. */
  take(answer) {
    const epoch = String(answer.epoch ?? '0');
    const commits = (answer.commits ?? []).filter((one) => String(one.epoch) === epoch);
    const isGap = commits.length > 0 && whole(commits[0].index) > this.head.index + 1;
    if (epoch !== this.epoch || isGap) this.forget();
    Object.assign(this, {
      epoch, seats: whole(answer.seats), quorum: whole(answer.quorum),
      now: String(answer.now ?? '0'),
    });
    this.forgetTip();
    for (const raw of commits) this.takeCommit(raw);
    this.takeTip(answer.tip ?? {});
    this.highest = Math.max(0, ...this.rows.keys());
    this.trim();
  }

  takeCommit(raw) {
    const commit = commitOf(raw);
    this.commits.set(commit.index, commit);
    if (commit.index >= this.head.index) this.head = commit;
    for (const slot of raw.verdicts ?? []) this.putSlot(slotOf(slot));
    for (const block of raw.blocks ?? []) this.put(blockOf(block, commit.index));
  }

  takeTip({ blocks = [], slots = [] }) {
    for (const slot of slots) this.putSlot(slotOf(slot));
    for (const raw of blocks) {
      if (!this.blocks.has(String(raw.digest))) this.put(blockOf(raw, null));
    }
  }

  /** What is not in the order yet is told anew by each answer. */
  forgetTip() {
    for (const row of this.rows.values()) {
      row.slots = row.slots.filter(({ verdict }) => verdict !== 'undecided');
      const loose = row.blocks.filter(({ commit }) => commit === null);
      if (loose.length === 0) continue;
      for (const { digest } of loose) this.blocks.delete(digest);
      row.blocks = row.blocks.filter(({ commit }) => commit !== null);
    }
  }

  put(block) {
    const row = this.made(block.round);
    row.blocks = row.blocks.filter(({ digest }) => digest !== block.digest);
    row.blocks.push(block);
    row.blocks.sort((one, other) => one.author - other.author
      || (one.digest < other.digest ? -1 : 1));
    this.blocks.set(block.digest, block);
  }

  putSlot(slot) {
    const { slots } = this.made(slot.round);
    const place = slots.findIndex(({ author, kind }) =>
      kind === slot.kind && (kind === 'coin' || author === slot.author));
    if (place < 0) slots.push({ ...slot, place: slots.length });
    else if (slot.verdict !== 'undecided') slots[place] = { ...slot, place };
  }

  made(round) {
    if (!this.rows.has(round)) this.rows.set(round, { round, blocks: [], slots: [] });
    return this.rows.get(round);
  }

  trim() {
    const lowest = this.highest - this.mostRounds + 1;
    for (const [round, row] of this.rows) {
      if (round >= lowest) continue;
      for (const block of row.blocks) this.blocks.delete(block.digest);
      this.rows.delete(round);
    }
    for (const [index, commit] of this.commits) {
      if (commit.round < lowest) this.commits.delete(index);
    }
  }

  /** Rounds that are here, ascending. */
  get rounds() {
    return [...this.rows.keys()].sort((one, other) => one - other);
  }

  row(round) {
    return this.rows.get(round) ?? { round, blocks: [], slots: [] };
  }

  /** The block of that digest; undefined where it is too old. */
  block(digest) {
    return this.blocks.get(digest);
  }

  /** The parents of a block that are here. */
  parents(block) {
    return block.parents.map((digest) => this.blocks.get(digest)).filter(Boolean);
  }

  /** Blocks of one seat in one round: one, or several by a faulty seat. */
  at(round, seat) {
    return this.row(round).blocks.filter(({ author }) => author === seat);
  }

  /** Every slot from round `first` on, in the order in which they are decided. */
  slots(first) {
    return this.rounds.filter((round) => round >= first).flatMap((round) => this.row(round).slots);
  }

  /** A copy that later answers do not change. */
  copy() {
    const copy = Object.assign(new Graph(), this);
    for (const part of ['commits', 'blocks']) copy[part] = new Map(this[part]);
    copy.rows = new Map([...this.rows].map(([round, { blocks, slots }]) =>
      [round, { round, blocks: [...blocks], slots: [...slots] }]));
    return copy;
  }
}
