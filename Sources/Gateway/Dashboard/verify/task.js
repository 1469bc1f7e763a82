// What the receipt of a finished task ties together (docs/spec/receipt.md §6).

import { equal, fromLittle, toHex } from './bytes.js';
import { taskName } from './canonical.js';

const kinds = { constitution: 33, mandate: 36, task: 41 };

/** The states in which nothing follows, and the ways of verification. */
export const states = { 5: 'complete', 6: 'cancelled', 7: 'failed', 9: 'settled' };
export const verifications = { 1: 'attested', 2: 'redundant', 3: 'reexecuted', 4: 'proven' };

/** Bytes of a task's entry that are looked at. */
const taskBytes = 254;

const isZero = (bytes) => bytes.every((byte) => byte === 0);

/** Whether key and value name the entry of this kind and identifier. */
const names = ({ key, value }, kind, identifier) => key[0] === kind
  && equal(key.subarray(1), identifier) && equal(value.subarray(0, 32), identifier);

/** The finished task of the first entry, or null. */
export function taskOf({ entries: [entry] }) {
  const { value } = entry;
  if (value.length < taskBytes) return null;
  const at = (place) => value.subarray(32 * place, 32 * place + 32);
  const number = (offset, width) => fromLittle(value.subarray(offset, offset + width));
  const task = {
    id: at(0), poster: at(1), payer: at(2), mandate: at(3), worker: at(4), result: at(5),
    state: states[value[192]], fee: number(193, 4), posterLaw: number(197, 8),
    workerLaw: number(205, 8), earned: number(213, 16), charged: number(229, 16),
    ended: number(245, 8), verification: verifications[value[253]],
  };
  const isTask = names(entry, kinds.task, task.id) && task.state && task.verification;
  return isTask ? task : null;
}

/** Walks from the task's mandate to that of its payer: what is wrong, or null, and what follows. */
export function mandates({ entries }, task) {
  const rest = entries.slice(1);
  let wanted = task.mandate;
  while (!isZero(wanted)) {
    const entry = rest.shift();
    if (!entry || !names(entry, kinds.mandate, wanted) || entry.value.length < 128) {
      return { reason: `the mandate ${toHex(wanted)} is not there`, rest };
    }
    if (!equal(entry.value.subarray(32, 64), task.payer)) {
      return { reason: `the mandate ${toHex(wanted)} spends another's money`, rest };
    }
    wanted = entry.value.subarray(96, 128);
  }
  return { reason: null, rest };
}

/** Numbers of commands about a task (docs/spec/ledger.md §2). */
const commands = { posts: [160, 208], moves: [161, 209, 210, 211], answers: [112, 113],
  stops: [129, 130] };

/** Whether a command posts or moves the task, answers an operation of the digests `shown`, or stops
 *  or resumes one of its parties. */
export function isAbout(task, command, shown) {
  const [number] = command;
  const part = (from, to) => (command.length >= to ? command.subarray(from, to) : null);
  const isOne = (bytes, wanted) => bytes !== null && wanted.some((one) => equal(bytes, one));
  if (commands.posts.includes(number)) {
    return command.length >= 41 && equal(taskName(part(1, 41)), task.id);
  }
  if (commands.moves.includes(number)) return isOne(part(33, 65), [task.id]);
  if (commands.answers.includes(number)) return isOne(part(1, 33), shown);
  if (!commands.stops.includes(number)) return false;
  return command[1] === 1 && isOne(part(2, 34), [task.poster, task.worker]);
}

/** Whether the constitutions of poster and worker follow, and nothing else: what is wrong. */
export function laws(receipt, task) {
  const { rest } = mandates(receipt, task);
  for (const [version, party] of [[task.posterLaw, task.poster], [task.workerLaw, task.worker]]) {
    if (version === 0n) continue;
    const entry = rest.shift();
    const held = entry && entry.value.length >= 40 ? fromLittle(entry.value.subarray(32, 40)) : 0n;
    if (!entry || !names(entry, kinds.constitution, party) || held < version) {
      return `version ${version} of the law of ${toHex(party)} is not there`;
    }
  }
  return rest.length === 0 ? null : 'an entry that the task does not stand on';
}
