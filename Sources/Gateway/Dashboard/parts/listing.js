// A table that is filled page by page by cursor, and into which new rows can be put as they arrive.

import { h, replace } from '../base/dom.js';
import { listen } from '../base/live.js';
import { asProblem, emptyState, loadingState, problemState } from './states.js';

/** Items that arrive are drawn together, so that a busy node does not keep the page busy. */
const gatherMilliseconds = 150;
/** A list that grows by itself stops here. */
const mostRows = 2000;

/** A column is `{head, cell(item), kind?}`; kind: 'num' right-aligned, 'p2' and 'p3' leave first
 *  when the room gets narrow, 'main' the one that takes the room. */
function row(columns, item) {
  return h('tr', {}, columns.map(({ cell, kind }) => h('td', { class: kind }, cell(item))));
}

/** The rows of a table in descending order of `orderOf(item)`, one for each `keyOf(item)`. */
class Rows {
  constructor({ columns, keyOf, orderOf, most }) {
    Object.assign(this, { columns, keyOf, orderOf, most });
    this.body = h('tbody');
    this.byKey = new Map();
    this.orders = new WeakMap();
  }

  get size() {
    return this.byKey.size;
  }

  /** Puts an item at its place, or in place of its older self; says whether it is new. */
  put(item) {
    const key = this.keyOf(item), order = this.orderOf(item);
    const old = this.byKey.get(key), fresh = row(this.columns, item);
    this.byKey.set(key, fresh);
    this.orders.set(fresh, order);
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

  /** Whether an item of this order would stand below all rows. */
  isBelow(order) {
    const last = this.body.lastElementChild;
    return last !== null && order < this.orders.get(last);
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
    this.body.replaceChildren();
  }
}

/** Options: `caption`, `columns`, `keyOf(item)`, `orderOf(item)` (a BigInt, greatest on top),
 *  `load(cursor) -> {items, next}`, `signal`, `empty` (a node for no rows), `most` (rows kept),
 *  `paged`. Returns `{node, arrive(item)}`. */
export function listing(options) {
  const { caption, columns, load, signal, empty, most = mostRows, paged = true } = options;
  const rows = new Rows({ ...options, most });
  const table = h('table', { class: 'list' }, h('caption', { class: 'unseen' }, caption),
    h('thead', {}, h('tr', {}, columns.map(({ head, kind }) =>
      h('th', { scope: 'col', class: kind }, head)))), rows.body);
  const foot = h('div', { class: 'list-foot' });
  const node = h('div', { class: 'list-wrap' }, table, foot);
  let hasMore = false;

  const settle = () => {
    table.hidden = rows.size === 0;
  };

  const more = (next) =>
    h('button', { type: 'button', on: { click: () => page(next) } }, 'Load more');

  const page = async (cursor = null) => {
    replace(foot, loadingState());
    try {
      const { items, next } = await load(cursor);
      if (signal.aborted) return;
      items.forEach((item) => rows.put(item));
      hasMore = Boolean(next);
      replace(foot, rows.size === 0 ? empty : paged && hasMore ? more(next) : null);
    } catch (error) {
      if (!signal.aborted) replace(foot, problemState(asProblem(error), () => page(cursor)));
    }
    settle();
  };

  /** Rows below the last one loaded come with their page, not before. */
  const draw = (item) => {
    if (hasMore && !rows.byKey.has(options.keyOf(item)) && rows.isBelow(options.orderOf(item))) {
      return;
    }
    const { fresh, isNew } = rows.put(item);
    if (isNew) fresh.classList.add('arrived');
  };

  const gathered = new Map();
  let timer = 0;
  const arrive = (item) => {
    gathered.set(options.keyOf(item), item);
    if (timer !== 0) return;
    timer = setTimeout(() => {
      timer = 0;
      if (rows.size === 0) replace(foot);
      for (const one of gathered.values()) draw(one);
      gathered.clear();
      settle();
    }, gatherMilliseconds);
  };

  listen('resync', () => {
    rows.clear();
    settle();
    page();
  }, signal);
  settle();
  page();
  return { node, arrive };
}

/** The empty state of a list. */
export const nothing = (title, ...more) => emptyState(title, ...more);
