// Accounts by their names: owners and agents are asked for once, and named wherever they stand.

import { getJSON, path } from '../base/api.js';
import { h } from '../base/dom.js';
import { link } from '../base/router.js';
import { shortHex } from './bits.js';

/** Accounts that were asked for, by identifier; each a promise of `{kind, name}`. */
const known = new Map();
const mostKnown = 2000;

function accountOf(id) {
  if (known.size >= mostKnown) known.clear();
  if (!known.has(id)) {
    const asked = getJSON(path('accounts', id));
    asked.catch(() => known.delete(id)); // Asked again when it is shown again.
    known.set(id, asked);
  }
  return known.get(id);
}

/** An account by its short identifier, then by its name once the node told it; an agent is a link
 *  to what its law says. */
export function who(id) {
  if (!id) return h('span', { class: 'muted' }, '–');
  const place = h('span', { class: 'who', title: id }, shortHex(id));
  accountOf(id).then(({ kind, name }) => {
    if (kind === 'fees') place.replaceChildren('market fees');
    if (!name) return;
    const shown = kind === 'agent' ? h('a', { href: link(['law', id]) }, name) : name;
    place.replaceChildren(shown);
    place.dataset.kind = kind;
  }, () => {
    // The identifier stays; the page itself says what the node refuses.
  });
  return place;
}

/** The same beside each other. */
export const all = (ids) => (ids.length === 0 ? null
  : h('span', { class: 'all' }, ids.map((id) => who(id))));
