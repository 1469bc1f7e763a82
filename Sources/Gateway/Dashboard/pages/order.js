// The block graph as it grows: who proposed, who supported whom, and what was put in order and why.

import { getJSON } from '../base/api.js';
import { h, replace, s } from '../base/dom.js';
import { listen } from '../base/live.js';
import * as units from '../base/units.js';
import { heading, panel } from '../parts/bits.js';
import { icon } from '../parts/icons.js';
import { plainTable } from '../parts/table.js';
import { asProblem, emptyState, loadingState, problemState } from '../parts/states.js';
import { blockDetail, commitColumns, slotDetail } from '../order/details.js';
import { Drawing, frame, ring, seatLabels } from '../order/drawing.js';
import { Graph } from '../order/graph.js';
import { pace } from '../order/pace.js';

/** The graph grows hundreds of times a second; it is asked for and drawn this often at most. */
const pauseMilliseconds = 250;
/** Blocks that no commit announces yet are asked for this often. */
const restMilliseconds = 1000;
const commitsShown = 12;
/** Rounds drawn while the page follows; a pause draws all there are. */
const roundsFollowed = 64;
/** As many as the node gives at once. */
const commitsAsked = 500;

function legend() {
  const item = (node, text) => h('li', {}, node, text);
  const sample = (...parts) =>
    s('svg', { class: 'graph sample', viewBox: '-17 -17 34 34', 'aria-hidden': 'true' }, parts);
  const block = (...parts) => sample(s('g', { class: 'block seat-1' }, parts));
  const slot = (verdict, how) => block(frame({ verdict, how }), ring(0));
  return h('ul', { class: 'legend', 'aria-label': 'Legend' },
    item(block(ring(0)), 'empty block'), item(block(ring(6.5)), 'with payload'),
    item(slot('committed', 'direct'), 'leader, committed directly'),
    item(slot('committed', 'indirect'), 'indirectly'),
    item(slot('skipped', 'direct'), 'skipped'),
    item(slot('undecided'), 'undecided'),
    item(sample(s('path', { class: 'edge support', d: 'M-15 0L15 0' })), 'supports a leader'));
}

function commitTable(graph) {
  const commits = [...graph.commits.values()].sort((one, other) => other.index - one.index);
  if (commits.length === 0) return emptyState('No commits yet');
  return h('div', { class: 'list-wrap' }, plainTable('Latest commits', commitColumns,
    commits.slice(0, commitsShown).map((commit) => commitColumns.map(({ cell }) => cell(commit)))));
}

/** The state of the page: the graph that grows, and the one that is shown while it is paused. */
class OrderView {
  constructor(signal) {
    this.signal = signal;
    this.graph = new Graph();
    this.held = null;
    this.chosen = null;
    this.isAsking = false;
    this.drawing = new Drawing((thing) => this.choose(thing));
    this.labels = s('svg', { class: 'seat-labels', 'aria-hidden': 'true' });
    this.scroller = h('div', { class: 'graph-scroll' }, this.drawing.svg);
    this.side = h('aside', { class: 'panel order-side', 'aria-label': 'Chosen block' });
    this.toggle = h('button', { type: 'button', id: 'follow', on: { click: () => this.turn() } });
    this.pace = h('span', { class: 'chain-line', id: 'pace' });
    this.commits = h('div', { id: 'commits' });
    this.place = h('div', { class: 'graph-place' }, loadingState());
    this.frame = h('div', { class: 'graph-frame' }, this.labels, this.scroller);
    this.scroller.addEventListener('focusin', () => this.hold());
    this.scroller.addEventListener('wheel', ({ deltaX }) => deltaX < 0 && this.hold(),
      { passive: true });
    this.scroller.addEventListener('pointerdown', () => this.hold());
    this.showToggle();
  }

  get shown() {
    return this.held ?? this.graph;
  }

  // Asking

  /** Asks for what is new; with no answer yet, or after a fault, for everything. */
  async ask() {
    if (this.isAsking || this.signal.aborted) return;
    this.isAsking = true;
    const isFirst = this.graph.epoch === null;
    const after = isFirst ? '' : String(this.graph.head.index);
    const limit = isFirst ? this.graph.mostRounds : commitsAsked;
    try {
      this.graph.take(await getJSON('/v1/dag', { after, limit }, this.signal));
      this.fault = null;
    } catch (error) {
      if (this.signal.aborted) return;
      this.fault = asProblem(error);
    } finally {
      this.isAsking = false;
    }
    this.show();
  }

  /** Asks at once, or soon where it asked just now. */
  soon() {
    if (this.timer || this.signal.aborted || document.hidden) return;
    const wait = Math.max(0, (this.askedAt ?? 0) + pauseMilliseconds - Date.now());
    this.timer = setTimeout(() => {
      this.timer = null;
      this.askedAt = Date.now();
      this.ask();
    }, wait);
  }

  again() {
    this.graph.forget();
    this.soon();
  }

  // Showing

  show() {
    const { graph, fault } = this;
    if (fault && graph.epoch === null) {
      replace(this.place, problemState(fault, () => this.ask()));
      return;
    }
    this.showPace();
    if (this.held) {
      this.showToggle();
      return;
    }
    const isThere = this.drawing.draw(graph, roundsFollowed) > 0;
    if (!isThere) {
      replace(this.place, emptyState('No blocks yet',
        'Blocks are made once a quorum of validators is connected.'));
      return;
    }
    if (this.frame.parentNode !== this.place) replace(this.place, this.frame);
    seatLabels(this.labels, graph.seats, this.ownSeat);
    this.scroller.scrollLeft = this.scroller.scrollWidth;
    replace(this.commits, commitTable(graph));
    this.showToggle();
  }

  showPace() {
    const { kind, text } = pace(this.graph);
    this.pace.dataset.pace = kind;
    replace(this.pace, text);
  }

  showToggle() {
    const newer = this.held ? this.graph.highest - this.held.highest : 0;
    const text = this.held ? 'Follow' : 'Pause';
    const more = newer > 0 ? `, ${units.count(newer)} newer rounds` : '';
    this.toggle.setAttribute('aria-pressed', String(Boolean(this.held)));
    if (this.toggle.textContent !== text + more) this.toggle.textContent = text + more;
  }

  // Pausing

  hold() {
    if (this.held || this.graph.rows.size === 0) return;
    this.held = this.graph.copy();
    const before = this.scroller.scrollWidth;
    this.drawing.draw(this.held);
    this.scroller.scrollLeft += this.scroller.scrollWidth - before;
    this.showToggle();
  }

  turn() {
    if (!this.held) return this.hold();
    this.held = null;
    this.close();
    this.show();
  }

  // Choosing

  choose(thing) {
    this.hold();
    const graph = this.shown, block = thing.digest && graph.block(thing.digest);
    const slot = thing.digest ? null : graph.row(thing.round).slots[thing.place];
    if (!block && !slot) return;
        const choose = (next) => this.choose(next);
    const seat = (block ?? slot).author;
    const title = h('h2', {}, h('span', { class: `dot seat-${seat % 12}` }),
      `Validator ${seat}, round ${(block ?? slot).round}`);
    const close = h('button', { type: 'button', class: 'quiet', 'aria-label': 'Close',
      title: 'Close', on: { click: () => this.close() } }, icon('close'));
    replace(this.side, h('div', { class: 'panel-head' }, title, close),
      h('div', { class: 'order-detail' }, block ? blockDetail(graph, block, choose)
        : [slotDetail(graph, slot, choose)]));
    this.body.dataset.chosen = '';
    this.drawing.mark({ block, slot });
  }

  close() {
    replace(this.side);
    delete this.body.dataset.chosen;
    this.drawing.mark();
  }
}

/** The page of the order. */
export function orderPage({ signal }) {
  const view = new OrderView(signal);
  const graph = h('section', { class: 'panel graph-panel' }, legend(), view.place);
  view.body = h('div', { class: 'order-body' }, graph, view.side);
  getJSON('/v1/status', {}, signal).then((status) => {
    const seat = status.consensus?.seat;
    view.ownSeat = seat === null || seat === undefined ? null : Number(seat);
  }, () => {
    // Without it no row is marked as this node's own.
  }).then(() => view.soon());
  listen('commit', () => view.soon(), signal);
  listen('resync', () => view.again(), signal);
  const rest = setInterval(() => view.soon(), restMilliseconds);
  signal.addEventListener('abort', () => {
    clearInterval(rest);
    clearTimeout(view.timer);
  });
  const node = h('div', { class: 'order' }, heading('Order', view.pace, view.toggle), view.body,
    panel('Latest commits', view.commits));
  return { title: 'Order', node };
}
