// The form of a receipt (docs/spec/receipt.md §1 and §2): JSON in, checked members out.

import { fromHex, utf8 } from './bytes.js';
import { JSONFault, Spelling, parseJSON } from './json.js';

/** The receipt does not have the form the specification asks for. */
export class FormatFault extends Error {}

/** Bytes of the receipt of a record, an operation, a licence and a task, at most. */
export const byteLimit = 262144;
export const operationByteLimit = 1048576;
export const licenceByteLimit = 1048576;
export const taskByteLimit = 4194304;

/** Names in the order of their codes, from 1. */
export const kinds = ['run', 'modelCall', 'toolCall', 'handOff', 'retrieval', 'memory', 'other'];
export const outcomes = ['success', 'failure', 'partial'];
export const operationOutcomes = ['done', 'refused'];

const fault = (path, what) => new FormatFault(`${path}: ${what}`);

// Each form below takes a parsed value and its path, and returns the checked value.

const exactly = (text) => (value, path) => {
  if (value !== text) throw fault(path, `not "${text}"`);
  return value;
};

const hex = (digits) => (value, path) => {
  const bytes = fromHex(value);
  if (bytes === null || value.length !== digits) {
    throw fault(path, `not ${digits} lower-case hexadecimal digits`);
  }
  return bytes;
};

const octets = (least, most) => (value, path) => {
  const bytes = typeof value === 'string' && value.length <= 2 * most ? fromHex(value) : null;
  if (bytes === null || bytes.length < least) {
    throw fault(path, `not ${least} to ${most} bytes in lower-case hexadecimal digits`);
  }
  return bytes;
};

const unsigned = (bits) => (value, path) => {
  if (typeof value !== 'string' || !/^(?:0|[1-9][0-9]{0,39})$/.test(value)) {
    throw fault(path, 'not a string of decimal digits');
  }
  const result = BigInt(value);
  if (result >> BigInt(bits) !== 0n) throw fault(path, `not below 2^${bits}`);
  return result;
};

const integer = (least, limit) => (value, path) => {
  if (!(value instanceof Spelling) || !/^(?:0|[1-9][0-9]{0,8})$/.test(value.text)) {
    throw fault(path, 'not a number in plain decimal digits');
  }
  const result = Number(value.text);
  if (result < least || result >= limit) throw fault(path, `not from ${least} to ${limit - 1}`);
  return result;
};

const oneOf = (names) => (value, path) => {
  if (!names.includes(value)) throw fault(path, `not one of ${names.join(', ')}`);
  return value;
};

const list = (least, most, form) => (value, path) => {
  if (!Array.isArray(value)) throw fault(path, 'not an array');
  if (value.length < least || value.length > most) {
    throw fault(path, `${value.length} entries instead of ${least} to ${most}`);
  }
  return value.map((entry, i) => form(entry, `${path}[${i}]`));
};

/** A form that may be left out: its value is then `absent`. */
const optional = (form, absent) => Object.assign((value, path) => form(value, path), { absent });

const members = (forms) => (value, path) => {
  if (!(value instanceof Map)) throw fault(path, 'not an object');
  for (const name of value.keys()) {
    if (!Object.hasOwn(forms, name)) throw fault(path, `unknown member ${JSON.stringify(name)}`);
  }
  return Object.fromEntries(Object.entries(forms).map(([name, form]) => {
    if (!value.has(name)) {
      if (!Object.hasOwn(form, 'absent')) throw fault(path, `no member "${name}"`);
      return [name, form.absent];
    }
    return [name, form(value.get(name), path === 'receipt' ? name : `${path}.${name}`)];
  }));
};

const chainName = (value, path) => {
  if (typeof value !== 'string') throw fault(path, 'not a string');
  const bytes = utf8(value);
  if (bytes.length < 1 || bytes.length > 64) throw fault(path, 'not 1 to 64 bytes of UTF-8');
  if (/[\u0000-\u001f]/.test(value)) throw fault(path, 'a control character');
  return bytes;
};

const distinct = (form) => (value, path) => {
  const entries = form(value, path);
  if (new Set(entries.map(String)).size < entries.length) throw fault(path, 'an entry twice');
  return entries;
};

const ascending = (form) => (value, path) => {
  const entries = form(value, path);
  if (entries.some((entry, i) => i > 0 && entries[i - 1].validator >= entry.validator)) {
    throw fault(path, 'not in ascending order of validator');
  }
  return entries;
};

const nonzero = (form) => (value, path) => {
  const bytes = form(value, path);
  if (bytes.every((byte) => byte === 0)) throw fault(path, 'zero');
  return bytes;
};

const digest = hex(64), u64 = unsigned(64), signature = hex(128);

const keys = distinct(list(1, 128, digest));

const certificate = ascending(list(1, 128, members({ validator: integer(0, 128), signature })));

const header = {
  epoch: u64, height: u64, time: u64, records: u64, previous: digest, itemsRoot: digest,
  stateRoot: digest, committee: digest,
};

const step = members({
  checkpoint: members({ ...header, items: integer(0, 1048577), next: nonzero(digest) }),
  certificate, validators: keys,
});

/** As `unsigned(64)`, from `least` to `most`. */
const within = (least, most) => (value, path) => {
  const number = unsigned(64)(value, path);
  if (number < least || number > most) throw fault(path, `not from ${least} to ${most}`);
  return number;
};

const interval = within(1000000n, 86400000000000n);

/** Those of a genesis that states none (docs/spec/record.md §6). */
const standard = {
  leaders: 2n, knownRounds: null, depth: 64n, interval: 1000000000n, idleInterval: 60000000000n,
  epoch: 3600000000000n, evidence: null, transitionGas: null,
};

const stated = members({
  leaders: within(1n, 128n), knownRounds: optional(within(0n, 1000000n), null),
  depth: within(4n, 4096n), interval, idleInterval: interval,
  epoch: within(100000000n, 31622400000000000n),
  evidence: optional(within(1n, 3n), null),
  transitionGas: optional(within(1000n, 10000000000n), null),
});

const settings = (value, path) => {
  const found = stated(value, path);
  if ((found.evidence === null) !== (found.transitionGas === null)) {
    throw fault(path, 'evidence and transitionGas come together');
  }
  if (found.evidence === 1n && found.transitionGas === 1000000n) {
    throw fault(path, 'the standard settings of agents are left out');
  }
  if (Object.keys(standard).every((name) => found[name] === standard[name])) {
    throw fault(path, 'the standard settings are left out');
  }
  return found;
};

const genesis = members({
  name: chainName, created: u64, validators: keys, settings: optional(settings, null),
});

const checkpoint = members({
  ...header, items: integer(1, 1048577), index: integer(0, 1048576), path: list(0, 20, digest),
  next: optional(nonzero(digest), null),
});

const steps = optional(list(0, 128, step), []);

/** The members that are a record's own. */
const own = {
  record: members({
    digest, agent: digest, run: hex(32), task: hex(32), operation: hex(16), caller: hex(16),
    kind: oneOf(kinds), outcome: oneOf(outcomes), start: u64, duration: u64,
    tokens: members({ input: u64, output: u64, cached: u64, reasoning: u64 }),
    compute: u64, memory: u64, cost: unsigned(128), gas: u64,
    payload: members({ size: u64, digest }), parents: list(0, 256, digest),
  }),
  batch: members({
    submitter: digest, key: digest, sequence: u64, previous: digest, root: digest,
    columns: digest, count: integer(1, 65537), closed: u64, signature,
    index: integer(0, 65536), path: list(0, 16, digest),
  }),
  steps,
  checkpoint,
  certificate,
};

/** The members that are an operation's own. */
const ownOfOperation = {
  operation: members({
    digest, outcome: oneOf(operationOutcomes), key: digest, sequence: u64, owner: digest,
    command: octets(1, 262144 - 170), signature,
  }),
  steps,
  checkpoint,
  certificate,
};

const receipt = members({
  format: exactly('althing-receipt-v1'), chain: digest, genesis, ...own,
});

const operationFormat = 'althing-operation-receipt-v1';

/** §5. */
const operationReceipt = members({
  format: exactly(operationFormat), chain: digest, genesis, ...ownOfOperation,
});

/** An entry of the ledger's state with the proof of it. */
const entry = members({ key: hex(66), value: octets(1, 16384), path: list(0, 256, digest) });

/** The header of the checkpoint whose state holds entries. */
const stateHeader = members({
  ...header, items: integer(0, 1048577), next: optional(nonzero(digest), null),
});

const taskFormat = 'althing-task-receipt-v1';

/** §6. */
const taskReceipt = members({
  format: exactly(taskFormat),
  chain: digest,
  genesis,
  entries: list(1, 13, entry),
  records: list(0, 16, members(own)),
  operations: optional(list(0, 32, members(ownOfOperation)), []),
  steps,
  checkpoint: stateHeader,
  certificate,
});

const licenceFormat = 'althing-licence-receipt-v1';

/** §7. */
const licenceReceipt = members({
  format: exactly(licenceFormat), chain: digest, genesis, licence: entry, holder: entry, steps,
  checkpoint: stateHeader, certificate,
});

/** Form and greatest size of a receipt, by its member `format`. */
const formOf = (value) => {
  const format = value instanceof Map ? value.get('format') : null;
  if (format === taskFormat) return [taskReceipt, taskByteLimit];
  if (format === licenceFormat) return [licenceReceipt, licenceByteLimit];
  if (format === operationFormat) return [operationReceipt, operationByteLimit];
  return [receipt, byteLimit];
};

/** The members of the receipt in `bytes`, of a record, an operation, a task or a licence: hex as
 *  bytes, uN as BigInt. Throws FormatFault. */
export function parseReceipt(bytes) {
  if (bytes.length > taskByteLimit) throw fault('receipt', `more than ${taskByteLimit} bytes`);
  try {
    const value = parseJSON(bytes);
    const [form, limit] = formOf(value);
    if (bytes.length > limit) throw fault('receipt', `more than ${limit} bytes`);
    return form(value, 'receipt');
  } catch (error) {
    if (error instanceof JSONFault) throw fault('JSON', error.message);
    throw error;
  }
}
