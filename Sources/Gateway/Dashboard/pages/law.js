// The law: what waits for people, which agents stand under a constitution, and the mandates.

import { getJSON } from '../base/api.js';
import { h } from '../base/dom.js';
import { link } from '../base/router.js';
import * as units from '../base/units.js';
import { heading, panel, shortHex, tile, time } from '../parts/bits.js';
import { listing, nothing } from '../parts/listing.js';
import { mandatesNode } from '../parts/mandates.js';
import { all, who } from '../parts/people.js';
import { afterCheckpoints } from '../parts/refresh.js';
import { emptyState, filled } from '../parts/states.js';
import { plainTable } from '../parts/table.js';

/** The most that one request of the interface gives. */
const most = '500';
const endless = 2n ** 128n - 1n;

/** What may be done now, in a word. */
export function standing({ stopped, fleetStopped, chainStopped, safeSince }) {
  const name = stopped ? 'stopped' : fleetStopped ? 'fleet stopped'
    : chainStopped ? 'chain stopped' : safeSince ? 'safe mode' : 'free';
  return h('span', { class: 'task-state', 'data-state': name }, name);
}

/** Credits, or that there is no limit. */
export const limit = (value) => (units.big(value) >= endless ? 'no limit' : units.credits(value));

const agentCell = ({ agent, name, rulings, constitution }) => h('div', { class: 'two-lines' },
  h('a', { href: link(['law', agent]), title: agent }, name),
  h('span', { class: 'sub narrow' },
    `version ${constitution.version} · ${rulings.waiting} waiting`));

const columns = [
  { head: 'Agent', cell: agentCell, kind: 'main' },
  { head: 'State', cell: ({ rulings }) => standing(rulings) },
  { head: 'Owner', cell: ({ owner }) => who(owner), kind: 'p2' },
  { head: 'Guardians', cell: ({ constitution }) => all(constitution.guardians) ?? 'none',
    kind: 'p2' },
  { head: 'Law', cell: ({ constitution }) => `version ${constitution.version}`, kind: 'num p3' },
  { head: 'An action', kind: 'num p3',
    cell: ({ constitution }) => limit(constitution.limits.valuePerAction) },
  { head: 'A day', kind: 'num p3',
    cell: ({ constitution }) => limit(constitution.limits.dailyVolume) },
  { head: 'Actions', cell: ({ rulings }) => units.count(rulings.actions), kind: 'num p3' },
  { head: 'Waiting', cell: ({ rulings }) => String(rulings.waiting), kind: 'num p2' },
];

/** Actions that wait, each with what is asked. */
export function approvalsNode(approvals) {
  if (approvals.length === 0) {
    return emptyState('Nothing waits for a person',
      'An action of an agent waits here where its constitution says so.');
  }
  const rows = approvals.map((approval) => {
    const { action } = approval;
    return [
      h('div', { class: 'two-lines' }, who(approval.agent),
        h('span', { class: 'sub narrow' }, action?.kind ?? 'unknown')),
      action?.kind ?? 'unknown', action ? units.credits(action.value) : '–',
      action?.open ? 'anybody' : all(action?.receivers ?? []) ?? 'nobody',
      all(approval.agreed) ?? 'nobody yet', time(approval.expires),
      shortHex(approval.approval, { head: 10, tail: 0 }),
    ];
  });
  const heads = [{ head: 'Agent', kind: 'main' }, { head: 'Asks for', kind: 'p2' },
    { head: 'Value', kind: 'num' }, { head: 'To', kind: 'p3' }, { head: 'Agreed', kind: 'p2' },
    { head: 'Until' }, { head: 'Request', kind: 'p3' }];
  return [plainTable('Actions that wait', heads, rows), h('p', { class: 'aside' },
    'A guardian answers with: ', h('code', {}, 'althing approval approve REQUEST'), ' or ',
    h('code', {}, 'refuse'), '.')];
}

function tiles({ agents, approvals }) {
  const count = (holds) => String(agents.items.filter(({ rulings }) => holds(rulings)).length);
  const chain = agents.items.some(({ rulings }) => rulings.chainStopped);
  const upTo = agents.next ? ', of the first 500' : '';
  return h('dl', { class: 'tiles' },
    tile('Wait for people', String(approvals.items.length)),
    tile('Agents under a law', String(agents.items.length) + (agents.next ? ' and more' : '')),
    tile('Stopped', count(({ stopped, fleetStopped }) => stopped || fleetStopped),
      `by their people${upTo}`),
    tile('In safe mode', count(({ safeSince }) => safeSince), `after an anomaly${upTo}`),
    tile('The chain', chain ? 'stopped' : 'goes on'));
}

/** The page of the law; `?mandate=` marks one of them. */
export function lawPage({ signal, query }) {
  const top = h('div'), waiting = h('div', { class: 'list-wrap' }), tree = h('div');
  const load = async () => {
    const [agents, approvals, mandates] = await Promise.all(
      ['constitutions', 'approvals', 'mandates'].map((name) =>
        getJSON(`/v1/${name}`, { limit: most }, signal)));
    return { agents, approvals, mandates };
  };
  const marked = query?.mandate ?? null;
  const refill = filled(waiting, signal, load, ({ agents, approvals, mandates }) => {
    top.replaceChildren(tiles({ agents, approvals }));
    tree.replaceChildren(mandatesNode(mandates, marked));
    agents.items.forEach(list.arrive);
    return approvalsNode(approvals.items);
  });
  const list = listing({
    caption: 'Agents', columns, signal, keyOf: ({ agent }) => agent,
    empty: nothing('No agent has a constitution yet',
      'Without one an agent may record and do nothing else: althing constitution set.'),
    load: (cursor) => getJSON('/v1/constitutions', { cursor }, signal),
  });
  afterCheckpoints(refill, signal);
  const node = h('div', {}, heading('Law'), top,
    panel('Waiting for people', waiting, { id: 'approvals' }),
    panel('Agents under a constitution', list.node, { id: 'agents' }),
    panel('Mandates', tree, { id: 'mandates' }));
  return { title: 'Law', node };
}
