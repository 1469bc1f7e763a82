// A table that is drawn as a whole.

import { h } from '../base/dom.js';

/** `heads` are `{head, kind?}`, `kind` as in parts/listing.js; `rows` hold a node for each head. */
export function plainTable(caption, heads, rows) {
  const cells = (row) => row.map((cell, i) => h('td', { class: heads[i].kind }, cell));
  return h('table', { class: 'list' }, h('caption', { class: 'unseen' }, caption),
    h('thead', {}, h('tr', {}, heads.map(({ head, kind }) =>
      h('th', { scope: 'col', class: kind }, head)))),
    h('tbody', {}, rows.map((row) => h('tr', {}, cells(row)))));
}
