// Builds the tree of a run's operations from `caller`, whatever the callers claim.

import { big } from '../base/units.js';

const byStart = (a, b) => {
  const x = big(a.step.start), y = big(b.step.start);
  return x < y ? -1 : x > y ? 1 : 0;
};

/** Nodes by operation; the first one wins where an operation is named twice. */
function index(nodes) {
  const byOperation = new Map();
  for (const node of nodes) {
    if (!byOperation.has(node.step.operation)) byOperation.set(node.step.operation, node);
  }
  return byOperation;
}

/** Whether `caller` is `node` or hangs below it: such an edge would close a circle. */
function closesCircle(node, caller) {
  for (let above = caller; above !== null; above = above.parent) if (above === node) return true;
  return false;
}

/** Rows in the order they are drawn, without recursion: `{step, depth, key, hasChildren, last,
 *  trail}`; `trail[i]` says whether the ancestor at depth i + 1 has a later sibling. */
export function rowsOf(operations, isFolded = () => false) {
  const nodes = operations.map((step) => ({ step, parent: null, children: [] }));
  const byOperation = index(nodes);
  const roots = [];
  for (const node of nodes) {
    const caller = byOperation.get(node.step.caller);
    if (!caller || closesCircle(node, caller)) roots.push(node);
    else {
      node.parent = caller;
      caller.children.push(node);
    }
  }
  const rows = [];
  const waiting = roots.sort(byStart).reverse().map((node) => ({ node, depth: 0, trail: [] }));
  for (const root of waiting) root.last = root === waiting[0];
  while (waiting.length > 0) {
    const { node, depth, trail, last } = waiting.pop();
    const key = node.step.id;
    rows.push({ step: node.step, depth, key, trail, last, hasChildren: node.children.length > 0 });
    if (isFolded(key)) continue;
    const inner = depth === 0 ? [] : [...trail, !last];
    const children = node.children.sort(byStart);
    for (let i = children.length - 1; i >= 0; i--) {
      const isLast = i === children.length - 1;
      waiting.push({ node: children[i], depth: depth + 1, trail: inner, last: isLast });
    }
  }
  return rows;
}

/** Start and length in nanoseconds of the time that `operations` cover; length at least 1. */
export function spanOf(operations) {
  let start = null, end = 0n;
  for (const { start: at, duration } of operations) {
    const from = big(at), to = from + big(duration);
    if (start === null || from < start) start = from;
    if (to > end) end = to;
  }
  start ??= 0n;
  return { start, length: end > start ? end - start : 1n };
}

/** Sums over all operations, as decimal strings. */
export function totalsOf(operations) {
  const sum = (pick) => operations.reduce((total, step) => total + big(pick(step)), 0n).toString();
  return {
    input: sum((step) => step.tokens?.input), output: sum((step) => step.tokens?.output),
    cached: sum((step) => step.tokens?.cached), reasoning: sum((step) => step.tokens?.reasoning),
    cost: sum((step) => step.cost), gas: sum((step) => step.gas),
    failures: operations.filter((step) => step.outcome === 'failure').length,
  };
}
