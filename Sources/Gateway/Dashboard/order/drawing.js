// Draws the graph: columns are rounds, rows validators; only columns that changed are drawn again.

import { replace, s } from '../base/dom.js';
import { derive, verdictTitle } from './votes.js';

const step = 34, radius = 8.5, head = 22, foot = 26;
/** Coordinates stay small: SVG numbers have few digits. */
const mostColumns = 2000;

/** Beyond so many seats only the lines that vote for a leader are drawn. */
const mostWeb = 10;
const rowHeight = (seats) => (seats <= mostWeb ? 36 : 27);

/** How the payload fills a block: nothing for none, all of it from 1 MiB on. */
function filling({ items, bytes }) {
  if (items === 0) return 0;
  return 3 + (radius - 3) * Math.min(1, Math.log2(Math.max(2, bytes)) / 20);
}

/** Signs of verdicts beside their colours: they can be told apart without them. */
const signs = {
  committed: 'M-2.4 0.2l1.7 1.8 3.1-3.7', skipped: 'M-1.9-1.9l3.8 3.8M1.9-1.9l-3.8 3.8',
};

/** The frame of a slot, with the sign of its verdict in a corner. */
export function frame({ verdict, how }) {
  const kinds = `${verdict} ${how ?? ''}`;
  return [s('rect', { class: `slot ${kinds}`, x: -12.5, y: -12.5, width: 25, height: 25, rx: 4 }),
    signs[verdict] && s('g', { class: `sign ${kinds}`, transform: 'translate(11.5 -11.5)' },
      s('circle', { r: 4.8 }), s('path', { d: signs[verdict] }))];
}

/** A block: a ring of its author's colour, filled as its payload is. */
export const ring = (load) => [s('circle', { class: 'hull', r: radius }),
  s('circle', { class: 'load', r: load })];

/** The svg and what is in it by round. `choose(thing)` is told `{digest}` or `{round, place}`. */
export class Drawing {
  constructor(choose) {
    this.choose = choose;
    this.columns = new Map();
    this.layers = ['bands', 'edges', 'chosen', 'blocks'].map((name) =>
      s('g', { class: `layer ${name}` }));
    this.svg = s('svg', { class: 'graph', role: 'group', 'aria-label':
      'Block graph: arrow keys go from block to block, Enter shows one' }, this.layers);
    this.svg.addEventListener('click', (event) => this.pick(event.target));
    this.svg.addEventListener('keydown', (event) => this.key(event));
    this.origin = 0;
    this.chosen = null;
    this.stop = null;
  }

  x(round) {
    return (round - this.origin) * step + step / 2;
  }

  y(seat) {
    return head + this.height * seat + this.height / 2;
  }

  /** Draws the newest `most` rounds of `graph`; gives back how many there are. */
  draw(graph, most = Infinity) {
    const rounds = graph.rounds.slice(-most), first = rounds[0] ?? 0;
    const isFar = Math.abs(first - this.origin) > mostColumns;
    if (isFar || this.height !== rowHeight(graph.seats) || this.epoch !== graph.epoch) {
      this.clear(graph, first);
    }
    this.graph = graph;
    const ahead = new Map();
    const { slots, verdicts } = derive(graph, graph.head.round + 1);
    slots.forEach((slot, i) => ahead.set(`${slot.round}/${slot.place}`, verdicts[i]));
    for (const [round, column] of this.columns) {
      if (round < first || !graph.rows.has(round)) this.drop(round, column);
    }
    for (const round of rounds) this.column(round, ahead);
    const width = rounds.length === 0 ? step : (rounds.at(-1) - first + 1) * step;
    const height = head + this.height * graph.seats + foot;
    this.svg.setAttribute('viewBox', `${(first - this.origin) * step} 0 ${width} ${height}`);
    this.svg.setAttribute('width', width);
    this.svg.setAttribute('height', height);
    this.setStop();
    return rounds.length;
  }

  clear(graph, first) {
    this.layers.forEach((layer) => layer.replaceChildren());
    this.columns.clear();
    Object.assign(this, { origin: first, epoch: graph.epoch, height: rowHeight(graph.seats) });
  }

  drop(round, column) {
    column.parts.forEach((part) => part.remove());
    this.columns.delete(round);
  }

  column(round, ahead) {
    const { graph } = this, row = graph.row(round), before = graph.row(round - 1);
    const slots = row.slots.map((slot) => {
      if (slot.verdict !== 'undecided') return slot;
      const own = ahead.get(`${slot.round}/${slot.place}`) ?? slot;
      return { ...slot, ...own, isAhead: own.verdict !== 'undecided' };
    });
    const commit = this.commitOf(round);
    const key = JSON.stringify([row.blocks.map(({ digest, commit: at }) => [digest, at]),
      slots.map(({ author, verdict, how }) => [author, verdict, how]),
      before.slots.map(({ author }) => author), commit]);
    const old = this.columns.get(round);
    if (old?.key === key) return;
    const parts = [this.band(round, commit), this.edges(row, before),
      this.things(row, slots)];
    if (old) old.parts.forEach((part, i) => part.replaceWith(parts[i]));
    else parts.forEach((part, i) => this.layers[[0, 1, 3][i]].append(part));
    this.columns.set(round, { key, parts });
  }

  /** The commit whose rounds hold `round`, and whether it ends there. */
  commitOf(round) {
    const { graph } = this;
    if (round > graph.head.round) return null;
    let found = null;
    for (const commit of graph.commits.values()) {
      if (commit.round >= round && (!found || commit.round < found.round)) found = commit;
    }
    return found && { index: found.index, isEnd: found.round === round };
  }

  band(round, commit) {
    const left = this.x(round) - step / 2, bottom = head + this.height * this.graph.seats;
    const isLabelled = commit?.isEnd && (commit.index % 4 === 0 || this.isRare());
    const label = commit && `Commit ${commit.index}`;
    return s('g', { class: 'band', 'data-commit': commit?.index,
      'data-parity': commit && commit.index % 2 },
    commit && s('rect', { x: left, y: head - 4, width: step, height: bottom - head + 8 },
      s('title', {}, label)),
    commit?.isEnd && s('line', { x1: left + step, x2: left + step, y1: head - 4, y2: bottom + 4 }),
    isLabelled && s('text', { class: 'commit-label', x: left + step - 3, y: bottom + 19,
      'text-anchor': 'end' }, `#${commit.index}`),
    round % 4 === 0 && s('text', { class: 'round-label', x: this.x(round), y: 13,
      'text-anchor': 'middle' }, String(round)));
  }

  /** Whether commits are so far apart that each has room for its number. */
  isRare() {
    const { graph } = this;
    return graph.commits.size * 3 < graph.rows.size;
  }

  edges(row, before) {
    const leaders = new Set(before.slots.map(({ author }) => author));
    const plain = [], support = [];
    for (const block of row.blocks) {
      for (const parent of this.graph.parents(block)) {
        const line = this.line(parent, row.round, block.author);
        const isVote = parent.round === row.round - 1 && leaders.has(parent.author);
        if (isVote) support.push(line);
        else if (this.graph.seats <= mostWeb) plain.push(line);
      }
    }
    return s('g', { class: 'column-edges' }, s('path', { class: 'edge', d: plain.join('') }),
      s('path', { class: 'edge support', d: support.join('') }));
  }

  line(parent, round, author) {
    const left = this.x(parent.round) + radius, right = this.x(round) - radius;
    return `M${left} ${this.y(parent.author)}L${right} ${this.y(author)}`;
  }

  things(row, slots) {
    const bySeat = new Map(slots.map((slot) => [slot.author, slot]));
    const coin = slots.find(({ author }) => author === null);
    return s('g', { class: 'column-blocks' },
      slots.filter(({ author }) => author !== null && !this.graph.at(row.round, author).length)
        .map((slot) => this.emptySlot(slot)),
      row.blocks.map((block, i) => this.block(block, bySeat.get(block.author), this.twin(row, i))),
      coin && s('text', { class: 'coin', x: this.x(row.round), y: head + 4,
        'text-anchor': 'middle' }, '?',
      s('title', {}, 'The coin elects the leader; it is closed')));
  }

  /** How many blocks of the same author stand before the i-th of a round. */
  twin(row, i) {
    return row.blocks.slice(0, i).filter(({ author }) => author === row.blocks[i].author).length;
  }

  block(block, slot, twin) {
    const { digest, author, items, bytes, round } = block;
    const isLeader = slot && (slot.block ?? digest) === digest;
    const x = this.x(round) + 4 * twin, y = this.y(author) - 5 * twin;
    const label = `Validator ${author}, round ${round}: ${items} ${items === 1 ? 'item' : 'items'}`
      + `${items > 0 ? `, ${bytes} bytes` : ''}`
      + `${slot ? `. Leader: ${verdictTitle(slot).toLowerCase()}` : ''}`
      + `${block.commit === null ? '' : `. In commit ${block.commit}`}`;
    return s('g', { class: `block seat-${author % 12}`, 'data-digest': digest, tabindex: -1,
      role: 'button', 'aria-label': label, transform: `translate(${x} ${y})`,
      'data-chosen': this.chosen === digest },
    slot && isLeader && frame(slot), ring(filling(block)), s('title', {}, label));
  }

  /** A leader of whom there is no block here. */
  emptySlot(slot) {
    const { round, place, author } = slot;
    const label = `Validator ${author}, round ${round}: no block. Leader: `
      + verdictTitle(slot).toLowerCase();
    return s('g', { class: 'block missing', 'data-slot': `${round}/${place}`, tabindex: -1,
      role: 'button', 'aria-label': label,
      transform: `translate(${this.x(round)} ${this.y(author)})` },
    frame(slot), s('title', {}, label));
  }

  // Choosing

  pick(target) {
    const found = target.closest('.block');
    if (!found) return;
    this.setStop(found);
    const { digest, slot } = found.dataset;
    if (digest) return this.choose({ digest });
    const [round, place] = slot.split('/').map(Number);
    this.choose({ round, place });
  }

  /** Marks a block, what it names, and who names it, or a slot without a block; or nothing. */
  mark({ block, slot } = {}) {
    this.chosen = block?.digest ?? null;
    const place = slot && `${slot.round}/${slot.place}`;
    for (const one of this.svg.querySelectorAll('.block')) {
      const { digest, slot: own } = one.dataset;
      const isIt = block ? digest === block.digest : place !== undefined && own === place;
      if (isIt) one.setAttribute('data-chosen', '');
      else one.removeAttribute('data-chosen');
      if (isIt) one.scrollIntoView({ block: 'nearest', inline: 'nearest' });
    }
    replace(this.layers[2], block && this.ties(block));
    this.svg.toggleAttribute('data-marked', Boolean(block));
  }

  ties(block) {
    const { graph } = this, named = [], naming = [];
    for (const parent of graph.parents(block)) {
      named.push(this.line(parent, block.round, block.author));
    }
    for (let round = block.round + 1; round <= block.round + 3; round += 1) {
      for (const child of graph.row(round).blocks) {
        if (!child.parents.includes(block.digest)) continue;
        naming.push(this.line(block, round, child.author));
      }
    }
    return [s('path', { class: 'edge named', d: named.join('') }),
      s('path', { class: 'edge naming', d: naming.join('') })];
  }

  /** Keeps one block in the order of the Tab key. */
  setStop(block = null) {
    const held = block ?? (this.stop?.isConnected ? this.stop : null);
    const next = held ?? [...this.svg.querySelectorAll('.block')].at(-1) ?? null;
    if (this.stop && this.stop !== next) this.stop.setAttribute('tabindex', -1);
    this.stop = next;
    next?.setAttribute('tabindex', 0);
  }

  key(event) {
    const moves = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
    if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault();
      this.pick(event.target);
    } else if (moves[event.key]) {
      event.preventDefault();
      this.move(event.target, ...moves[event.key]);
    }
  }

  move(from, byRounds, bySeats) {
    const place = from.getAttribute('transform').match(/-?[0-9.]+/g).map(Number);
    let nearest = null, shortest = Infinity;
    for (const one of this.svg.querySelectorAll('.block')) {
      const [x, y] = one.getAttribute('transform').match(/-?[0-9.]+/g).map(Number);
      const along = (x - place[0]) * byRounds + (y - place[1]) * bySeats;
      const across = Math.abs((x - place[0]) * bySeats) + Math.abs((y - place[1]) * byRounds);
      const length = along + 4 * across;
      if (along <= 2 || length >= shortest) continue;
      [nearest, shortest] = [one, length];
    }
    if (!nearest) return;
    this.setStop(nearest);
    nearest.focus();
    nearest.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }
}

/** The names of the seats beside the rows. */
export function seatLabels(element, seats, ownSeat) {
  replace(element, Array.from({ length: seats }, (_, seat) => {
    const isOwn = seat === ownSeat;
    return s('text', { class: isOwn ? 'own' : null, x: 8,
      y: head + rowHeight(seats) * seat + rowHeight(seats) / 2 + 4 },
    isOwn ? `${seat} (this)` : String(seat));
  }));
  element.setAttribute('width', 66);
  element.setAttribute('height', head + rowHeight(seats) * seats + foot);
}
