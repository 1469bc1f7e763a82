// The road of one batch from its arrival to its checkpoint, with the time of each station.

import { h } from '../base/dom.js';
import { link } from '../base/router.js';
import * as units from '../base/units.js';
import { linkTo, time } from './bits.js';

const absent = (value) => value === null || value === undefined;

/** "+12.3 ms" after the station before. */
function since(at, before) {
  if (absent(at) || absent(before) || units.big(at) < units.big(before)) return null;
  return `+${units.duration(units.big(at) - units.big(before))}`;
}

const seats = (list) => list.map((seat) =>
  h('span', { class: 'seat' }, h('span', { class: `dot seat-${seat % 12}` }), String(seat)));

/** The stations of a batch: `{name, at, what}`; one that is not reached yet has no `at`. */
function stations(batch, checkpoint) {
  const { road } = batch, { votes = [], gateway } = road ?? {};
  const own = absent(gateway) ? null : `taken in by validator ${gateway}`;
  return [
    { name: 'Arrived', at: road?.arrived, what: own ?? 'when its first record came', isKnown: road },
    { name: 'Sealed', at: batch.closed, what: 'signed by its submitter', isKnown: true },
    { name: 'Certified', at: road?.certified, isKnown: road,
      what: ['a quorum locked its place: ', seats(votes)] },
    { name: 'Agent final', at: road?.final, isKnown: road && !absent(road.final),
      what: 'a quorum holds the certificate on disk' },
    { name: 'In order', at: road?.executed, isKnown: road, what: absent(road?.commit) ? null
      : ['commit ', h('a', { href: link(['order']) }, `#${units.count(road.commit)}`),
        `, round ${units.count(road.round)}; carried out`] },
    { name: 'Checkpoint', at: checkpoint?.time ?? road?.checkpointed,
      isKnown: batch.checkpoint !== null || road,
      what: batch.checkpoint === null ? null : [linkTo.checkpoint(batch.checkpoint),
        checkpoint ? `, signed by ${checkpoint.certificate?.length ?? 0} validators` : ''] },
  ];
}

/** The list of stations. `checkpoint` is the one that holds the batch, or null. */
export function roadNode(batch, checkpoint) {
  let before = null;
  const items = stations(batch, checkpoint).map(({ name, at, what, isKnown }) => {
    const isReached = !absent(at);
    const state = isReached ? 'reached' : isKnown ? 'ahead' : 'unknown';
    const later = since(at, before);
    if (isReached) before = at;
    const note = { reached: what, ahead: 'not yet', unknown: 'not kept here' }[state];
    return h('li', { class: 'station', 'data-state': state }, h('span', { class: 'station-name' },
      name), h('span', { class: 'station-what' }, note), h('span', { class: 'station-time' },
      isReached && time(at), later && h('span', { class: 'muted' }, ` ${later}`)));
  });
  return h('ol', { class: 'road' }, items);
}
