// What the receipt of a finished task ties together (docs/spec/receipt.md §6).

import { equal, fromLittle, toHex } from './bytes.js';
import { taskName } from './canonical.js';

const kinds = { constitution: 33, mandate: 36, task: 41, division: 49 };

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

/** Walks the constitutions of poster and worker: what is wrong, or null, and what follows. */
function constitutions(receipt, task) {
  const { rest } = mandates(receipt, task);
  for (const [version, party] of [[task.posterLaw, task.poster], [task.workerLaw, task.worker]]) {
    if (version === 0n) continue;
    const entry = rest.shift();
    const held = entry && entry.value.length >= 40 ? fromLittle(entry.value.subarray(32, 40)) : 0n;
    if (!entry || !names(entry, kinds.constitution, party) || held < version) {
      return { reason: `version ${version} of the law of ${toHex(party)} is not there`, rest };
    }
  }
  return { reason: null, rest };
}

/** Whether the constitutions of poster and worker follow, and nothing else but a division: what is
 *  wrong. */
export function laws(receipt, task) {
  const { reason, rest } = constitutions(receipt, task);
  if (reason !== null) return reason;
  const isDivision = rest.length === 1 && rest[0].key[0] === kinds.division;
  return rest.length === 0 || isDivision ? null : 'an entry that the task does not stand on';
}

/** Bytes in front of the members' parts of a division, of one part, and behind them. */
const divisionBytes = { head: 65, share: 52, tail: 17 };
const mostShares = 15;

/** How a team divided what the task paid: `{lead, shares, paid}` with `paid` what the lead got;
 *  undefined where the receipt shows none, null where it is none of this task that has ended. */
export function divisionOf(receipt, task) {
  const [entry] = constitutions(receipt, task).rest;
  if (!entry) return undefined;
  const { value } = entry, { head, share, tail } = divisionBytes, count = value[head - 1];
  if (!names(entry, kinds.division, task.id) || !(count >= 1 && count <= mostShares)
    || value.length !== head + count * share + tail || value.at(-1) !== 0) return null;
  const at = (offset, width) => value.subarray(offset, offset + width);
  const shares = Array.from({ length: count }, (_, i) => head + i * share).map((offset) => ({
    account: at(offset, 32), part: fromLittle(at(offset + 32, 4)),
    paid: fromLittle(at(offset + 36, 16)),
  }));
  return { lead: at(32, 32), shares, paid: fromLittle(at(head + count * share, 16)) };
}

/** What is wrong with the division of a receipt; null where it has none. */
export function divisionFault(receipt, task) {
  const division = divisionOf(receipt, task);
  if (division === undefined) return null;
  if (division === null) return 'the last entry is not a division of the task that has ended';
  const paid = division.shares.reduce((sum, share) => sum + share.paid, division.paid);
  return paid <= task.earned ? null : 'the division gives away more than the task earned';
}
