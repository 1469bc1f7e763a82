// The checkpoints of the chain, and one of them with its contents and certificate.

import { getJSON, path } from '../base/api.js';
import { h } from '../base/dom.js';
import { listen } from '../base/live.js';
import * as units from '../base/units.js';
import { facts, fullHex, heading, linkTo, panel, shortHex, tile, time } from '../parts/bits.js';
import { listing, nothing } from '../parts/listing.js';
import { emptyState, filled } from '../parts/states.js';
import { plainTable } from '../parts/table.js';

const signatures = ({ certificate }) => String(certificate?.length ?? 0);

/** What tells checkpoints apart, and their order. */
export const checkpointIdentity = {
  keyOf: ({ height }) => String(height), orderOf: ({ height }) => units.big(height),
};

/** Columns of a table of checkpoints; `brief` ones fit beside another table. */
export function checkpointColumns({ brief = false } = {}) {
  const columns = [
    { head: 'Checkpoint', cell: ({ height }) => linkTo.checkpoint(height), kind: 'main' },
    { head: 'State root', cell: ({ stateRoot }) => shortHex(stateRoot), kind: 'p2', full: true },
    { head: 'Items', cell: ({ items }) => units.count(items), kind: 'num' },
    { head: 'Records so far', cell: ({ records }) => units.count(records), kind: 'num p2' },
    { head: 'Signatures', cell: signatures, kind: 'num p2', full: true },
    { head: 'Time', cell: ({ time: at }) => time(at), kind: 'num' },
  ];
  return columns.filter(({ full }) => !(brief && full));
}

/** The page of all checkpoints. */
export function checkpointsPage({ signal }) {
  const list = listing({
    caption: 'Checkpoints', columns: checkpointColumns(), ...checkpointIdentity, signal,
    empty: nothing('No checkpoints yet', 'The validators sign one about every second.'),
    load: (cursor) => getJSON('/v1/checkpoints', { cursor }, signal),
  });
  listen('checkpoint', list.arrive, signal);
  const node = h('div', {}, heading('Checkpoints'), h('section', { class: 'panel' }, list.node));
  return { title: 'Checkpoints', node };
}

function contentsNode(contents = []) {
  if (contents.length === 0) return emptyState('Nothing happened in this second');
  const heads = [{ head: 'Place' }, { head: 'What' }, { head: 'Digest' }];
  return plainTable('Contents', heads, contents.map((item, i) => [
    String(i), item.kind === 'batch' ? ['Batch ', linkTo.batch(item.number)]
      : item.kind === 'refused' ? 'Operation, refused' : 'Operation',
    shortHex(item.digest)]));
}

const certificateNode = (certificate = []) => plainTable('Certificate',
  [{ head: 'Validator' }, { head: 'Signature' }],
  certificate.map(({ validator, signature }) => [String(validator), fullHex(signature)]));

function turns(height) {
  const at = units.big(height);
  return [
    at > 1n && h('a', { href: `#/checkpoints/${at - 1n}`, rel: 'prev' }, 'Previous'),
    h('a', { href: `#/checkpoints/${at + 1n}`, rel: 'next' }, 'Next'),
  ];
}

/** The page of the checkpoint at `height`. */
export function checkpointPage(height, { signal }) {
  const place = h('div');
  const draw = (checkpoint) => [
    heading(`Checkpoint #${checkpoint.height}`, turns(checkpoint.height)),
    h('dl', { class: 'tiles' }, tile('Items', units.count(checkpoint.items)),
      tile('Records so far', units.count(checkpoint.records)),
      tile('Signatures', signatures(checkpoint)), tile('Time', time(checkpoint.time))),
    panel('Header', facts([
      ['Digest', fullHex(checkpoint.digest)], ['Previous', fullHex(checkpoint.previous)],
      ['Items root', fullHex(checkpoint.itemsRoot)], ['State root', fullHex(checkpoint.stateRoot)],
    ])),
    panel('Contents', contentsNode(checkpoint.contents)),
    panel('Certificate', certificateNode(checkpoint.certificate)),
  ];
  filled(place, signal, () => getJSON(path('checkpoints', height), {}, signal), draw);
  return { title: `Checkpoint ${height}`, node: place };
}
