// Checks a receipt offline, in the order of docs/spec/receipt.md §3, naming the part that fails.

import { blake3 } from './blake3.js';
import { equal, fromHex, toHex } from './bytes.js';
import * as canonical from './canonical.js';
import { refusal } from './ed25519.js';
import {
  FormatFault, byteLimit, licenceByteLimit, operationByteLimit, parseReceipt, taskByteLimit,
} from './format.js';
import { isHolders, licenceOf } from './licence.js';
import { divisionFault, isAbout, laws, mandates, taskOf } from './task.js';

/** The parts of the receipt of a record in the order in which they are checked; `payload` only
 *  where its bytes are given. */
export const parts = [
  'format', 'genesis', 'record', 'batchInclusion', 'batchSignature', 'checkpointInclusion',
  'committee', 'certificate', 'payload',
];

/** Those of the receipt of an operation. */
export const operationParts = [
  'format', 'genesis', 'operation', 'operationSignature', 'checkpointInclusion', 'committee',
  'certificate',
];

/** Those of the receipt of a task. */
export const taskParts = [
  'format', 'genesis', 'state', 'task', 'mandate', 'law', 'division', 'records', 'operations',
  'committee', 'certificate',
];

/** Those of the receipt of a licence. */
export const licenceParts = [
  'format', 'genesis', 'state', 'licence', 'holder', 'committee', 'certificate',
];

/** What one comparison looked at. `found` is what was computed, `expected` what was claimed. */
const compare = (what, found, expected) => ({ what, found, expected, ok: found === expected });

const digests = (what, found, expected) => compare(what, toHex(found), toHex(expected));

const claim = (what, ok, found, expected) => ({ what, found: String(found), expected, ok });

function* genesis({ receipt, chain }) {
  const found = canonical.genesisDigest(receipt.genesis);
  yield digests('digest of the genesis = chain', found, receipt.chain);
  if (chain) yield digests('chain = the chain you trust', receipt.chain, chain);
}

function* record({ receipt }) {
  const found = canonical.recordDigest(receipt.record);
  yield digests('digest of the record = record.digest', found, receipt.record.digest);
}

function* inclusion(leaf, { index, path }, count, root, name) {
  yield claim(`place in the ${name}`, index < count, index, `below ${count}`);
  const found = canonical.rootOfPath(leaf, index, count, path);
  yield claim(`length of the path in the ${name}`, found !== null, path.length,
    `as a tree of ${count} asks for`);
  yield digests(`root the path leads to = root of the ${name}`, found, root);
}

function* batchInclusion({ receipt: { record, batch } }) {
  yield* inclusion(record.digest, batch, batch.count, batch.root, 'batch');
}

function* batchSignature({ receipt: { batch }, batchDigest }) {
  const reason = refusal(batch.signature, canonical.batchMessage(batchDigest), batch.key);
  yield claim(`signature of batch ${toHex(batchDigest)}`, reason === null, reason ?? 'valid',
    `valid under key ${toHex(batch.key)}`);
}

function* operation({ receipt: { operation: said, chain } }) {
  const found = canonical.operationDigest(said, chain);
  yield digests('digest of the operation = operation.digest', found, said.digest);
}

function* operationSignature({ receipt: { operation: { digest, signature, key } } }) {
  const reason = refusal(signature, canonical.operationMessage(digest), key);
  yield claim(`signature of operation ${toHex(digest)}`, reason === null, reason ?? 'valid',
    `valid under key ${toHex(key)}`);
}

function* checkpointInclusion({ receipt: { checkpoint, operation: said }, batchDigest }) {
  const leaf = said ? canonical.operationItemDigest(said) : canonical.itemDigest(batchDigest);
  yield* inclusion(leaf, checkpoint, checkpoint.items, checkpoint.itemsRoot, 'checkpoint');
}

function* state({ receipt: { entries, licence: first, holder: second, checkpoint } }) {
  for (const [place, entry] of (entries ?? [first, second]).entries()) {
    yield digests(`root that entry ${place + 1} leads to = checkpoint.stateRoot`,
      canonical.stateRoot(entry), checkpoint.stateRoot);
  }
}

function* licence(context) {
  const found = licenceOf(context.receipt), { time } = context.receipt.checkpoint;
  context.licence = found;
  yield claim('entry 1', found !== null, found ? 'a licence' : 'something else', 'a licence');
  const until = found.until === 0n ? 'for ever' : `until ${found.until}`;
  yield claim('how long it holds', found.until === 0n || time < found.until, until,
    `longer than ${time}`);
}

function* holder({ receipt, licence: found }) {
  yield claim('entry 2', isHolders(receipt, found), toHex(receipt.holder.key.subarray(1)),
    `the holder ${toHex(found.holder)}`);
}

const unless = (what, reason) => claim(what, reason === null, reason ?? 'holds', 'holds');

function* task(context) {
  context.task = taskOf(context.receipt);
  yield claim('entry 1', context.task !== null, context.task?.state ?? 'something else',
    'a finished task');
}

function* mandate({ receipt, task: found }) {
  yield unless('mandates of the task', mandates(receipt, found).reason);
}

function* law({ receipt, task: found }) {
  yield unless('constitutions of poster and worker', laws(receipt, found));
}

function* division({ receipt, task: found }) {
  yield unless('how a team divided the pay', divisionFault(receipt, found));
}

/** Every check of the receipt of a record that a task's receipt holds. */
function* records({ receipt, task: found }) {
  const { chain, genesis: first } = receipt;
  let last = '';
  for (const [place, work] of receipt.records.entries()) {
    const name = `record ${place + 1}`;
    const batchDigest = canonical.batchDigest(work.batch, chain);
    const context = { receipt: { ...work, chain, genesis: first }, batchDigest };
    for (const part of parts.slice(1, -1)) {
      for (const comparison of checks[part](context)) {
        yield { ...comparison, what: `${name}: ${part}: ${comparison.what}` };
      }
    }
    const { agent, task: named, digest } = work.record;
    yield claim(`${name} is one of the worker for this task`,
      equal(agent, found.worker) && equal(named, found.id.subarray(0, 16)), toHex(agent),
      toHex(found.worker));
    yield claim(`${name} comes after the one before`, last < toHex(digest), toHex(digest),
      `above ${last}`);
    last = toHex(digest);
  }
  yield claim('number of records', true, receipt.records.length, 'at most 16');
}

/** Every check of the receipt of an operation that a task's receipt holds. */
function* operations({ receipt, task: found }) {
  const { chain, genesis: first } = receipt, shown = [];
  let last = [-1n, -1];
  for (const [number, deed] of receipt.operations.entries()) {
    const name = `operation ${number + 1}`;
    const context = { receipt: { ...deed, chain, genesis: first } };
    for (const part of operationParts.slice(1)) {
      for (const comparison of checks[part](context)) {
        yield { ...comparison, what: `${name}: ${part}: ${comparison.what}` };
      }
    }
    const { operation: { command, digest }, checkpoint: { height, index } } = deed;
    yield claim(`${name} is about the task`, isAbout(found, command, shown),
      `command ${command[0]}`, 'one about the task or its parties');
    yield claim(`${name} comes after the one before`,
      height > last[0] || (height === last[0] && index > last[1]), `${height}, ${index}`,
      `after ${last.join(', ')}`);
    last = [height, index];
    shown.push(digest);
  }
  yield claim('number of operations', true, receipt.operations.length, 'at most 32');
}

/** Whether `signatures` certify `checkpoint` under the committee of the keys `validators`. */
function* certified(checkpoint, signatures, validators, chain) {
  const committee = canonical.committeeDigest(validators);
  yield digests('committee = the validators that are to sign', checkpoint.committee, committee);
  const digest = canonical.checkpointDigest(checkpoint, chain);
  const message = canonical.checkpointMessage(digest);
  const numbers = signatures.map(({ validator }) => validator);
  yield claim('numbers of the validators', numbers.every((one) => one < validators.length),
    numbers.join(', '), `below ${validators.length}`);
  for (const { validator, signature } of signatures) {
    const reason = refusal(signature, message, validators[validator]);
    yield claim(`validator ${validator} signed checkpoint ${toHex(digest)}`, reason === null,
      reason ?? 'valid', `valid under key ${toHex(validators[validator])}`);
  }
  const quorum = Math.floor(2 * validators.length / 3) + 1;
  yield claim('number of signatures', signatures.length >= quorum, signatures.length,
    `at least ${quorum} of ${validators.length}`);
}

/** Whether `checkpoint` can come after `before`, the last one of an epoch. */
function* after(checkpoint, before, chain) {
  for (const name of ['epoch', 'height', 'time']) {
    yield claim(`${name} of the checkpoint`, checkpoint[name] > before[name], checkpoint[name],
      `above ${before[name]}`);
  }
  if (checkpoint.height > before.height + 1n) return;
  yield compare('epoch of the next height', String(checkpoint.epoch), String(before.epoch + 1n));
  yield digests('checkpoint before', checkpoint.previous,
    canonical.checkpointDigest(before, chain));
}

function* committee({ receipt: { chain, genesis: { validators }, steps, checkpoint } }) {
  let keys = validators, before = null;
  for (const step of steps) {
    yield* certified(step.checkpoint, step.certificate, keys, chain);
    if (before !== null) yield* after(step.checkpoint, before, chain);
    yield digests(`committee after epoch ${step.checkpoint.epoch} = the one named at its end`,
      canonical.committeeDigest(step.validators), step.checkpoint.next);
    keys = step.validators;
    before = step.checkpoint;
  }
  if (before !== null) yield* after(checkpoint, before, chain);
  else yield claim('committee of the genesis', true, `${keys.length} validators`, 'no change');
}

function* certificate({ receipt }) {
  const { validators } = receipt.steps.at(-1) ?? receipt.genesis;
  yield* certified(receipt.checkpoint, receipt.certificate, validators, receipt.chain);
}

function* payload({ receipt, payload: bytes }) {
  const { size, digest } = receipt.record.payload;
  yield compare('number of payload bytes', String(bytes.length), String(size));
  yield digests('digest of the payload = record.payload.digest', blake3(bytes), digest);
}

const checks = {
  genesis, record, batchInclusion, batchSignature, operation, operationSignature,
  checkpointInclusion, state, task, mandate, law, division, records, operations, licence, holder,
  committee, certificate, payload,
};

/** The parts and the greatest size of a receipt. */
const shapeOf = ({ batch, operation: said, licence: held }) => {
  if (batch) return [parts, byteLimit];
  if (held) return [licenceParts, licenceByteLimit];
  return said ? [operationParts, operationByteLimit] : [taskParts, taskByteLimit];
};

function trusted(chain) {
  if (chain === undefined || chain === null) return null;
  const bytes = fromHex(chain);
  if (bytes === null || bytes.length !== 32) throw new TypeError('chain: not 64 hex digits');
  return bytes;
}

/** Runs one part up to its first failed comparison. */
function run(part, context) {
  const compared = [];
  for (const comparison of checks[part](context)) {
    compared.push(comparison);
    if (!comparison.ok) return { part, ok: false, compared };
  }
  return { part, ok: true, compared };
}

/** Yields one `{part, ok, compared}` for each part checked and ends after the first that fails. */
export function* stepsOf(bytes, { chain, payload: payloadBytes } = {}) {
  const context = { chain: trusted(chain), payload: payloadBytes };
  try {
    context.receipt = parseReceipt(bytes);
  } catch (error) {
    if (!(error instanceof FormatFault)) throw error;
    yield { part: 'format', ok: false,
      compared: [claim('form of the receipt', false, error.message, 'docs/spec/receipt.md')] };
    return;
  }
  const { batch, chain: own } = context.receipt;
  const [all, most] = shapeOf(context.receipt);
  const size = claim('form of the receipt', true, `${bytes.length} bytes`, `at most ${most}`);
  yield { part: 'format', ok: true, compared: [size] };
  if (batch) context.batchDigest = canonical.batchDigest(batch, own);
  for (const part of all.slice(1)) {
    if (part === 'payload' && !payloadBytes) return;
    const step = run(part, context);
    yield step;
    if (!step.ok) return;
  }
}

/** Checks a receipt.
 *  `bytes`: the file. `chain`: digest of the genesis the caller trusts, 64 hex digits.
 *  `payload`: bytes of the payload. Returns `{ok, part, detail, steps}`: `part` is the one that
 *  failed, or null. Throws TypeError where `chain` is no digest. */
export function verifyReceipt(bytes, options = {}) {
  const steps = [...stepsOf(bytes, options)];
  const last = steps.at(-1);
  if (last.ok) return { ok: true, part: null, detail: 'every check holds', steps };
  const { what, found, expected } = last.compared.at(-1);
  return { ok: false, part: last.part, detail: `${what}: ${found}, expected ${expected}`, steps };
}
