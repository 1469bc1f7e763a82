// One agent under its law: constitution, limits, rulings, what waits, its mandates and its history.

import { getJSON, path } from '../base/api.js';
import { h } from '../base/dom.js';
import * as units from '../base/units.js';
import { facts, fullHex, heading, linkTo, panel, tile, time } from '../parts/bits.js';
import { deedsOf, deedsTable } from '../parts/deeds.js';
import { mandatesNode } from '../parts/mandates.js';
import { all, who } from '../parts/people.js';
import { afterCheckpoints } from '../parts/refresh.js';
import { emptyState, filled } from '../parts/states.js';
import { plainTable } from '../parts/table.js';
import { approvalsNode, limit, standing } from './law.js';

const mostCount = 2n ** 64n - 1n;
const counted = (value) => (units.big(value) >= mostCount ? 'no limit' : units.count(value));

function constitutionNode(law) {
  if (law === null) {
    return emptyState('It has no constitution',
      'It may record and do nothing else until its owner sets one: althing constitution set.');
  }
  const { limits, approvals, watch } = law;
  const asks = [
    approvals.kinds.length > 0 && approvals.kinds.join(', '),
    units.big(approvals.above) < 2n ** 128n - 1n && `all above ${units.credits(approvals.above)}`,
  ].filter(Boolean).join('; ');
  return facts([
    ['Version', law.version], ['May', law.allowed.join(', ') || 'nothing'],
    ['Pays', all(law.counterparties) ?? 'anybody'], ['Guardians', all(law.guardians) ?? 'none'],
    ['Asks for', asks ? `${asks}; ${approvals.threshold} must agree within `
      + units.duration(approvals.lifetime) : 'nothing'],
    ['An action', `at most ${limit(limits.valuePerAction)}`],
    ['A day', `at most ${limit(limits.dailyVolume)}, gas ${counted(limits.gasPerDay)}`],
    ['An hour', `at most ${counted(limits.actionsPerHour)} actions`],
    ['Stake', `at most ${limit(limits.stake)}`],
    ['Dual control', law.dualControl ? 'what relaxes needs two people' : 'no'],
    ['Mandate', law.requiresMandate ? 'value moves under one only' : 'not required'],
    ['Watched', watch.on ? `more than ${watch.hourly} actions in an hour, values over `
      + `${watch.factor} times its mean, kinds it never did` : 'no'],
  ]);
}

function rulingsNode({ overrides, proposed, anomaly, stopped, fleetStopped, safeSince }) {
  const rows = [
    ...overrides.map(({ kind, ruling, expires, by }) =>
      [kind, ruling, who(by), time(expires)]),
    ...(proposed ? [[proposed.kind, `${proposed.ruling}, waits for a second person`,
      who(proposed.by), time(proposed.expires)]] : []),
  ];
  const told = facts([
    ['Stopped', stopped && time(stopped)], ['Fleet stopped', fleetStopped && time(fleetStopped)],
    ['Safe mode', safeSince && ['since ', time(safeSince)]],
    ['Last anomaly', anomaly && [`the ${anomaly.rule} of `, anomaly.kind, ', value ',
      units.credits(anomaly.value), ' at ', time(anomaly.time)]],
    ['Released by', anomaly?.releasedBy && who(anomaly.releasedBy)],
  ]);
  if (rows.length === 0) {
    return told.hasChildNodes() ? told : emptyState('Nobody ruled anything',
      'No stop, no override and no anomaly stands.');
  }
  return [told, plainTable('Overrides', [{ head: 'Action' }, { head: 'Ruling' }, { head: 'By' },
    { head: 'Until' }], rows)];
}

/** The page of the law of the agent `id`. */
export function governedPage(id, { signal }) {
  const place = h('div');
  const load = async () => {
    const [agent, law, rulings, approvals, mandates, account, deeds] = await Promise.all([
      getJSON(path('agents', id), {}, signal),
      getJSON(path('agents', id, 'constitution'), {}, signal),
      getJSON(path('agents', id, 'rulings'), {}, signal),
      getJSON('/v1/approvals', { agent: id }, signal),
      getJSON('/v1/mandates', { holder: id, limit: '500' }, signal),
      getJSON(path('accounts', id), {}, signal), deedsOf(id, signal),
    ]);
    return { agent, law: law.constitution, rulings, approvals, mandates, account, deeds };
  };
  const draw = ({ agent, law, rulings, approvals, mandates, account, deeds }) => [
    heading(agent.name, standing(rulings), linkTo.agent(id, 'its runs and usage')),
    h('dl', { class: 'tiles' }, tile('Has', units.credits(account.balance)),
      tile('At stake', units.credits(account.staked), `${units.credits(account.bound)} bound`),
      tile('Actions', units.count(rulings.actions)),
      tile('Wait for people', String(rulings.waiting)),
      tile('Law', law ? `version ${law.version}` : 'none')),
    panel('Waiting for people', approvalsNode(approvals.items), { id: 'approvals' }),
    panel('Constitution', h('div', {}, constitutionNode(law)), { id: 'constitution' }),
    panel('Stops, overrides, anomalies', h('div', {}, rulingsNode(rulings)), { id: 'rulings' }),
    panel('Mandates that it holds', mandatesNode(mandates, null), { id: 'mandates' }),
    panel('History', deedsTable(deeds, ['Nothing is in a checkpoint yet']), { id: 'history' }),
    facts([['Agent', fullHex(id)], ['Owner', who(agent.owner)]]),
  ];
  afterCheckpoints(filled(place, signal, load, draw), signal);
  return { title: 'Law of an agent', node: place };
}
