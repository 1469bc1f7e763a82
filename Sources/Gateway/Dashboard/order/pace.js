// Says how fast the order goes on, so that a chain at rest is not taken for a broken one.

import * as units from '../base/units.js';

/** The last blocks are looked at over this time, in nanoseconds. */
const measured = 10_000_000_000n;
/** Nothing in them for so long is rest. */
const rest = 3_000_000_000n;
/** Without a block for so long, something is wrong: at rest there is one a second, but for a
 *  validator that is alone. */
const silence = 5_000_000_000n;

/** The latest time of `blocks`. */
const latest = (blocks) => blocks.map(({ time }) => units.big(time))
  .reduce((sum, at) => (at > sum ? at : sum), 0n);

const newest = (graph) =>
  latest(graph.rounds.slice(-3).flatMap((round) => graph.row(round).blocks));

/** Rounds within the time `span` before `end`, with the time of the first, and their items. */
function measure(graph, end, span) {
  let rounds = 0, items = 0, first = end;
  for (const round of graph.rounds.reverse()) {
    const { blocks } = graph.row(round);
    if (blocks.length === 0) continue;
    const at = latest(blocks);
    if (end - at > span) break;
    rounds += 1;
    items += blocks.reduce((sum, block) => sum + block.items, 0);
    first = at;
  }
  return { rounds, items, first };
}

function rateText(graph, last) {
  const { rounds, first } = measure(graph, last, measured);
  const seconds = Number(last - first) / 1e9;
  const rate = seconds > 0 ? (rounds - 1) / seconds : 0;
  return `Round ${units.count(graph.highest)}, ${units.rate(rate).replace(' /s', '')} rounds/s, `
    + `commit #${units.count(graph.head.index)}`;
}

/** `{kind, text}`; kind is 'none', 'silent', 'resting' or 'busy'. */
export function pace(graph) {
  if (graph.rows.size === 0) return { kind: 'none', text: '' };
  const last = newest(graph), told = units.big(graph.now), now = told > last ? told : last;
  const { rounds, items } = measure(graph, now, rest);
  if (graph.seats === 1 && items === 0) {
    return { kind: 'resting', text: 'Resting: nothing to order' };
  }
  if (now > last + silence) {
    const text = `Standing still: no block for ${units.duration(now - last)}. `
      + `${graph.quorum} of ${graph.seats} validators are needed`;
    return { kind: 'silent', text };
  }
  if (items === 0 && rounds <= 6) {
    return { kind: 'resting', text: 'Resting: nothing to order, about one block a second each' };
  }
  return { kind: 'busy', text: rateText(graph, last) };
}
