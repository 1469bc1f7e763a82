// The road of one batch from its arrival to its checkpoint, with the time of each station.

import { h } from '../base/dom.js';
import { link } from '../base/router.js';
import * as units from '../base/units.js';
import { linkTo, time } from './bits.js';

const absent = (value) => value === null || value === undefined;

/** "+12.3 ms" after the station before. */
function since(at, before) {
  if (absent(at) || absent(before) || units.big(at) <= units.big(before)) return null;
  return `+${units.duration(units.big(at) - units.big(before))}`;
}

const seats = (list) => list.map((seat) =>
  h('span', { class: 'seat' }, h('span', { class: `dot seat-${seat % 12}` }), String(seat)));

/** When the first record came, at the node that took it in: it knows how long the batch took. */
function arrival({ agentFinalAfter, road }) {
  if (absent(agentFinalAfter) || absent(road?.final)) return null;
  return String(units.big(road.final) - units.big(agentFinalAfter));
}

/** The stations of a batch: `{name, at, what}`; `at` is absent where one is not reached, or where
 *  this node was not told (`isTold`). */
function stations(batch, checkpoint) {
  const { road } = batch, isHere = Boolean(road), first = arrival(batch);
  const order = h('a', { href: link(['order']) }, `#${units.count(road?.commit)}`);
  return [
    { name: 'First record', at: first, isTold: false, what: 'taken in by this node' },
    { name: 'Sealed', at: batch.closed, isTold: true, what: 'signed by its submitter' },
    { name: 'Kept here', at: road?.received, isTold: isHere, what: 'written down by this node' },
    { name: 'Certified', at: road?.certified, isTold: isHere,
      what: ['votes that lock its place, collected by ', seats([road?.gateway ?? 0]), 'from ',
        seats(road?.votes ?? [])] },
    { name: 'Agent final', at: road?.final, isTold: false,
      what: 'a quorum confirmed that it holds the certificate on disk' },
    { name: 'In order', at: road?.executed, isTold: isHere,
      what: absent(road?.commit) ? 'carried out'
        : ['carried out by commit ', order, `, round ${units.count(road.round)}`] },
    { name: 'Checkpoint', at: checkpoint?.time, isTold: true, what: checkpoint && [
      linkTo.checkpoint(checkpoint.height), ', signed by ',
      seats((checkpoint.certificate ?? []).map(({ validator }) => validator))] },
  ];
}

function stationNode({ name, what, isTold, at }, before) {
  const state = absent(at) ? (isTold ? 'ahead' : 'unknown') : 'reached', later = since(at, before);
  const note = { reached: what, ahead: 'not yet', unknown: 'not known to this node' }[state];
  return h('li', { class: 'station', 'data-state': state },
    h('span', { class: 'station-name' }, name), h('span', { class: 'station-what' }, note),
    h('span', { class: 'station-time' }, state === 'reached' && time(at),
      later && h('span', { class: 'muted' }, ` ${later}`)));
}

/** The list of stations. `checkpoint` is the one that holds the batch, or null. */
export function roadNode(batch, checkpoint) {
  let before = null;
  const items = stations(batch, checkpoint).map((station) => {
    const item = stationNode(station, before);
    if (!absent(station.at)) before = station.at;
    return item;
  });
  return h('ol', { class: 'road' }, items);
}
