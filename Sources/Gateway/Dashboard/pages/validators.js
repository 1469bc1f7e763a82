// The committee as this node sees it: links, rounds, lag and faults; and the ends of the epochs.

import { getJSON } from '../base/api.js';
import { h } from '../base/dom.js';
import { listen } from '../base/live.js';
import * as units from '../base/units.js';
import { heading, linkTo, panel, shortHex, tile, time } from '../parts/bits.js';
import { plainTable } from '../parts/table.js';
import { emptyState, filled } from '../parts/states.js';

const pollMilliseconds = 2000;
/** Epochs whose ends are shown. */
const epochsShown = 20n;
/** Keys shown of those who came with a step, or left. */
const keysShown = 4;
/** Behind by more than this, a validator is said to lag. */
const lagRounds = 8n, lagCheckpoints = 2n;

const absent = [null, undefined, ''];
const muted = (text) => h('span', { class: 'muted' }, text);
const orNone = (value, of = units.count) => (absent.includes(value) ? muted('–') : of(value));

const seatCell = ({ seat, own }) => [h('span', { class: `dot seat-${seat % 12}` }),
  own ? h('strong', {}, String(seat)) : String(seat)];

function linkCell({ own, connected, address }) {
  const state = own ? 'this' : connected ? 'up' : 'down';
  const text = { this: 'this node', up: 'connected', down: 'no link' }[state];
  return h('div', { class: 'two-lines' }, h('span', { class: 'link', 'data-link': state }, text),
    address && h('span', { class: 'sub' }, address));
}

function behind(value, most) {
  if (absent.includes(value)) return muted('–');
  const text = units.count(value);
  return units.big(value) > most ? h('span', { class: 'late' }, text) : text;
}

function shareCell({ blocks }, total) {
  if (total === 0n) return muted('–');
  const share = Number(units.big(blocks) * 1000n / total) / 10;
  return `${share.toFixed(1)} %`;
}

function faultCell({ fault, exposed }) {
  if (!absent.includes(fault)) return h('span', { class: 'bad' }, faultNames[fault] ?? fault);
  return exposed ? h('span', { class: 'bad' }, 'two blocks in a round') : 'none';
}

const faultNames = {
  twinBlocks: 'two blocks in a round', twinVotes: 'two votes for one place',
  twinCheckpoints: 'two checkpoints of one height', wrongShare: 'a wrong share of the coin',
  badDealing: 'a bad dealing of keys', lateVote: 'a vote after its own end of the epoch',
  falseVote: 'a vote for what no honest validator votes for',
};

const columns = [
  { head: 'Seat', cell: seatCell },
  { head: 'Key', cell: ({ did, key }) => shortHex(did ?? key, { head: 16, tail: 4 }), kind: 'p3' },
  { head: 'Link', cell: linkCell },
  { head: 'Round trip', cell: ({ roundTrip }) => orNone(roundTrip, units.duration), kind: 'num p2' },
  { head: 'Last round', cell: ({ lastRound }) => orNone(lastRound), kind: 'num p2' },
  { head: 'Rounds behind', cell: ({ lagRounds: lag }) => behind(lag, lagRounds), kind: 'num' },
  { head: 'Checkpoint', kind: 'num p3',
    cell: ({ height }) => orNone(height, () => linkTo.checkpoint(height)) },
  { head: 'Checkpoints behind', kind: 'num p2',
    cell: ({ lagCheckpoints: lag }) => behind(lag, lagCheckpoints) },
  { head: 'Share of blocks', cell: (one, total) => shareCell(one, total), kind: 'num p3' },
  { head: 'Faults', cell: faultCell, kind: 'wrap' },
];

function committee({ validators = [] }) {
  const total = validators.reduce((sum, { blocks }) => sum + units.big(blocks), 0n);
  const rows = validators.map((one) => columns.map(({ cell }) => cell(one, total)));
  return h('div', { class: 'list-wrap' },
    plainTable('Validators', columns.map(({ head, kind }) => ({ head, kind })), rows));
}

function summary({ validators = [], epoch, round }) {
  const up = validators.filter(({ own, connected }) => own || connected).length;
  const quorum = Math.floor(2 * validators.length / 3) + 1;
  const spare = validators.length - quorum;
  const faulty = validators.filter((one) => one.exposed || !absent.includes(one.fault)).length;
  return h('dl', { class: 'tiles', id: 'committee' },
    tile('Epoch', units.count(epoch)), tile('Round', units.count(round)),
    tile('Connected', `${up} of ${validators.length}`, `a quorum is ${quorum}`),
    tile('May fail', String(spare), spare === 0 ? 'every validator is needed' : 'at once'),
    tile('Proven faulty', String(faulty)));
}

/** Who came and who left with a step, given the committee before; null where that is not known. */
function changeOf(before, after) {
  if (before === null) return muted('not known');
  const [old, fresh] = [new Set(before), new Set(after)];
  const came = after.filter((key) => !old.has(key)), left = before.filter((key) => !fresh.has(key));
  if (came.length + left.length === 0) return muted('none');
  return [someOf(came, 'came', '+ '), someOf(left, 'left', '− ')];
}

function someOf(keys, kind, sign) {
  const more = keys.length - keysShown;
  return [keys.slice(0, keysShown).map((key) => h('div', { class: kind }, sign, shortHex(key))),
    more > 0 && h('div', { class: kind }, `${sign}${more} more`)];
}

function stepsNode({ steps = [] }, genesis, first) {
  if (steps.length === 0) {
    return emptyState('The first epoch is under way',
      'At its end the validators sign who comes next.');
  }
  let before = first === 0n ? genesis.validators : null;
  const rows = steps.map(({ checkpoint, certificate = [], validators = [] }) => {
    const change = changeOf(before, validators);
    before = validators;
    return [units.count(checkpoint.epoch), linkTo.checkpoint(checkpoint.height),
      String(certificate.length), String(validators.length), change, time(checkpoint.time)];
  }).reverse();
  return plainTable('Epochs', [{ head: 'Epoch' }, { head: 'Last checkpoint' },
    { head: 'Signatures', kind: 'num p2' }, { head: 'Next committee', kind: 'num p2' },
    { head: 'Change' }, { head: 'Ended', kind: 'num p2' }], rows);
}

/** The page of the validators. */
export function validatorsPage({ signal }) {
  const top = h('div'), table = h('div'), epochs = h('div', { class: 'list-wrap' });
  let latest = null;
  const refill = filled(table, signal, () => getJSON('/v1/validators', {}, signal), (answer) => {
    latest = answer;
    top.replaceChildren(summary(answer));
    return committee(answer);
  });
  const loadSteps = async () => {
    const { epoch } = latest ?? await getJSON('/v1/validators', {}, signal);
    const first = units.big(epoch) > epochsShown ? units.big(epoch) - epochsShown : 0n;
    const [steps, genesis] = await Promise.all([
      getJSON('/v1/epochs', { from: String(first) }, signal), getJSON('/v1/genesis', {}, signal)]);
    return { steps, genesis, first };
  };
  const refillSteps = filled(epochs, signal, loadSteps,
    ({ steps, genesis, first }) => stepsNode(steps, genesis, first));
  let epoch = null;
  listen('status', ({ consensus }) => {
    if (epoch !== null && consensus?.epoch !== epoch) refillSteps();
    epoch = consensus?.epoch ?? null;
  }, signal);
  const poll = setInterval(() => document.hidden || refill(), pollMilliseconds);
  signal.addEventListener('abort', () => clearInterval(poll));
  const node = h('div', {}, heading('Validators'), top,
    panel('Committee', table, { id: 'validators' }), panel('Epochs', epochs, { id: 'epochs' }));
  return { title: 'Validators', node };
}
