// One record: what it says, its payload, its receipt. As a page, and as the panel beside a run.

import { getJSON, path } from '../base/api.js';
import { h } from '../base/dom.js';
import { link } from '../base/router.js';
import * as units from '../base/units.js';
import { facts, fullHex, heading, kindMark, linkTo, outcome, panel, shortHex, time }
  from '../parts/bits.js';
import { kindNames } from '../parts/icons.js';
import { filled } from '../parts/states.js';
import { payloadView } from '../payload/view.js';
import { receiptPanel } from '../receipt/panel.js';

const positive = (value, show) => (units.big(value) > 0n ? show(value) : null);

function tokenText({ input, output, cached, reasoning } = {}) {
  const parts = [`${units.count(input)} in`, `${units.count(output)} out`];
  if (units.big(cached) > 0n) parts.push(`${units.count(cached)} from cache`);
  if (units.big(reasoning) > 0n) parts.push(`${units.count(reasoning)} reasoning`);
  return parts.join(', ');
}

const nothingCalled = /^0*$/;

function recordFacts(record) {
  const caller = nothingCalled.test(record.caller ?? '') ? null : shortHex(record.caller);
  return facts([
    ['Kind', kindNames[record.kind] ?? record.kind], ['Outcome', outcome(record.outcome)],
    ['Agent', linkTo.agent(record.agent, record.agentName)], ['Model', record.model],
    ['Provider', record.provider], ['Tool', record.tool],
    ['Tokens', tokenText(record.tokens)], ['Cost', units.credits(record.cost)],
    ['Gas', positive(record.gas, units.gas)], ['Start', time(record.start)],
    ['Duration', units.duration(record.duration)],
    ['Compute', positive(record.compute, units.duration)],
    ['Memory', positive(record.memory, units.size)],
    ['Batch', [linkTo.batch(record.batch), ` row ${record.row}`]],
    ['Checkpoint', record.checkpoint === null ? 'not yet' : linkTo.checkpoint(record.checkpoint)],
    ['Operation', shortHex(record.operation, { head: 16, tail: 0 })], ['Caller', caller],
    ['Completed after', record.parents?.length > 0 && `${record.parents.length} records`],
    ['Digest', fullHex(record.digest)],
    ['Payload', [units.size(record.payload?.size), ' ', shortHex(record.payload?.digest)]],
  ]);
}

/** Panels of a record: what it says, its receipt, its payload. */
export function recordPanels(record, signal) {
  return {
    record: panel('Record', recordFacts(record)),
    receipt: panel('Receipt', receiptPanel(record.id, signal), { id: 'receipt' }),
    payload: panel('Payload', payloadView(record.id, record.payload, signal)),
  };
}

function sections(panels) {
  const { record, receipt, payload } = panels;
  return h('div', { class: 'sections' }, h('div', {}, record, payload), receipt);
}

/** The page of the record `id`. */
export function recordPage(id, { signal }) {
  const place = h('div');
  const draw = (record) => [
    heading([kindMark(record.kind), record.name || 'Record'], record.run &&
      h('a', { href: link(['runs', record.run], { step: record.id }) }, 'Show in its run')),
    sections(recordPanels(record, signal)),
  ];
  filled(place, signal, () => getJSON(path('records', id), {}, signal), draw);
  return { title: `Record ${id}`, node: place };
}
