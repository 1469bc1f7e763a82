// Tasks: which there are, and one with its terms, its money, its history and its receipt.

import { getJSON, path } from '../base/api.js';
import { h } from '../base/dom.js';
import { link, setQuery } from '../base/router.js';
import * as units from '../base/units.js';
import { facts, fullHex, heading, linkTo, panel, shortHex, tile, time } from '../parts/bits.js';
import { deedsOf, deedsTable } from '../parts/deeds.js';
import { listing, nothing } from '../parts/listing.js';
import { all, who } from '../parts/people.js';
import { afterCheckpoints } from '../parts/refresh.js';
import { filled } from '../parts/states.js';
import { plainTable } from '../parts/table.js';
import { taskReceiptPanel } from '../receipt/task.js';

const states = ['pending', 'assigned', 'executing', 'verifying', 'complete', 'cancelled', 'failed',
  'disputed', 'settled', 'challenged'];
const finalStates = ['complete', 'cancelled', 'failed', 'settled'];

const levels = {
  attested: 'attested by the poster', redundant: 'done again by others',
  reexecuted: 're-executed, open to challenge', proven: 'proven',
};
const levelOf = ({ terms }) => terms.verification.kind;

/** A state bears its word, and a colour. */
export const taskState = (name) => h('span', { class: 'task-state', 'data-state': name }, name);

const taskLink = ({ task }) => h('a', { href: link(['tasks', task]), title: task },
  h('code', { class: 'hex' }, task.slice(0, 10)));

const nameCell = (task) => h('div', { class: 'two-lines' }, taskLink(task),
  h('span', { class: 'sub narrow' }, `${units.credits(task.terms.price)} · ${levelOf(task)}`));

const dueCell = ({ due, ended }) => (due ? time(due) : ended
  ? h('span', { class: 'muted' }, 'ended ', time(ended)) : h('span', { class: 'muted' }, '–'));

const columns = [
  { head: 'Task', cell: nameCell, kind: 'main' },
  { head: 'State', cell: ({ state }) => taskState(state) },
  { head: 'Price', cell: ({ terms }) => units.credits(terms.price), kind: 'num p2' },
  { head: 'Held', cell: ({ held }) => units.credits(held), kind: 'num p3' },
  { head: 'Deadline', cell: dueCell, kind: 'p2' },
  { head: 'Poster', cell: ({ poster }) => who(poster), kind: 'p3' },
  { head: 'Worker', cell: ({ worker }) => who(worker) },
  { head: 'Verification', cell: levelOf, kind: 'p2' },
];

function stateFilter(chosen, choose) {
  const options = states.map((name) =>
    h('option', { value: name, selected: name === chosen }, name));
  return h('select', { id: 'task-state', 'aria-label': 'State',
    on: { change: ({ target }) => choose(target.value) } },
  h('option', { value: '' }, 'in any state'), options);
}

/** The page of all tasks; `?state=` shows those in one state. */
export function tasksPage({ signal, query }) {
  const place = h('section', { class: 'panel' });
  let inner = new AbortController();
  signal.addEventListener('abort', () => inner.abort());
  const draw = ({ state }) => {
    inner.abort();
    inner = new AbortController();
    const load = (cursor) => getJSON('/v1/tasks', { cursor, state }, inner.signal);
    const list = listing({
      caption: 'Tasks', columns, signal: inner.signal, keyOf: ({ task }) => task,
      empty: state ? nothing(`No task is ${state} now`)
        : nothing('No tasks yet', 'One is posted with: althing task post, or put up for bids.'),
      load,
    });
    // What changed is put in place of its older self; with a state chosen it may have left it.
    afterCheckpoints(() => load(null).then(({ items }) => items.forEach(list.arrive), () => {
      // The stream of events shows that the connection is lost.
    }), inner.signal);
    place.replaceChildren(list.node);
  };
  const wanted = (given) => ({ state: states.includes(given?.state) ? given.state : '' });
  const choose = (state) => {
    setQuery({ state });
    draw({ state });
  };
  draw(wanted(query));
  const node = h('div', {}, heading('Tasks', stateFilter(wanted(query).state, choose)), place);
  return { title: 'Tasks', node, update: (changed) => draw(wanted(changed)) };
}

// One task.

function tiles(task) {
  const { terms, state } = task;
  const isOver = finalStates.includes(state);
  const { length } = terms.milestones;
  const parts = length === 1 ? 'one milestone' : `${length} milestones`;
  return h('dl', { class: 'tiles' },
    tile('Price', units.credits(terms.price), parts),
    tile('In escrow', units.credits(task.held), isOver ? 'nothing is left to pay' : 'held for it'),
    tile('Worker was paid', units.credits(task.earned),
      `${task.paid} of ${parts}`),
    tile('Market fee', units.credits(task.charged), `${task.fee / 10000} %`),
    isOver ? tile('Ended', task.ended ? time(task.ended) : '–')
      : tile('Next deadline', task.due ? time(task.due) : '–', nextOf(state)));
}

/** What the deadline is for. */
const nextOf = (state) => ({
  pending: 'to find a worker', assigned: 'to begin', executing: 'to deliver',
  verifying: 'to judge', disputed: 'to arbitrate', challenged: 'to answer',
})[state];

function verificationFacts({ kind, program, input, words, quorum, verifiers = [], deposit }) {
  return [
    ['Verification', levels[kind] ?? kind], ['Program', program && shortHex(program)],
    ['Input', input && [shortHex(input), ` of ${words} words`]],
    ['Quorum', quorum && `${quorum} of ${verifiers.length}`], ['Verifiers', all(verifiers)],
    ['Deposit to challenge', deposit && units.credits(deposit)],
  ];
}

function about(task) {
  const { terms } = task;
  return facts([
    ['Task', fullHex(task.task)], ['Poster', who(task.poster)],
    ['Paid by', who(task.payer)],
    ['Mandate', task.mandate && h('a', { href: link(['law'], { mandate: task.mandate }) },
      shortHex(task.mandate))],
    ['Worker', who(task.worker)],
    ['Laws', `version ${task.laws.poster} of the poster's, ${task.laws.worker} of the worker's`],
    ...verificationFacts(terms.verification), ['Arbiters', all(terms.arbiters)],
    ['Specification', fullHex(terms.specification)],
    ['Result', task.result && fullHex(task.result)],
  ]);
}

function milestones({ terms, paid }) {
  const rows = terms.milestones.map((amount, place) => [String(place + 1), units.credits(amount),
    place < paid ? 'paid' : 'open']);
  return plainTable('Milestones', [{ head: 'Milestone' }, { head: 'Amount', kind: 'num' },
    { head: 'State' }], rows);
}

function voices({ confirmations, votes, challenge }) {
  const rows = [
    ...confirmations.map(({ verifier, result }) => [who(verifier), 'got the result',
      shortHex(result)]),
    ...votes.map(({ arbiter, verdict }) => [who(arbiter), 'decides for', verdict]),
  ];
  if (challenge) {
    const turn = challenge.workersTurn ? 'the worker' : 'the challenger';
    rows.push([who(challenge.challenger), 'challenges the run',
      challenge.lost ? 'and was right' : `${turn} is to answer`]);
  }
  if (rows.length === 0) return null;
  return panel('Verifiers, arbiters, challengers',
    plainTable('Voices', [{ head: 'Who' }, { head: 'What' }, { head: '', kind: 'main' }], rows));
}

/** The page of the task `id`. */
export function taskPage(id, { signal }) {
  const place = h('div'), receipt = h('div');
  let hasReceipt = false;
  const load = async () => {
    const [task, deeds] = await Promise.all(
      [getJSON(path('tasks', id), {}, signal), deedsOf(id, signal)]);
    return { task, deeds };
  };
  const draw = ({ task, deeds }) => {
    if (finalStates.includes(task.state) && !hasReceipt) {
      hasReceipt = true;
      receipt.replaceChildren(panel('Receipt', taskReceiptPanel(id, signal), { id: 'receipt' }));
    }
    const records = task.worker && h('p', { class: 'aside' }, 'The runs of the worker: ',
      linkTo.agent(task.worker));
    return [
      heading('Task', taskState(task.state)), tiles(task), panel('Terms', about(task)),
      task.terms.milestones.length > 1 && panel('Milestones', milestones(task)),
      voices(task),
      panel('History', [deedsTable(deeds, ['Nothing is in a checkpoint yet',
        'What is done about the task stands here a moment later.']), records], { id: 'history' }),
    ];
  };
  const refill = filled(place, signal, load, draw);
  afterCheckpoints(refill, signal);
  return { title: 'Task', node: h('div', {}, place, receipt) };
}
