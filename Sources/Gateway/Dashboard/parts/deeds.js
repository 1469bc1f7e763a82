// The history of a task, an agent or a request: what was done, when, and by whom.

import { getJSON } from '../base/api.js';
import { h } from '../base/dom.js';
import * as units from '../base/units.js';
import { linkTo, shortHex, time } from './bits.js';
import { who } from './people.js';
import { plainTable } from './table.js';
import { emptyState } from './states.js';

/** Operations of one history that are shown, the newest ones. */
const mostDeeds = 200;

/** Words for `chapter.verb`; others are shown as they are. */
const words = {
  'account.transfer': 'Paid', 'constitution.enact': 'Constitution enacted',
  'mandate.issue': 'Mandate given', 'mandate.delegate': 'Mandate passed on',
  'mandate.revoke': 'Mandate taken back', 'approval.approve': 'Approved',
  'approval.refuse': 'Refused', 'override.allow': 'Allowed by a person',
  'override.deny': 'Denied by a person', 'override.ordinary': 'Ruling taken back',
  'agent.stop': 'Stopped', 'agent.resume': 'Resumed', 'agent.release': 'Let out of safe mode',
  'task.post': 'Posted', 'task.assign': 'Assigned', 'task.claim': 'Claimed',
  'task.begin': 'Begun', 'task.deliver': 'Delivered',
  'task.giveUp': 'Given back',
  'task.accept': 'Accepted and paid', 'task.dispute': 'Disputed', 'task.confirm': 'Verified',
  'task.arbitrate': 'Arbitrated', 'task.cancel': 'Cancelled', 'task.expire': 'Time ran out',
  'task.deliverRun': 'Delivered a run', 'task.prove': 'Delivered with a proof, verified and paid',
  'task.challenge': 'Challenged', 'task.trace': 'States told', 'task.pick': 'Step picked',
  'task.show': 'Step shown', 'task.batch': 'In a batch', 'auction.open': 'Put up for bids',
  'auction.bid': 'Sealed bid', 'auction.reveal': 'Bid revealed', 'auction.close': 'Auction closed',
  'stake.stake': 'Staked', 'stake.unstake': 'Unstaking begun', 'stake.withdraw': 'Stake taken back',
  'stake.slash': 'Slashed', 'offer.list': 'Offer listed', 'offer.update': 'Offer changed',
  'offer.delist': 'Offer delisted', 'quota.set': 'Quota set', 'role.grant': 'Role given',
  'role.revoke': 'Role taken back',
};

function wordsOf({ chapter, verb }) {
  const name = `${chapter}.${verb}`;
  return Object.hasOwn(words, name) ? words[name] : `${chapter} ${verb}`;
}

/** What came of it where it was not done at once. */
const came = {
  asked: 'waits for a person', unusual: 'out of the ordinary, not done',
  seconded: 'others must say the same',
};

const whatCell = (deed) => h('div', { class: 'two-lines' },
  h('span', {}, wordsOf(deed), Object.hasOwn(came, deed.outcome)
    && [' ', h('span', { class: 'task-state', 'data-state': 'verifying' }, came[deed.outcome])]),
  h('span', { class: 'sub narrow' }, who(deed.account),
    deed.amount && ` · ${units.credits(deed.amount)}`));

const heads = [
  { head: 'Time' }, { head: 'What', kind: 'main' }, { head: 'Who', kind: 'p2' },
  { head: 'Signed for', kind: 'p3' }, { head: 'Amount', kind: 'num p2' },
  { head: 'Checkpoint', kind: 'num p3' }, { head: 'Operation' },
];

/** What was done about `subject`, newest first. */
export async function deedsOf(subject, signal) {
  const { items } = await getJSON('/v1/operations', { subject, limit: String(mostDeeds) }, signal);
  return items;
}

/** A table of operations, the first one on top. */
export function deedsTable(deeds, empty) {
  if (deeds.length === 0) return emptyState(...empty);
  const rows = [...deeds].reverse().map((deed) => [
    time(deed.time), whatCell(deed), who(deed.account), who(deed.owner),
    deed.amount ? units.credits(deed.amount) : '', linkTo.checkpoint(deed.checkpoint),
    shortHex(deed.operation, { head: 8, tail: 0 }),
  ]);
  return h('div', { class: 'list-wrap' }, plainTable('History', heads, rows));
}
