// The batches that were recorded, and one of them with its header.

import { getJSON, path } from '../base/api.js';
import { h } from '../base/dom.js';
import { listen } from '../base/live.js';
import * as units from '../base/units.js';
import { facts, fullHex, heading, linkTo, panel, shortHex, tile, time } from '../parts/bits.js';
import { listing, nothing } from '../parts/listing.js';
import { roadNode } from '../parts/road.js';
import { filled } from '../parts/states.js';

const waiting = () => h('span', { class: 'muted' }, 'not yet');
const inCheckpoint = ({ checkpoint }) =>
  (checkpoint === null ? waiting() : linkTo.checkpoint(checkpoint));
const elsewhere = () => h('span', { class: 'muted', title: 'Taken in by another node' }, '–');
const after = ({ agentFinalAfter }) =>
  (agentFinalAfter === null ? elsewhere() : units.duration(agentFinalAfter));
const inCommit = ({ road }) => (road?.commit ? `#${units.count(road.commit)}` : elsewhere());
const votes = ({ road }) => (road?.votes ? String(road.votes.length) : elsewhere());

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
    { head: 'Votes', cell: votes, kind: 'num p3', full: true },
    { head: 'Final after', cell: after, kind: 'num p2' },
    { head: 'Commit', cell: inCommit, kind: 'num p3', full: true },
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
  const load = async () => {
    const batch = await getJSON(path('batches', number), {}, signal);
    if (batch.checkpoint === null) return { batch, checkpoint: null };
    const checkpoint = await getJSON(path('checkpoints', batch.checkpoint), {}, signal);
    return { batch, checkpoint };
  };
  const draw = ({ batch, checkpoint }) => [
    heading(`Batch #${batch.number}`),
    h('dl', { class: 'tiles' }, tile('Records', units.count(batch.count)),
      tile('Size', units.size(batch.bytes)), tile('Final after', after(batch)),
      tile('Commit', inCommit(batch)), tile('Checkpoint', inCheckpoint(batch))),
    panel('From arrival to checkpoint', roadNode(batch, checkpoint), { id: 'road' }),
    panel('Header', facts([
      ['Digest', fullHex(batch.digest)], ['Submitter', fullHex(batch.submitter)],
      ['Sequence', units.count(batch.sequence)], ['Root of the records', fullHex(batch.root)],
      ['Closed', time(batch.closed)],
      ['First record', linkTo.record(`${batch.number}-0`)],
    ])),
  ];
  const refill = filled(place, signal, load, draw);
  listen('batch', (changed) => String(changed.number) === number && refill(), signal);
  return { title: `Batch ${number}`, node: place };
}
