// Says how fast the order goes on, so that a chain at rest is not taken for a broken one.

import * as units from '../base/units.js';

/** The last blocks are looked at over this time, in nanoseconds. */
const measured = 10_000_000_000n;
/** Without a block for so long, something is wrong: at rest there is one a second. */
const silence = 5_000_000_000n;

function newest(graph) {
  let last = 0n;
  for (const round of graph.rounds.slice(-3)) {
    for (const { time } of graph.row(round).blocks) {
      if (units.big(time) > last) last = units.big(time);
    }
  }
  return last;
}

/** Rounds per second over the last ten, and whether anything was in them. */
function measure(graph, last) {
  let rounds = 0, items = 0, first = last;
  for (const round of graph.rounds.reverse()) {
    const { blocks } = graph.row(round);
    const at = blocks.reduce((sum, { time }) => (units.big(time) > sum ? units.big(time) : sum), 0n);
    if (blocks.length === 0) continue;
    if (last - at > measured) break;
    rounds += 1;
    items += blocks.reduce((sum, block) => sum + block.items, 0);
    first = at;
  }
  const seconds = Number(last - first) / 1e9;
  return { rate: seconds > 0 ? (rounds - 1) / seconds : 0, items };
}

/** `{kind, text}`; kind is 'none', 'silent', 'resting' or 'busy'. */
export function pace(graph) {
  if (graph.rows.size === 0) return { kind: 'none', text: '' };
  const last = newest(graph), now = units.big(graph.now);
  if (last > 0n && now > last + silence) {
    const text = `Standing still: no block for ${units.duration(now - last)}. `
      + `${graph.quorum} of ${graph.seats} validators are needed`;
    return { kind: 'silent', text };
  }
  const { rate, items } = measure(graph, last);
  if (items === 0 && rate < 3) {
    return { kind: 'resting', text: 'Resting: nothing to order, about one block a second each' };
  }
  const text = `Round ${units.count(graph.highest)}, ${units.rate(rate).replace(' /s', '')} rounds/s, `
    + `commit #${units.count(graph.head.index)}`;
  return { kind: 'busy', text };
}
