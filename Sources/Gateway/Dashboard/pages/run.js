// One run: its totals, its steps as a tree on a time axis, and the chosen step beside it.

import { getJSON, path } from '../base/api.js';
import { h, replace } from '../base/dom.js';
import { listen } from '../base/live.js';
import { setQuery } from '../base/router.js';
import * as units from '../base/units.js';
import { facts, finality, fullHex, heading, kindMark, linkTo, outcome, panel, shortHex, tile, time }
  from '../parts/bits.js';
import { totalsOf } from '../parts/forest.js';
import { icon } from '../parts/icons.js';
import { emptyState, filled } from '../parts/states.js';
import { stepTree } from '../parts/tree.js';
import { recordPanels } from './record.js';

/** More steps than this are neither fetched nor drawn at once. */
const mostSteps = 5000;
const pageSteps = 500;
const calmMilliseconds = 400;

/** The run with all its steps, up to `mostSteps`. */
async function wholeRun(id, signal) {
  const run = await getJSON(path('runs', id), { limit: pageSteps }, signal);
  while (run.next && run.operations.length < mostSteps) {
    const more = await getJSON(path('runs', id), { limit: pageSteps, cursor: run.next }, signal);
    run.operations.push(...more.operations);
    run.next = more.next;
  }
  return run;
}

function tiles(run) {
  const totals = totalsOf(run.operations);
  const note = (value, text) => (units.big(value) > 0n ? `${units.count(value)} ${text}` : null);
  return h('dl', { class: 'tiles', id: 'totals' },
    tile('Steps', units.count(run.operations.length),
      totals.failures > 0 ? `${totals.failures} failed` : null),
    tile('Tokens in', units.count(totals.input), note(totals.cached, 'from cache')),
    tile('Tokens out', units.count(totals.output), note(totals.reasoning, 'reasoning')),
    tile('Cost', units.credits(totals.cost),
      units.big(totals.gas) > 0n ? `gas ${units.gas(totals.gas)}` : null),
    tile('Duration', units.duration(run.duration)));
}

function about(run) {
  return facts([
    ['Trace', fullHex(run.run)], ['Agent', linkTo.agent(run.agent, run.agentName)],
    ['Owner', run.owner && shortHex(run.owner)], ['Start', time(run.start)],
  ]);
}

/** The page of the run `id`; `?step=` names the chosen step. */
export function runPage(id, { signal, query }) {
  const place = h('div'), detail = h('div', { class: 'detail' });
  const folded = new Set();
  let chosen = query.get('step'), tree = null, run = null, detailLife = new AbortController();

  const choose = (step, { scroll = true } = {}) => {
    detailLife.abort();
    detailLife = new AbortController();
    signal.addEventListener('abort', () => detailLife.abort(), { once: true });
    chosen = step?.id ?? null;
    tree.select(chosen);
    place.firstElementChild?.toggleAttribute('data-chosen', chosen !== null);
    setQuery({ step: chosen });
    if (step === null) return replace(detail);
    const close = h('button', { type: 'button', class: 'quiet', 'aria-label': 'Close the step',
      on: { click: () => choose(null) } }, icon('close'));
    replace(detail, h('div', { class: 'detail-head' },
      h('h2', {}, kindMark(step.kind), step.name || 'unnamed'), close),
    Object.values(recordPanels(step, detailLife.signal)));
    if (scroll) detail.scrollIntoView({ block: 'nearest' });
  };

  const stepsNode = () => {
    tree = stepTree({
      operations: run.operations, selected: chosen, folded, onSelect: choose,
    });
    const cut = run.next && h('p', { class: 'notice' },
      `The first ${run.operations.length} steps of this run; the rest is under `,
      h('code', {}, path('runs', id)), '.');
    return run.operations.length > 0 ? [tree.node, cut] : emptyState('No steps yet');
  };

  const draw = (fresh) => {
    run = fresh;
    const node = h('div', { class: 'run' },
      heading(run.name || 'Run', outcome(run.outcome), finality(run.finality)),
      tiles(run), about(run),
      h('div', { class: 'run-body' }, panel('Steps', stepsNode()), detail));
    const step = run.operations.find((one) => one.id === chosen);
    const isOpen = detail.hasChildNodes(), { scrollTop } = detail;
    queueMicrotask(() => { detail.scrollTop = scrollTop; }); // Moving an element rewinds it.
    node.toggleAttribute('data-chosen', Boolean(step));
    if (step && !isOpen) queueMicrotask(() => choose(step, { scroll: false }));
    return node;
  };

  const refill = filled(place, signal, () => wholeRun(id, signal), draw);

  let timer = 0;
  const soon = () => {
    clearTimeout(timer);
    timer = setTimeout(() => signal.aborted || refill(), calmMilliseconds);
  };
  listen('run', (changed) => changed.run === id && soon(), signal);
  listen('checkpoint', () => run?.operations.some((step) => step.checkpoint === null) && soon(),
    signal);

  const update = (next) => {
    const step = run?.operations.find((one) => one.id === next.get('step')) ?? null;
    if (tree && (step?.id ?? null) !== chosen) choose(step);
  };
  return { title: `Run ${id.slice(0, 8)}`, node: place, update };
}
