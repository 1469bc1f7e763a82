// The receipt of a finished task: fetched, checked here in the browser, downloaded.

import { getBytes, path } from '../base/api.js';
import { h, replace } from '../base/dom.js';
import { asProblem, loadingState, problemState } from '../parts/states.js';
import { stepsOf } from '../verify/verify.js';
import { download, stepNode, verdictNode } from './panel.js';
import { pinnedChain } from './pin.js';

/** The panel for the task `id`. Nothing is fetched before somebody asks for it. */
export function taskReceiptPanel(id, signal) {
  const output = h('div', { class: 'receipt-output' });

  const fetched = async () => {
    replace(output, loadingState('Fetching the receipt'));
    const { bytes } = await getBytes(path('tasks', id, 'receipt'), signal);
    return bytes;
  };

  const guarded = (work) => async () => {
    for (const button of buttons) button.disabled = true;
    try {
      work(await fetched());
    } catch (error) {
      if (!signal.aborted) replace(output, problemState(asProblem(error), guarded(work)));
    } finally {
      for (const button of buttons) button.disabled = false;
    }
  };

  const verify = guarded((bytes) => {
    const steps = [...stepsOf(bytes, { chain: pinnedChain() })];
    const last = steps.at(-1);
    replace(output, h('ol', { class: 'checks' }, steps.map(stepNode)),
      verdictNode(last.ok ? null : last.part));
  });

  const save = guarded((bytes) => {
    download(bytes, `task-${id.slice(0, 16)}.json`);
    replace(output, h('p', { class: 'muted' }, 'Saved. Check it anywhere: ',
      h('code', {}, 'althing receipt verify FILE')));
  });

  const buttons = [
    h('button', { type: 'button', class: 'primary verify', on: { click: verify } }, 'Verify'),
    h('button', { type: 'button', on: { click: save } }, 'Download receipt'),
  ];
  return h('div', { class: 'receipt' }, h('div', { class: 'actions' }, buttons), output);
}
