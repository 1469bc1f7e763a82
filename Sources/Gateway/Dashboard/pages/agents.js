// The agents of this node, and one of them with its usage and its runs.

import { getJSON, path } from '../base/api.js';
import { h } from '../base/dom.js';
import { listen } from '../base/live.js';
import * as units from '../base/units.js';
import { facts, fullHex, heading, linkTo, panel, shortHex, tile, time } from '../parts/bits.js';
import { listing, nothing } from '../parts/listing.js';
import { filled } from '../parts/states.js';
import { agentRuns } from './runs.js';

const status = (name) => h('span', { class: 'status', 'data-status': name }, name);

function nameCell(agent) {
  const { records, cost } = agent.usage ?? {};
  return h('div', { class: 'two-lines' }, linkTo.agent(agent.agent, agent.name),
    h('span', { class: 'sub narrow' }, `${units.count(records)} records · ${units.credits(cost)}`));
}

const last = (agent) => (units.big(agent.usage?.last) > 0n ? time(agent.usage.last) : 'never');

const columns = [
  { head: 'Agent', cell: nameCell, kind: 'main' },
  { head: 'Version', cell: (agent) => agent.version ?? '', kind: 'p3' },
  { head: 'Owner', kind: 'p3',
    cell: (agent) => agent.ownerName || shortHex(agent.owner) },
  { head: 'Status', cell: (agent) => status(agent.status) },
  { head: 'Records', cell: (agent) => units.count(agent.usage?.records), kind: 'num p2' },
  { head: 'Failures', cell: (agent) => units.count(agent.usage?.failures), kind: 'num p3' },
  { head: 'Tokens in', cell: (agent) => units.count(agent.usage?.tokens?.input), kind: 'num p3' },
  { head: 'Tokens out', cell: (agent) => units.count(agent.usage?.tokens?.output), kind: 'num p3' },
  { head: 'Cost', cell: (agent) => units.credits(agent.usage?.cost), kind: 'num p2' },
  { head: 'Last seen', cell: last, kind: 'num' },
];

/** The page of all agents. */
export function agentsPage({ signal }) {
  const list = listing({
    caption: 'Agents', columns, signal,
    keyOf: (agent) => agent.agent,
    empty: nothing('No agents yet', 'An agent is registered when its first span arrives.'),
    load: (cursor) => getJSON('/v1/agents', { cursor }, signal),
  });
  listen('agent', list.arrive, signal);
  const node = h('div', {}, heading('Agents'), h('section', { class: 'panel' }, list.node));
  return { title: 'Agents', node };
}

function usageTiles(usage = {}) {
  const { records, failures, tokens, cost, gas } = usage;
  return h('dl', { class: 'tiles' },
    tile('Records', units.count(records), `${units.count(failures)} failed`),
    tile('Tokens in', units.count(tokens?.input), `${units.count(tokens?.cached)} from cache`),
    tile('Tokens out', units.count(tokens?.output), `${units.count(tokens?.reasoning)} reasoning`),
    tile('Cost', units.credits(cost), `gas ${units.gas(gas)}`));
}

function about(agent) {
  const seen = ({ first, last: end }) => [time(first), ' to ', time(end)];
  return facts([
    ['Agent', fullHex(agent.agent)], ['Owner', agent.ownerName || shortHex(agent.owner)],
    ['Version', agent.version], ['Registered', time(agent.registered)],
    ['Active', units.big(agent.usage?.records) > 0n ? seen(agent.usage) : 'not yet'],
    ['Capabilities', agent.capabilities?.join(', ')], ['Metadata', shortHex(agent.metadata)],
  ]);
}

/** The page of the agent `id`. */
export function agentPage(id, { signal }) {
  const place = h('div');
  const draw = (agent) => [
    heading(agent.name || 'Agent', status(agent.status)), usageTiles(agent.usage), about(agent),
  ];
  const refill = filled(place, signal, () => getJSON(path('agents', id), {}, signal), draw);
  listen('agent', (changed) => changed.agent === id && refill(), signal);
  const node = h('div', {}, place, panel('Runs', agentRuns(id, signal)));
  return { title: 'Agent', node };
}
