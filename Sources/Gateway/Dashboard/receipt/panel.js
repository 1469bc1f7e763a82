// The receipt of one record: fetched, checked here in the browser, downloaded, spoiled.

import { getBytes, path } from '../base/api.js';
import { announce, h, replace } from '../base/dom.js';
import { shortHex } from '../parts/bits.js';
import { icon } from '../parts/icons.js';
import { asProblem, loadingState, problemState } from '../parts/states.js';
import { parts, stepsOf } from '../verify/verify.js';
import { pinChain, pinnedChain } from './pin.js';
import { spoil, targets } from './spoil.js';

/** A checkpoint comes about every second. */
const mostTurns = 10, turnMilliseconds = 1000;

/** More comparisons of one check are folded. */
const mostCompared = 24;

const titles = {
  format: 'Form of the file', genesis: 'Chain and genesis', record: 'Digest of the record',
  batchInclusion: 'Place in the batch', batchSignature: 'Signature of the submitter',
  checkpointInclusion: 'Place in the checkpoint', committee: 'Changes of the committee',
  certificate: 'Signatures of the validators', payload: 'Payload',
  state: 'Entries of the state', task: 'The task has ended so',
  mandate: 'By whose leave it was paid', law: 'Constitutions of poster and worker',
  division: 'How a team divided the pay', records: 'Records of the work',
  operations: 'What was done about it, with what people said', operation: 'Digest of the operation',
  operationSignature: 'Signature of the operation', licence: 'The licence, and until when it holds',
  holder: 'Entry of its holder',
};

/** Waits for the next drawing, so that each step is seen; hidden pages do not draw. */
const drawn = () => (document.hidden ? Promise.resolve()
  : new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve))));

/** Long digests short, whole ones in the tooltip. */
function side(value) {
  if (/^[0-9a-f]{64}$/.test(value)) return shortHex(value);
  const pieces = String(value).split(/\b([0-9a-f]{64})\b/);
  return pieces.map((piece) => (/^[0-9a-f]{64}$/.test(piece) ? shortHex(piece) : piece));
}

function comparisonNode({ what, found, expected, ok }) {
  const whatNode = h('span', { class: 'what' }, side(what));
  if (ok && expected.startsWith(found)) {
    return h('li', {}, whatNode, h('span', {}, side(expected)));
  }
  if (ok) return h('li', {}, whatNode, h('span', {}, side(found), ', ', side(expected)));
  return h('li', { class: 'failed' }, whatNode, h('span', {}, 'found ', h('code', {}, found)),
    h('span', {}, 'expected ', h('code', {}, expected)));
}

/** Comparisons of one check; many that hold are shown when asked for. */
function comparedNode(compared, ok) {
  const list = h('ul', { class: 'compared' }, compared.map(comparisonNode));
  if (!ok || compared.length <= mostCompared) return list;
  return h('details', {}, h('summary', {}, `${compared.length} comparisons`), list);
}

/** One check with what it compared. */
export function stepNode({ part, ok, compared }) {
  return h('li', { class: 'check', 'data-part': part, 'data-ok': String(ok) },
    h('span', { class: 'check-mark' }, icon(ok ? 'tick' : 'cross'),
      h('span', { class: 'unseen' }, ok ? 'holds: ' : 'fails: ')),
    h('div', {}, h('span', { class: 'check-title' }, titles[part], ' ', h('code', {}, part)),
      comparedNode(compared, ok)));
}

const skippedNode = (part) => h('li', { class: 'check', 'data-part': part, 'data-ok': 'skipped' },
  h('span', { class: 'check-mark' }, '–'),
  h('div', {}, h('span', { class: 'check-title' }, titles[part]),
    h('span', { class: 'muted' }, ' not looked at')));

/** What all checks come to; `failed` is a part, or null. */
export function verdictNode(failed) {
  const text = failed === null
    ? 'Verified: every check holds, computed in this browser.'
    : `Refused: ${failed} does not hold.`;
  announce(text);
  return h('p', { class: 'verdict', 'data-ok': String(failed === null),
    'data-part': failed ?? '' }, icon(failed === null ? 'tick' : 'cross'), text);
}

/** Offers a file to the browser; the address lives until the page goes. */
export function download(bytes, name) {
  const anchor = h('a', {
    href: URL.createObjectURL(new Blob([bytes], { type: 'application/json' })), download: name,
  });
  anchor.click();
  setTimeout(() => URL.revokeObjectURL(anchor.href), 60000);
}

/** The receipt; waits for the checkpoint where the record is in none yet (409). */
async function checkpointed(id, output, signal) {
  for (let turn = 0; ; turn++) {
    try {
      return await getBytes(path('records', id, 'receipt'), signal);
    } catch (error) {
      if (error.status !== 409 || turn === mostTurns) throw error;
      replace(output, loadingState('Waiting for the next checkpoint'));
      await new Promise((resolve) => setTimeout(resolve, turnMilliseconds));
    }
  }
}

const chainOf = (bytes) => {
  const { chain } = JSON.parse(new TextDecoder().decode(bytes));
  return chain;
};

/** The panel for the record `id`. Nothing is fetched before somebody asks for it. */
export function receiptPanel(id, signal) {
  const output = h('div', { class: 'receipt-output' });
  let held = null;

  const fetched = async () => {
    if (held !== null) return held;
    replace(output, loadingState('Fetching the receipt'));
    const [receipt, payload] = await Promise.all([
      checkpointed(id, output, signal), getBytes(path('records', id, 'payload'), signal),
    ]);
    held = { receipt: receipt.bytes, payload: payload.bytes };
    return held;
  };

  /** Runs `work` with what was fetched; failures are shown, with a way to try again. */
  const guarded = (work) => async () => {
    for (const button of buttons) button.disabled = true;
    try {
      await work(await fetched());
    } catch (error) {
      if (!signal.aborted) {
        replace(output, problemState(asProblem(error), guarded(work)));
      }
    } finally {
      for (const button of buttons) button.disabled = false;
    }
  };

  const trustNode = (pinned, chain, failed) => {
    if (pinned === null && failed === null) {
      pinChain(chain);
      return h('p', { class: 'muted' }, 'This browser now trusts the chain ', shortHex(chain),
        ', met here for the first time. Another chain will be refused.');
    }
    if (pinned === null || failed !== 'genesis' || pinned === chain) return null;
    const trust = () => {
      pinChain(chain);
      verify();
    };
    return h('p', { class: 'notice' }, 'This browser trusts the chain ', shortHex(pinned),
      ', but the receipt is of ', shortHex(chain), '. If you know why (a node set up afresh), ',
      h('button', { type: 'button', on: { click: trust } }, 'trust the new chain'));
  };

  /** Checks `bytes` and draws each step; `before` is said above the steps. */
  const check = async (bytes, payload, before, mayPin) => {
    const pinned = pinnedChain();
    const list = h('ol', { class: 'checks' }), end = h('div');
    replace(output, before, list, end);
    let failed = null;
    for (const step of stepsOf(bytes, { chain: pinned, payload })) {
      list.append(stepNode(step));
      if (!step.ok) failed = step.part;
      await drawn();
    }
    if (failed !== null) {
      list.append(...parts.slice(parts.indexOf(failed) + 1).map(skippedNode));
    }
    replace(end, verdictNode(failed), mayPin && failed !== 'format'
      ? trustNode(pinned, chainOf(bytes), failed) : null);
  };

  const verify = guarded(({ receipt, payload }) => check(receipt, payload, null, true));

  const place = h('select', { 'aria-label': 'Where to spoil' },
    h('option', { value: '' }, 'anywhere'), targets.map((one) => h('option', {}, one)));

  const spoilOne = guarded(({ receipt, payload }) => {
    const changed = spoil(receipt, place.value || null);
    const told = h('p', { class: 'notice' }, `Byte ${changed.offset} of ${receipt.length}, in `,
      h('code', {}, changed.path), ', changed from ', h('code', {}, changed.from), ' to ',
      h('code', {}, changed.to), '.');
    return check(changed.bytes, payload, told, false);
  });

  const save = guarded(({ receipt }) => {
    download(receipt, `receipt-${id.replace(/[^0-9a-z-]/g, '-')}.json`);
    replace(output, h('p', { class: 'muted' }, 'Saved. Check it anywhere: ',
      h('code', {}, 'althing receipt verify FILE')));
  });

  const button = (label, kind, click) =>
    h('button', { type: 'button', class: kind, on: { click } }, label);
  const buttons = [
    button('Verify', 'primary verify', verify), button('Download receipt', '', save),
    button('Spoil one byte', 'spoil', spoilOne),
  ];
  const [first, second, third] = buttons;
  return h('div', { class: 'receipt' }, h('div', { class: 'actions' }, first, second,
    h('span', { class: 'joined' }, third, place)), output);
}
