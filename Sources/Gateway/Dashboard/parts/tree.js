// The run as a tree: one row per step with its tokens, cost and a bar on the common time axis.

import { h, replace, s } from '../base/dom.js';
import { big, count, credits, duration } from '../base/units.js';
import { kindMark, linkTo, outcome } from './bits.js';
import { rowsOf, spanOf } from './forest.js';
import { icon } from './icons.js';

const deepestGuide = 10;
const scale = 1000;

const columns = [
  ['step', 'Step'], ['agent', 'Agent'], ['with', 'Model or tool'], ['num in', 'Tokens in'],
  ['num out', 'out'], ['num cost', 'Cost'], ['num time', 'Time'], ['axis', ''],
  ['end', 'Outcome'],
];

/** Lines from the ancestors to this row; very deep rows are all drawn at the same depth. */
function guides({ depth, trail, last }) {
  const shapes = trail.slice(-deepestGuide).map((goesOn) => (goesOn ? 'line' : 'blank'));
  if (depth > 0) shapes.push(last ? 'elbow' : 'tee');
  return shapes.map((shape) => h('span', { class: `guide ${shape}`, 'aria-hidden': 'true' }));
}

/** The bar of one step. Coordinates are thousandths of the run's time. */
function bar(step, { start, length }) {
  const thousandths = (ns) => Number((big(ns) * 1000000n) / length) / 1000;
  const x = Math.min(thousandths(big(step.start) - start), scale - 4);
  const width = Math.max(4, Math.min(thousandths(step.duration), scale - x));
  return s('svg', { class: 'bar', viewBox: `0 0 ${scale} 12`, preserveAspectRatio: 'none',
    'data-kind': step.kind, 'data-outcome': step.outcome, 'aria-hidden': 'true' },
  [0, 250, 500, 750, 1000].map((at) => s('line', { x1: at, x2: at, y1: 0, y2: 12 })),
  s('rect', { x, width, y: 2, height: 8 }));
}

/** Labels of the time axis, from the start of the run. */
function axis({ length }) {
  const labels = [0n, length / 2n, length].map((at) => (at === 0n ? '0' : duration(at)));
  return h('span', { class: 'axis-labels' }, h('span', { class: 'unseen' }, 'Time axis '),
    labels.map((label) => h('span', {}, label)));
}

const quantity = (value) => (big(value) === 0n ? h('span', { class: 'zero' }, '–') : count(value));

function below(step) {
  const what = step.model ?? step.tool;
  const { input, output } = step.tokens ?? {};
  return h('span', { class: 'sub' }, what && `${what} · `,
    (big(input) > 0n || big(output) > 0n) && `${count(input)} in, ${count(output)} out · `,
    big(step.cost) > 0n && `${credits(step.cost)} · `, duration(step.duration));
}

/** Options: `operations`, `selected` (a step's id or null), `folded` (a set of step ids that the
 *  caller keeps), `onSelect(step)`. */
export function stepTree({ operations, selected = null, folded, onSelect }) {
  const span = spanOf(operations);
  const body = h('tbody', { role: 'rowgroup' });
  let chosen = selected;

  const fold = (row, want) => {
    if (!row.hasChildren || folded.has(row.key) === want) return;
    if (want) folded.add(row.key);
    else folded.delete(row.key);
    draw();
    body.querySelector(`[data-step="${CSS.escape(row.key)}"] .step-name`)?.focus();
  };

  const nameCell = (row) => {
    const { step } = row;
    const isFolded = folded.has(row.key);
    const toggle = row.hasChildren
      ? h('button', { type: 'button', class: 'quiet fold', tabindex: '-1',
        'aria-label': isFolded ? 'Unfold' : 'Fold', 'data-folded': String(isFolded),
        on: { click: () => fold(row, !isFolded) } }, icon('chevron'))
      : h('span', { class: 'fold' });
    const name = h('button', { type: 'button', class: 'step-name', title: step.name,
      'aria-current': step.id === chosen ? 'true' : null,
      on: { click: () => onSelect(step), keydown: (event) => keys(event, row) } },
    step.name || 'unnamed');
    return h('div', { class: 'step-cell' }, guides(row), toggle, kindMark(step.kind),
      h('span', { class: 'step-text' }, name, below(step)));
  };

  const keys = (event, row) => {
    const names = [...body.querySelectorAll('.step-name')];
    const at = names.indexOf(event.currentTarget);
    const actions = {
      ArrowDown: () => names[at + 1]?.focus(), ArrowUp: () => names[at - 1]?.focus(),
      ArrowLeft: () => fold(row, true), ArrowRight: () => fold(row, false),
    };
    if (!Object.hasOwn(actions, event.key)) return;
    event.preventDefault();
    actions[event.key]();
  };

  const cells = (row) => {
    const { step } = row;
    const { input, output } = step.tokens ?? {};
    return [
      nameCell(row), linkTo.agent(step.agent, step.agentName),
      step.model ?? step.tool ?? '', quantity(input), quantity(output),
      big(step.cost) === 0n ? quantity('0') : credits(step.cost), duration(step.duration),
      bar(step, span), outcome(step.outcome),
    ];
  };

  const draw = () => replace(body, rowsOf(operations, (key) => folded.has(key)).map((row) =>
    h('tr', { role: 'row', 'data-step': row.key, 'aria-level': row.depth + 1,
      'aria-selected': String(row.key === chosen),
      'aria-expanded': row.hasChildren ? String(!folded.has(row.key)) : null },
    cells(row).map((cell, i) => h('td', { role: 'gridcell', class: columns[i][0] }, cell)))));

  const select = (id) => {
    chosen = id;
    for (const tr of body.children) {
      const isChosen = tr.dataset.step === id;
      tr.setAttribute('aria-selected', String(isChosen));
      const name = tr.querySelector('.step-name');
      if (isChosen) name.setAttribute('aria-current', 'true');
      else name.removeAttribute('aria-current');
    }
  };

  const head = h('thead', { role: 'rowgroup' }, h('tr', { role: 'row' },
    columns.map(([kind, title]) => h('th', { role: 'columnheader', scope: 'col', class: kind },
      kind === 'axis' ? axis(span) : title))));
  draw();
  const table = h('table', { class: 'tree', role: 'treegrid', 'aria-label': 'Steps of the run' },
    head, body);
  return { node: h('div', { class: 'tree-wrap' }, table), select };
}
