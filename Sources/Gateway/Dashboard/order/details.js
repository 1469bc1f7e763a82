// What stands beside the graph: a block, or a leader's slot with its votes and its verdict's reason.

import { h } from '../base/dom.js';
import * as units from '../base/units.js';
import { facts, fullHex, time } from '../parts/bits.js';
import { judge, reason, verdictTitle, wave } from './votes.js';

const short = ({ author, round }) => `validator ${author}, round ${round}`;

/** A button that chooses a block of the graph. */
function jump(graph, digest, choose, text) {
  const block = graph.block(digest);
  return h('button', { type: 'button', class: 'quiet tiny jump', title: short(block),
    on: { click: () => choose({ digest }) } }, text ?? `${block.author} in ${block.round}`);
}

const word = (text, kind) => h('span', { class: `vote ${kind}` }, text);

function vote(graph, judged, seat, choose) {
  const { slot, votes } = judged, { voting } = wave(slot);
  const blocks = graph.at(voting, seat);
  if (blocks.length === 0) return word('no block yet', 'none');
  return blocks.map(({ digest }) => {
    const choice = votes.votes.get(digest);
    const text = choice === null ? word('blames', 'against') : word('supports', 'for');
    return [text, ' ', jump(graph, digest, choose, String(voting))];
  });
}

function certificate(graph, judged, seat, choose) {
  const { deciding } = wave(judged.slot);
  const own = judged.votes.certificates.filter(({ author }) => author === seat);
  if (own.length > 0) {
    return own.map(({ digest }) => [word('certifies', 'for'), ' ',
      jump(graph, digest, choose, String(deciding))]);
  }
  return graph.at(deciding, seat).length === 0 ? word('no block yet', 'none') : word('no', 'none');
}

function ballot(graph, judged, choose) {
  const { voting, deciding } = wave(judged.slot);
  const head = (text) => h('th', { scope: 'col' }, text);
  const rows = Array.from({ length: graph.seats }, (_, seat) => h('tr', {},
    h('th', { scope: 'row' }, h('span', { class: `dot seat-${seat % 12}` }), String(seat)),
    h('td', {}, vote(graph, judged, seat, choose)),
    h('td', {}, certificate(graph, judged, seat, choose))));
  return h('table', { class: 'ballot' }, h('caption', { class: 'unseen' }, 'Votes by validator'),
    h('thead', {}, h('tr', {}, head('Validator'), head(`Vote in ${voting}`),
      head(`Certificate in ${deciding}`))), h('tbody', {}, rows));
}

/** The votes and the verdict of a slot. */
export function slotDetail(graph, slot, choose) {
  const judged = judge(graph, slot);
  const anchor = judged.anchor && h('p', {}, 'Decided by ',
    jump(graph, judged.anchor.block, choose,
      `validator ${judged.anchor.author} in round ${judged.anchor.round}`),
    judged.witness && [', through the certificate ',
      jump(graph, judged.witness, choose)]);
  return h('section', { class: 'slot-detail', id: 'slot' },
    h('h3', {}, slot.kind === 'coin' ? 'Leader by coin' : 'Leader'),
    h('p', { class: `verdict-line ${judged.verdict}`, id: 'verdict' },
      verdictTitle({ ...judged, verdict: judged.verdict })),
    h('p', { id: 'reason' }, reason(graph, judged)), anchor,
    slot.author !== null && ballot(graph, judged, choose));
}

function parentsNode(graph, block, choose) {
  const parents = graph.parents(block).sort((one, other) => one.author - other.author);
  const missing = block.parents.length - parents.length;
  return h('span', { class: 'parents' }, parents.map(({ digest, round, author }) => jump(graph,
    digest, choose, round === block.round - 1 ? String(author) : `${author} in ${round}`)),
  missing > 0 && h('span', { class: 'muted' }, `${missing} no longer shown`));
}

/** Everything about one block. */
export function blockDetail(graph, block, choose) {
  const slot = graph.row(block.round).slots.find(({ author }) => author === block.author);
  const twins = graph.at(block.round, block.author).length > 1;
  const lead = slot && slotDetail(graph, slot, choose);
  return [
    twins && h('p', { class: 'notice' },
      'This validator signed more than one block in this round.'),
    lead,
    facts([
      ['Items', `${units.count(block.items)}, ${units.size(block.bytes)}`],
      ['Time', time(block.time)],
      ['Order', block.commit === null ? 'not in the order yet' : `commit ${block.commit}`],
      ['Parents', parentsNode(graph, block, choose)], ['Digest', fullHex(block.digest)],
    ]),
  ];
}

/** What the last commits are, in a table. */
export const commitColumns = [
  { head: 'Commit', cell: ({ index }) => `#${units.count(index)}`, kind: 'main' },
  { head: 'Round', cell: ({ round }) => units.count(round), kind: 'num' },
  { head: 'Leaders', kind: 'num p2',
    cell: ({ led, skipped }) => (skipped > 0 ? `${led}, ${skipped} skipped` : String(led)) },
  { head: 'Blocks', cell: ({ blocks }) => units.count(blocks), kind: 'num p2' },
  { head: 'Items', cell: ({ items }) => units.count(items), kind: 'num' },
  { head: 'Payload', cell: ({ bytes }) => units.size(bytes), kind: 'num p2' },
  { head: 'Time', cell: (commit) => time(commit.time), kind: 'num' },
];

