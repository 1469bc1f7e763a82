// Canonical bytes and digests of records, batches, checkpoints and genesis (docs/spec/record.md).

import { domain } from './blake3.js';
import { concat, u128, u16, u32, u64, u8, utf8 } from './bytes.js';
import { kinds, operationOutcomes, outcomes } from './format.js';

const hash = {
  parents: domain('althing 2026 parents v1'),
  record: domain('althing 2026 record v1'),
  node: domain('althing 2026 node v1'),
  batch: domain('althing 2026 batch v1'),
  item: domain('althing 2026 item v1'),
  checkpoint: domain('althing 2026 checkpoint v1'),
  committee: domain('althing 2026 committee v1'),
  genesis: domain('althing 2026 genesis v1'),
  operation: domain('althing 2026 operation v1'),
  task: domain('althing 2026 task v1'),
  stateKey: domain('althing 2026 state key v1'),
  stateValue: domain('althing 2026 state value v1'),
  stateLeaf: domain('althing 2026 state leaf v1'),
  stateNode: domain('althing 2026 state node v1'),
};

const zero = new Uint8Array(32);
const version = u16(1);

/** §1 and §2. `record` is that of a parsed receipt. */
export function recordDigest(record) {
  const { tokens, payload, parents } = record;
  return hash.record(concat(
    utf8('althrec1'), record.agent, record.run, record.task, record.operation, record.caller,
    u8(kinds.indexOf(record.kind) + 1), u8(outcomes.indexOf(record.outcome) + 1),
    u16(parents.length), u32(0), u64(record.start), u64(record.duration),
    u64(tokens.input), u64(tokens.output), u64(tokens.cached), u64(tokens.reasoning),
    u64(record.compute), u64(record.memory), u128(record.cost), u64(record.gas),
    u64(payload.size), payload.digest,
    parents.length === 0 ? zero : hash.parents(concat(...parents))));
}

/** The root that `path` leads to from `leaf` at `index` of `count`, or null if it has not the
 *  right length (§3). */
export function rootOfPath(leaf, index, count, path) {
  let node = leaf, i = index, last = count - 1;
  for (const sibling of path) {
    if (last === 0) return null;
    if (i % 2 === 1 || i === last) {
      node = hash.node(concat(sibling, node));
      while (i % 2 === 0 && i !== 0) {
        i /= 2;
        last = Math.floor(last / 2);
      }
    } else {
      node = hash.node(concat(node, sibling));
    }
    i = Math.floor(i / 2);
    last = Math.floor(last / 2);
  }
  return last === 0 ? node : null;
}

/** §4. `chain` is the digest of the genesis. */
export function batchDigest(batch, chain) {
  return hash.batch(concat(
    version, chain, batch.submitter, batch.key, u64(batch.sequence), batch.previous,
    u32(batch.count), batch.root, batch.columns, u64(batch.closed), u64(0)));
}

export const batchMessage = (digest) => concat(utf8('althing batch v1'), digest);

/** The digest under which a batch is an item of a checkpoint (§4). */
export const itemDigest = (digest) => hash.item(concat([1], digest));

/** docs/spec/ledger.md §2: of all but the signature. `chain` is the digest of the genesis. */
export function operationDigest({ key, sequence, owner, command }, chain) {
  return hash.operation(concat(version, chain, key, u64(sequence), owner, command));
}

/** The task that is named by its poster's account and a number, 40 bytes. */
export const taskName = (bytes) => hash.task(bytes);

export const operationMessage = (digest) => concat(utf8('althing operation v1'), digest);

/** The digest under which an operation is an item of a checkpoint: 2 done, 3 refused. */
export const operationItemDigest = ({ digest, outcome }) =>
  hash.item(concat([operationOutcomes.indexOf(outcome) + 2], digest));

/** docs/spec/ledger.md §3: the root of the state that `path`, from the leaf upwards, leads to. */
export function stateRoot({ key, value, path }) {
  const place = hash.stateKey(key);
  let node = hash.stateLeaf(concat(place, hash.stateValue(value)));
  path.forEach((sibling, height) => {
    const bit = path.length - 1 - height;
    const isRight = place[bit >> 3] >> (7 - (bit & 7)) & 1;
    node = hash.stateNode(isRight ? concat(sibling, node) : concat(node, sibling));
  });
  return node;
}

/** §5. `next` is null unless the checkpoint is the last of its epoch. */
export function checkpointDigest(checkpoint, chain) {
  const { next } = checkpoint;
  return hash.checkpoint(concat(
    next === null ? version : u16(2), chain, u64(checkpoint.epoch), u64(checkpoint.height),
    checkpoint.previous,
    u64(checkpoint.time), u32(checkpoint.items), checkpoint.itemsRoot,
    u64(checkpoint.records), checkpoint.stateRoot, checkpoint.committee, u64(0),
    next ?? []));
}

export const checkpointMessage = (digest) => concat(utf8('althing checkpoint v1'), digest);

/** The digest of the committee with these keys, in order (§5). */
export const committeeDigest = (keys) => hash.committee(concat(u16(keys.length), ...keys));

/** §6. `settings` is null where they are the standard ones. */
export function genesisDigest({ name, created, validators, settings }) {
  const number = settings === null ? 1 : settings.evidence === null ? 2 : 3;
  return hash.genesis(concat(
    u16(number), u32(name.length), name, u64(created),
    u16(validators.length), ...validators, settings === null ? [] : settingsBytes(settings)));
}

function settingsBytes(settings) {
  const { leaders, knownRounds, depth, interval, idleInterval, epoch } = settings;
  const { evidence, transitionGas } = settings;
  return concat(
    u16(Number(leaders)), u64(knownRounds ?? 0xffffffffffffffffn), u64(depth), u64(interval),
    u64(idleInterval), u64(epoch),
    evidence === null ? [] : concat(u8(Number(evidence)), u64(transitionGas)));
}
