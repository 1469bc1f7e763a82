// The three states every view has beside its contents: loading, empty, failed.

import { Problem } from '../base/api.js';
import { h, keepingFocus, replace } from '../base/dom.js';
import { listen } from '../base/live.js';

/** Something is on its way; shown late by the style sheet, so that quick answers do not flicker. */
export function loadingState(what = 'Loading') {
  return h('p', { class: 'state loading', role: 'status' }, h('span', { class: 'spinner' }), what);
}

/** There is nothing to show, and why or what to do. */
export const emptyState = (title, ...more) =>
  h('div', { class: 'state empty' }, h('p', { class: 'state-title' }, title),
    more.length > 0 && h('p', {}, more));

/** What went wrong, with the correlation id that finds it in the node's log. */
export function problemState(problem, retry) {
  const id = problem.id && h('p', { class: 'muted' }, 'Correlation id ',
    h('code', { class: 'hex' }, problem.id));
  const again = retry && h('button', { type: 'button', on: { click: retry } }, 'Try again');
  return h('div', { class: 'state problem', role: 'alert' },
    h('p', { class: 'state-title' }, problem.title), problem.detail && h('p', {}, problem.detail),
    id, again);
}

/** A problem for anything thrown; our own mistakes are shown too, not swallowed. */
export function asProblem(error) {
  if (error instanceof Problem) return error;
  return new Problem({ title: 'The dashboard failed to show this', detail: String(error) });
}

/** Fills `container` with what `load()` gives, drawn by `draw`; shows loading and failure.
 *  Returns a function that does it again, keeping the old contents until the new ones are there.
 *  Asks again by itself after events were missed. */
export function filled(container, signal, load, draw) {
  let turn = 0;
  const fill = async ({ quietly = true } = {}) => {
    const mine = ++turn;
    if (!quietly || !container.hasChildNodes()) replace(container, loadingState());
    container.setAttribute('aria-busy', 'true');
    try {
      const value = await load();
      if (mine !== turn || signal.aborted) return;
      keepingFocus(container, () => replace(container, draw(value)));
    } catch (error) {
      if (mine !== turn || signal.aborted) return;
      replace(container, problemState(asProblem(error), () => fill({ quietly: false })));
    } finally {
      if (mine === turn) container.removeAttribute('aria-busy');
    }
  };
  listen('resync', () => fill(), signal);
  fill();
  return fill;
}
