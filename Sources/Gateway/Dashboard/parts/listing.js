// A table that is filled page by page by cursor, and into which new rows can be put as they arrive.

import { h, replace } from '../base/dom.js';
import { listen } from '../base/live.js';
import { asProblem, emptyState, loadingState, problemState } from './states.js';

/** A column is `{head, cell(item), kind?}`; kind: 'num' right-aligned, 'p2' and 'p3' leave first
 *  when the room gets narrow, 'main' the one that takes the room. */
function row(columns, item) {
  return h('tr', {}, columns.map(({ cell, kind }) => h('td', { class: kind }, cell(item))));
}

/** Options: `caption`, `columns`, `keyOf(item)`, `load(cursor) -> {items, next}`, `signal`,
 *  `empty` (a node for no rows), `most` (rows kept when live; none: no bound), `paged`. */
export function listing(options) {
  const { caption, columns, keyOf, load, signal, empty, most = Infinity, paged = true } = options;
  const body = h('tbody');
  const table = h('table', { class: 'list' }, h('caption', { class: 'unseen' }, caption),
    h('thead', {}, h('tr', {}, columns.map(({ head, kind }) =>
      h('th', { scope: 'col', class: kind }, head)))), body);
  const foot = h('div', { class: 'list-foot' });
  const node = h('div', { class: 'list-wrap' }, table, foot);
  const rows = new Map();

  const settle = () => {
    table.hidden = rows.size === 0;
  };

  const put = (item, { top = false } = {}) => {
    const key = keyOf(item), old = rows.get(key), fresh = row(columns, item);
    if (old) old.replaceWith(fresh);
    else if (top) body.prepend(fresh);
    else body.append(fresh);
    rows.set(key, fresh);
    return { fresh, isNew: !old };
  };

  const trim = () => {
    while (rows.size > most && body.lastElementChild) {
      const last = body.lastElementChild;
      for (const [key, value] of rows) if (value === last) rows.delete(key);
      last.remove();
    }
  };

  const more = (next) =>
    h('button', { type: 'button', on: { click: () => page(next) } }, 'Load more');

  const page = async (cursor = null) => {
    replace(foot, loadingState());
    try {
      const { items, next } = await load(cursor);
      if (signal.aborted) return;
      items.slice(0, most).forEach((item) => put(item));
      replace(foot, rows.size === 0 ? empty : paged && next ? more(next) : null);
    } catch (error) {
      if (!signal.aborted) replace(foot, problemState(asProblem(error), () => page(cursor)));
    }
    settle();
  };

  const restart = () => {
    rows.clear();
    body.replaceChildren();
    settle();
    return page();
  };

  /** Puts a new or changed item in; new ones on top, marked for a moment. */
  const arrive = (item) => {
    const { fresh, isNew } = put(item, { top: true });
    if (isNew) fresh.classList.add('arrived');
    if (rows.size === 1) replace(foot);
    trim();
    settle();
  };

  settle();
  page();
  listen('resync', restart, signal);
  return { node, arrive, restart };
}

/** The empty state of a list. */
export const nothing = (title, ...more) => emptyState(title, ...more);
