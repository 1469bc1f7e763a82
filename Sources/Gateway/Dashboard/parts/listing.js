// A table that is filled page by page by cursor, and into which new rows can be put as they arrive.

import { announce, h, keepingFocus, replace } from '../base/dom.js';
import { listen } from '../base/live.js';
import { asProblem, emptyState, loadingState, problemState } from './states.js';

/** Items that arrive are drawn together, so that a busy node does not keep the page busy. */
const gatherMilliseconds = 150;
/** New rows are told to screen readers this often at most. */
const tellMilliseconds = 10000;
/** A list that grows by itself stops here. */
const mostRows = 2000;
/** Keys remembered beyond the rows, to tell a change of an old item from a new one. */
const mostKeys = 20000;

/** A column is `{head, cell(item), kind?}`; kind: 'num' right-aligned, 'p2' and 'p3' leave first
 *  when the room gets narrow, 'main' the one that takes the room. */
function row(columns, item) {
  return h('tr', {}, columns.map(({ cell, kind }) => h('td', { class: kind }, cell(item))));
}

/** The rows of a table, one for each `keyOf(item)`, in descending order of `orderOf(item)`; without
 *  that, pages stand in their own order and what arrives on top. */
class Rows {
  constructor({ columns, keyOf, orderOf, most }) {
    Object.assign(this, { columns, keyOf, orderOf, most });
    this.body = h('tbody');
    this.byKey = new Map();
    this.orders = new WeakMap();
    this.seen = new Set();
    this.highest = 0;
    this.lowest = 0;
  }

  get size() {
    return this.byKey.size;
  }

  order(item, old, isArrival) {
    if (this.orderOf) return this.orderOf(item);
    if (old) return this.orders.get(old);
    return isArrival ? ++this.highest : --this.lowest;
  }

  remember(key) {
    if (this.seen.size >= mostKeys) this.seen.clear();
    this.seen.add(key);
  }

  /** Whether an item belongs to rows that are not loaded yet, or no longer kept. */
  isElsewhere(item, hasMore) {
    const key = this.keyOf(item);
    if (this.byKey.has(key)) return false;
    if (!this.orderOf) return this.seen.has(key);
    const last = this.body.lastElementChild;
    return hasMore && last !== null && this.orderOf(item) < this.orders.get(last);
  }

  /** Puts an item at its place, or in place of its older self; says whether it is new. */
  put(item, { isArrival = false } = {}) {
    const key = this.keyOf(item), old = this.byKey.get(key);
    const order = this.order(item, old, isArrival), fresh = row(this.columns, item);
    this.byKey.set(key, fresh);
    this.orders.set(fresh, order);
    this.remember(key);
    if (old) old.replaceWith(fresh);
    else this.body.insertBefore(fresh, this.firstBelow(order));
    this.trim();
    return { fresh, isNew: !old };
  }

  /** Most items go to one of the ends, so both are tried first. */
  firstBelow(order) {
    const last = this.body.lastElementChild;
    if (last === null || this.orders.get(last) >= order) return null;
    for (const one of this.body.children) if (this.orders.get(one) < order) return one;
    return null;
  }

  trim() {
    while (this.byKey.size > this.most) {
      const last = this.body.lastElementChild;
      for (const [key, value] of this.byKey) if (value === last) this.byKey.delete(key);
      last.remove();
    }
  }

  clear() {
    this.byKey.clear();
    this.seen.clear();
    this.body.replaceChildren();
  }
}

/** Options: `caption`, `columns`, `keyOf(item)`, `orderOf(item)` (optional, a BigInt, greatest
 *  on top), `load(cursor) -> {items, next}`, `signal`, `empty` (a node for no rows), `most` (rows
 *  kept), `paged`, `noun` (what new rows are announced as). Returns `{node, arrive(item)}`. */
export function listing(options) {
  const { caption, columns, load, signal, empty, most = mostRows, paged = true } = options;
  const rows = new Rows({ ...options, most });
  const table = h('table', { class: 'list' }, h('caption', { class: 'unseen' }, caption),
    h('thead', {}, h('tr', {}, columns.map(({ head, kind }) =>
      h('th', { scope: 'col', class: kind }, head)))), rows.body);
  const foot = h('div', { class: 'list-foot' });
  const node = h('div', { class: 'list-wrap' }, table, foot);
  let hasMore = false, untold = 0, toldAt = 0;
  let meanwhile = null; // What arrives while a page is on its way, which may not hold it.

  const settle = () => {
    table.hidden = rows.size === 0;
  };

  const more = (next) =>
    h('button', { type: 'button', on: { click: () => page(next) } }, 'Load more');

  const page = async (cursor = null) => {
    replace(foot, loadingState());
    meanwhile = [];
    try {
      const { items, next } = await load(cursor);
      if (signal.aborted) return;
      if (cursor === null) rows.clear();
      items.forEach((item) => rows.put(item));
      meanwhile?.forEach((item) => rows.put(item, { isArrival: true }));
      hasMore = Boolean(next);
      replace(foot, rows.size === 0 ? empty : paged && hasMore ? more(next) : null);
    } catch (error) {
      if (!signal.aborted) replace(foot, problemState(asProblem(error), () => page(cursor)));
    }
    meanwhile = null;
    settle();
  };

  const draw = (item) => {
    meanwhile?.push(item);
    if (rows.isElsewhere(item, hasMore)) return;
    const { fresh, isNew } = rows.put(item, { isArrival: true });
    if (!isNew) return;
    fresh.classList.add('arrived');
    untold += 1;
  };

  const tell = () => {
    if (!options.noun || untold === 0 || Date.now() - toldAt < tellMilliseconds) return;
    announce(`${untold} new ${options.noun}`);
    untold = 0;
    toldAt = Date.now();
  };

  const gathered = new Map();
  let timer = 0;
  const arrive = (item) => {
    gathered.set(options.keyOf(item), item);
    if (timer !== 0) return;
    timer = setTimeout(() => {
      timer = 0;
      if (rows.size === 0) replace(foot);
      keepingFocus(node, () => gathered.forEach(draw));
      gathered.clear();
      tell();
      settle();
    }, gatherMilliseconds);
  };

  listen('resync', () => page(), signal);
  settle();
  page();
  return { node, arrive };
}

/** The empty state of a list. */
export const nothing = (title, ...more) => emptyState(title, ...more);
