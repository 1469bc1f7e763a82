// What the node is doing now: counters, rate, latencies, and what arrives.

import { getJSON } from '../base/api.js';
import { h, keepingFocus, replace } from '../base/dom.js';
import { listen } from '../base/live.js';
import { link } from '../base/router.js';
import * as units from '../base/units.js';
import { heading, panel, shortHex, tile } from '../parts/bits.js';
import { listing, nothing } from '../parts/listing.js';
import { sparkline } from '../parts/sparkline.js';
import { filled } from '../parts/states.js';
import { batchColumns, batchIdentity } from './batches.js';
import { checkpointColumns, checkpointIdentity } from './checkpoints.js';
import { noRuns, runColumns, runIdentity } from './runs.js';

const samplesKept = 120;
const pollMilliseconds = 5000;
const absent = [null, undefined, ''];

/** Turns a row of statuses into records per second. */
class Rates {
  constructor() {
    this.values = [];
    this.last = null;
  }

  add({ now, records }) {
    const at = Number(units.big(now)) / 1e9, total = Number(units.big(records));
    const { last } = this;
    if (last !== null && at <= last.at) return;
    this.last = { at, total };
    if (last === null || total < last.total) return; // The node began anew.
    this.values.push((total - last.total) / (at - last.at));
    if (this.values.length > samplesKept) this.values.shift();
  }
}

function latencyTile(name, measured) {
  const { p50, p99, count } = measured ?? {};
  if (units.big(count) === 0n) return tile(name, '–', 'nothing in the last minute');
  return tile(name, units.duration(p50), `p99 ${units.duration(p99)}`);
}

function rateTile(rates) {
  const now = rates.values.at(-1) ?? 0;
  const top = Math.max(0, ...rates.values);
  return h('div', { class: 'tile wide' }, h('dt', {}, 'Records per second'),
    h('dd', {}, h('span', { class: 'tile-value', id: 'rate' }, units.rate(now)),
      sparkline(rates.values, `Records per second, at most ${units.rate(top)}`),
      h('span', { class: 'note' }, `most ${units.rate(top)}`)));
}

function refusals({ duplicates, refused } = {}) {
  return `${units.count(duplicates)} duplicates, ${units.count(refused)} refused`;
}

function shrinking({ rawBytes, storedBytes } = {}) {
  const raw = Number(units.big(rawBytes)), stored = Number(units.big(storedBytes));
  return stored > 0 ? `of ${units.size(rawBytes)}, ${(raw / stored).toFixed(1)} to 1` : null;
}

/** What the store takes on the node's disk, and how much of the past is gone from it. */
function storeTile({ store }) {
  if (!store) return null;
  const bytes = units.big(store.journalBytes) + units.big(store.payloadBytes);
  const told = [['records', store.recordsPruned], ['payloads', store.payloadsPruned]]
    .filter(([, time]) => units.big(time ?? 0) > 0n)
    .map(([what, time]) => `${what} until ${units.localTime(time)} pruned`);
  return tile('On disk', units.size(bytes), told.join(', ') || 'nothing pruned');
}

/** Tiles about the committee; a node that tells nothing of it has none. */
function committeeTiles({ consensus }) {
  if (!consensus) return null;
  const { epoch, seats, connected, commits, commitsPerSecond, seat } = consensus;
  const up = Math.min(seats, connected + (seat === null ? 0 : 1));
  const quorum = Math.floor(2 * seats / 3) + 1;
  const lacking = up < quorum && h('span', { class: 'bad' }, `a quorum is ${quorum}`);
  return [
    tile('Validators up', h('a', { id: 'validators-up', href: '#/validators' }, `${up} of ${seats}`),
      lacking || `a quorum is ${quorum}`),
    tile('Commits', h('a', { id: 'commits', href: '#/order' },
      units.rate(Number(units.big(commitsPerSecond)))), `${units.count(commits)} in all`),
    tile('Epoch', units.count(epoch), seat === null ? 'this node has no seat' : `seat ${seat}`),
  ];
}

function haltNotice({ consensus }) {
  if (absent.includes(consensus?.halted)) return null;
  return h('p', { class: 'notice', role: 'alert', id: 'halted' },
    h('strong', {}, 'This validator signs nothing more: '), consensus.halted);
}

function counters(status, rates) {
  const { spans, payloads, latency } = status;
  const tiles = h('dl', { class: 'tiles', id: 'counters' }, rateTile(rates),
    tile('Records', units.count(status.records), `in ${units.count(status.batches)} batches`),
    tile('Spans received', units.count(spans?.received), refusals(spans)),
    latencyTile('Agent final', latency?.agentFinal),
    latencyTile('Checkpoint final', latency?.checkpointFinal),
    tile('Checkpoint', h('a', { id: 'height', href: link(['checkpoints', status.height]) },
      `#${status.height}`)), committeeTiles(status),
    tile('Agents', h('a', { id: 'agents', href: '#/agents' }, units.count(status.agents))),
    tile('Payloads stored', units.size(payloads?.storedBytes), shrinking(payloads)),
    storeTile(status));
  return [haltNotice(status), tiles];
}

function chainLine(status) {
  const up = units.duration(units.big(status.now) - units.big(status.started));
  return [h('span', {}, status.name), ' ', shortHex(status.chain),
    h('span', { class: 'muted' }, ` ${status.version ?? ''}, up ${up}`)];
}

/** A short list that fills from `place` and grows on top by the events `name`. */
function live(name, { place, most, signal, ...options }) {
  const load = () => getJSON(place, { limit: most }, signal);
  const list = listing({ ...options, most, signal, paged: false, load });
  listen(name, list.arrive, signal);
  return list.node;
}

const all = (place, text) => h('a', { href: link([place]) }, text);

/** The first page. */
export function overviewPage({ signal }) {
  const place = h('div'), about = h('span', { class: 'chain-line' });
  const rates = new Rates();
  let heard = 0;

  const draw = (status) => {
    rates.add(status);
    replace(about, chainLine(status));
    return counters(status, rates);
  };
  const refill = filled(place, signal, () => getJSON('/v1/status', {}, signal), draw);
  listen('status', (status) => {
    heard = Date.now();
    keepingFocus(place, () => replace(place, draw(status)));
  }, signal);
  const poll = setInterval(() => {
    if (!document.hidden && Date.now() - heard > pollMilliseconds) refill();
  }, pollMilliseconds);
  signal.addEventListener('abort', () => clearInterval(poll));

  const runs = live('run', {
    place: '/v1/runs', caption: 'Latest runs', columns: runColumns(), ...runIdentity,
    noun: 'runs', most: 12, signal, empty: noRuns(),
  });
  const batches = live('batch', {
    place: '/v1/batches', caption: 'Latest batches', columns: batchColumns({ brief: true }),
    ...batchIdentity, most: 8, signal, empty: nothing('No batches yet'),
  });
  const checkpoints = live('checkpoint', {
    place: '/v1/checkpoints', caption: 'Latest checkpoints', most: 8, signal,
    columns: checkpointColumns({ brief: true }), ...checkpointIdentity,
    empty: nothing('No checkpoints yet'),
  });
  const node = h('div', {}, heading('Overview', about), place,
    panel('Latest runs', runs, { beside: all('runs', 'All runs'), id: 'latest-runs' }),
    h('div', { class: 'halves' },
      panel('Latest batches', batches, { beside: all('batches', 'All batches') }),
      panel('Latest checkpoints', checkpoints, { beside: all('checkpoints', 'All checkpoints') })));
  return { title: 'Overview', node };
}
