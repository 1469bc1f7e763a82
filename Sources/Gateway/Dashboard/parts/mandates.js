// Mandates as a tree: what a person allowed, what was passed on of it, and what is left.

import { h } from '../base/dom.js';
import * as units from '../base/units.js';
import { shortHex, time } from './bits.js';
import { all, who } from './people.js';
import { emptyState } from './states.js';

const nanoseconds = () => BigInt(Date.now()) * 1000000n;

/** Whether it allows anything now; one above it may have ended all the same. */
function stateOf({ revoked, expires, budget, spent }) {
  if (revoked) return 'revoked';
  if (units.big(expires) <= nanoseconds()) return 'expired';
  return units.big(spent) >= units.big(budget) ? 'spent' : 'in force';
}

/** A bar of what is spent of a budget, with the numbers as its text. */
function rest({ budget, spent }) {
  const [whole, used] = [units.big(budget), units.big(spent)];
  const left = whole > used ? whole - used : 0n;
  const share = whole === 0n ? 0 : Number(used * 1000n / whole) / 10;
  return h('div', { class: 'rest' },
    h('progress', { max: '100', value: String(share), 'aria-label': 'Spent' }),
    h('span', {}, `${units.credits(left)} of ${units.credits(whole)} left`));
}

function line(mandate, marked, isCut) {
  const state = stateOf(mandate);
  return h('div', { class: 'mandate', 'data-marked': String(mandate.mandate === marked),
    id: mandate.mandate === marked ? 'marked' : null },
  h('div', { class: 'mandate-head' }, shortHex(mandate.mandate), ' ', who(mandate.issuer), ' lets ',
    who(mandate.holder), ' ', h('span', { class: 'task-state', 'data-state': state }, state)),
  rest(mandate),
  h('div', { class: 'muted' }, mandate.scope.join(', '), ' · to ',
    all(mandate.payees) ?? 'anybody', ' · until ', time(mandate.expires),
    isCut && ' · passed on from one that is not shown'));
}

/** All mandates of a page, each below the one that it was passed on from. */
export function mandatesNode({ items, next }, marked) {
  if (items.length === 0) {
    return emptyState('No mandates yet',
      'A person lets an agent spend with: althing mandate grant.');
  }
  const shown = new Set(items.map(({ mandate }) => mandate)), below = new Map();
  for (const mandate of items) {
    const parent = shown.has(mandate.parent) ? mandate.parent : null;
    below.set(parent, [...(below.get(parent) ?? []), mandate]);
  }
  const branch = (parent) => {
    const children = below.get(parent) ?? [];
    return children.length === 0 ? null : h('ul', { class: 'mandates' }, children.map((mandate) =>
      h('li', {}, line(mandate, marked, parent === null && mandate.parent !== null),
        branch(mandate.mandate))));
  };
  return h('div', {}, branch(null), next && h('p', { class: 'aside' },
    'There are more than 500; the others are under ', h('code', {}, '/v1/mandates'), '.'));
}
