// The batches that were recorded, and one of them with its header.

import { getJSON, path } from '../base/api.js';
import { h } from '../base/dom.js';
import { listen } from '../base/live.js';
import * as units from '../base/units.js';
import { facts, fullHex, heading, linkTo, panel, shortHex, tile, time } from '../parts/bits.js';
import { listing, nothing } from '../parts/listing.js';
import { filled } from '../parts/states.js';

const waiting = () => h('span', { class: 'muted' }, 'not yet');
const inCheckpoint = ({ checkpoint }) =>
  (checkpoint === null ? waiting() : linkTo.checkpoint(checkpoint));
const after = ({ agentFinalAfter }) =>
  (agentFinalAfter === null ? waiting() : units.duration(agentFinalAfter));

/** What tells batches apart, and their order. */
export const batchIdentity = {
  keyOf: (batch) => String(batch.number), orderOf: (batch) => units.big(batch.number),
};

/** Columns of a table of batches; `brief` ones fit beside another table. */
export function batchColumns({ brief = false } = {}) {
  const columns = [
    { head: 'Batch', cell: (batch) => linkTo.batch(batch.number), kind: 'main' },
    { head: 'Submitter', cell: (batch) => shortHex(batch.submitter), kind: 'p3', full: true },
    { head: 'Sequence', cell: (batch) => units.count(batch.sequence), kind: 'num p3', full: true },
    { head: 'Records', cell: (batch) => units.count(batch.count), kind: 'num' },
    { head: 'Size', cell: (batch) => units.size(batch.bytes), kind: 'num p2', full: true },
    { head: 'Final after', cell: after, kind: 'num p2' },
    { head: 'Checkpoint', cell: inCheckpoint, kind: 'num' },
    { head: 'Closed', cell: (batch) => time(batch.closed), kind: 'num p2' },
  ];
  return columns.filter(({ full }) => !(brief && full));
}

/** The page of all batches. */
export function batchesPage({ signal }) {
  const list = listing({
    caption: 'Batches', columns: batchColumns(), ...batchIdentity, signal,
    empty: nothing('No batches yet', 'A batch closes a few milliseconds after its first record.'),
    load: (cursor) => getJSON('/v1/batches', { cursor }, signal),
  });
  listen('batch', list.arrive, signal);
  const node = h('div', {}, heading('Batches'), h('section', { class: 'panel' }, list.node));
  return { title: 'Batches', node };
}

/** The page of the batch `number`. */
export function batchPage(number, { signal }) {
  const place = h('div');
  const draw = (batch) => [
    heading(`Batch #${batch.number}`),
    h('dl', { class: 'tiles' }, tile('Records', units.count(batch.count)),
      tile('Size', units.size(batch.bytes)), tile('Final after', after(batch)),
      tile('Checkpoint', inCheckpoint(batch))),
    panel('Header', facts([
      ['Digest', fullHex(batch.digest)], ['Submitter', fullHex(batch.submitter)],
      ['Sequence', units.count(batch.sequence)], ['Root of the records', fullHex(batch.root)],
      ['Closed', time(batch.closed)],
      ['First record', linkTo.record(`${batch.number}-0`)],
    ])),
  ];
  const refill = filled(place, signal, () => getJSON(path('batches', number), {}, signal), draw);
  listen('batch', (changed) => String(changed.number) === number && refill(), signal);
  return { title: `Batch ${number}`, node: place };
}
