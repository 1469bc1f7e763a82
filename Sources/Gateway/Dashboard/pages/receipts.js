// A receipt from anywhere: dropped here or chosen, checked in this browser, and what it says.

import { h, replace } from '../base/dom.js';
import * as units from '../base/units.js';
import { facts, fullHex, heading, panel, time } from '../parts/bits.js';
import { emptyState } from '../parts/states.js';
import { stepNode, verdictNode } from '../receipt/panel.js';
import { pinnedChain } from '../receipt/pin.js';
import { toHex } from '../verify/bytes.js';
import { FormatFault, parseReceipt, taskByteLimit } from '../verify/format.js';
import { kindOfHolder, licenceOf } from '../verify/licence.js';
import { divisionOf, taskOf } from '../verify/task.js';
import { stepsOf } from '../verify/verify.js';

const hex = (bytes) => (bytes.every((byte) => byte === 0) ? null : fullHex(toHex(bytes)));

const aboutRecord = ({ record, batch }) => ['Record', [
  ['Record', hex(record.digest)], ['Agent', hex(record.agent)], ['Run', hex(record.run)],
  ['Kind', record.kind], ['Outcome', record.outcome], ['Began', time(record.start)],
  ['Cost', units.credits(record.cost)], ['Submitter', hex(batch.submitter)],
]];

const aboutOperation = ({ operation }) => ['Operation', [
  ['Operation', hex(operation.digest)],
  ['Outcome', operation.outcome === 'done' ? 'carried out' : 'refused at its place'],
  ['Key', hex(operation.key)], ['Owner', hex(operation.owner)],
  ['Command', `number ${operation.command[0]}, ${operation.command.length} bytes`],
]];

/** Who had what of the pay, where a team divided it. */
function dividedRows(receipt, task) {
  const division = divisionOf(receipt, task);
  if (!division) return [];
  const { lead, paid, shares } = division;
  return [['Lead', [`${units.credits(paid)} to `, hex(lead)]],
    ...shares.map((share) => [`${Number(share.part) / 100} %`,
      [`${units.credits(share.paid)} to `, hex(share.account)]])];
}

function aboutTask(receipt) {
  const task = taskOf(receipt);
  return ['Task', task && [
    ['Task', hex(task.id)], ['State', task.state], ['Verification', task.verification],
    ['Poster', hex(task.poster)], ['Paid by', hex(task.payer)], ['Worker', hex(task.worker)],
    ['Result', hex(task.result)], ['Earned', units.credits(task.earned)],
    ['Market fee', units.credits(task.charged)], ...dividedRows(receipt, task),
    ['Ended', time(task.ended)],
  ]];
}

function aboutLicence(receipt) {
  const licence = licenceOf(receipt);
  return ['Licence', licence && [
    ['Licence', hex(licence.id)], ['Number', `${licence.serial} of its offer`],
    ['Held by', [`${kindOfHolder(receipt)} `, hex(licence.holder)]],
    ['Seller', hex(licence.seller)], ['Content', hex(licence.content)],
    ['Terms', hex(licence.wording)], ['From', time(licence.from)],
    ['Until', licence.until === 0n ? 'for ever' : time(licence.until)],
  ]];
}

/** What a well-formed receipt is of, and what it says; null where its entry is another one. */
function contents(receipt) {
  if (receipt.record) return aboutRecord(receipt);
  if (receipt.operation) return aboutOperation(receipt);
  return receipt.licence ? aboutLicence(receipt) : aboutTask(receipt);
}

function parsed(bytes) {
  try {
    return parseReceipt(bytes);
  } catch (error) {
    if (error instanceof FormatFault) return null;
    throw error;
  }
}

function saysNode(receipt, failed) {
  const [kind, entries] = contents(receipt);
  if (!entries) return null;
  const { checkpoint: { height, time: at }, chain } = receipt;
  return h('div', { id: 'says' },
    h('h3', {}, failed === null ? `${kind}: what it shows` : `${kind}: what it claims, unproven`),
    facts([...entries, ['As of checkpoint', [`${height}, `, time(at)]], ['Chain', hex(chain)]]));
}

/** The panel where a file is dropped. */
function dropPanel(signal) {
  const output = h('div', { class: 'drop-output' });

  /** Checks the file again; `chain` is trusted, or any where it is null. */
  const check = (name, bytes, chain) => {
    const steps = [...stepsOf(bytes, { chain })], last = steps.at(-1);
    const failed = last.ok ? null : last.part, receipt = parsed(bytes);
    const isElsewhere = failed === 'genesis' && chain !== null;
    const anyway = () => check(name, bytes, null);
    replace(output, h('p', {}, h('strong', {}, name)),
      h('ol', { class: 'checks' }, steps.map(stepNode)), verdictNode(failed),
      failed === null && chain === null && h('p', { class: 'notice' },
        'This browser trusts no chain yet, or was told not to ask: compare the chain below with'
        + ' one that you trust.'),
      isElsewhere && h('p', { class: 'notice' }, 'It may be of another chain than this browser'
        + ' trusts. ', h('button', { type: 'button', on: { click: anyway } },
        'Check it by itself')),
      receipt && saysNode(receipt, failed));
  };

  const take = async (file) => {
    if (!file) return;
    if (file.size > taskByteLimit) {
      replace(output, emptyState('Too long for a receipt',
        `${file.name} has ${file.size} bytes, a receipt at most ${taskByteLimit}.`));
      return;
    }
    const bytes = new Uint8Array(await file.arrayBuffer());
    if (!signal.aborted) check(file.name, bytes, pinnedChain());
  };

  const input = h('input', { type: 'file', id: 'receipt-file', accept: '.json,application/json',
    on: { change: () => take(input.files[0]) } });
  const over = (isOver) => (event) => {
    event.preventDefault();
    place.dataset.over = String(isOver);
  };
  const drop = (event) => {
    over(false)(event);
    take(event.dataTransfer.files[0]);
  };
  const place = h('div', { class: 'drop', id: 'drop',
    on: { dragover: over(true), dragleave: over(false), drop } },
  h('label', { for: 'receipt-file' }, 'Drop a receipt here, or choose its file'), input,
  h('p', {}, 'Of a record, an operation, a task or a licence. It is checked in this browser and'
    + ' sent nowhere.'));
  return h('div', {}, place, output);
}

/** The page where receipts are dropped. */
export function receiptsPage({ signal }) {
  const node = h('div', {}, heading('Receipts'),
    panel('Check a receipt', dropPanel(signal), { id: 'check' }));
  return { title: 'Receipts', node };
}
