// Reads one stored span (OTLP ResourceSpans, protobuf or JSON) into one plain shape for showing.

import { toHex } from '../verify/bytes.js';
import { WireFault, doubleOf, fieldsOf, textOf } from './wire.js';

/** Values nest as deep as their sender likes; we show this much. */
const depthLimit = 16;

const bytesOf = (value) => {
  if (value instanceof Uint8Array) return value;
  throw new WireFault('a number where a message belongs');
};

/** Reads a message: `forms[number](value, result)` for each known field. */
function message(bytes, result, forms) {
  for (const [number, value] of fieldsOf(bytesOf(bytes))) forms[number]?.(value, result);
  return result;
}

/** AnyValue as a JavaScript value; integers as BigInt, bytes as "0x…". */
function anyValue(bytes, depth = 0) {
  if (depth > depthLimit) return '(nested too deep to show)';
  let result = null;
  message(bytes, null, {
    1: (value) => { result = textOf(bytesOf(value)); },
    2: (value) => { result = value !== 0n; },
    3: (value) => { result = BigInt.asIntN(64, BigInt(value)); },
    4: (value) => { result = doubleOf(value); },
    5: (value) => {
      result = [];
      message(value, result, { 1: (item, all) => all.push(anyValue(item, depth + 1)) });
    },
    6: (value) => {
      const entries = [];
      message(value, entries, { 1: (item, all) => all.push(keyValue(item, depth + 1)) });
      result = Object.fromEntries(entries.map(({ key, value: inner }) => [key, inner]));
    },
    7: (value) => { result = `0x${toHex(bytesOf(value))}`; },
  });
  return result;
}

function keyValue(bytes, depth = 0) {
  return message(bytes, { key: '', value: null }, {
    1: (value, pair) => { pair.key = textOf(bytesOf(value)); },
    2: (value, pair) => { pair.value = anyValue(value, depth); },
  });
}

const attribute = (value, { attributes }) => attributes.push(keyValue(value));

const event = (bytes) => message(bytes, { time: 0n, name: '', attributes: [] }, {
  1: (value, result) => { result.time = value; },
  2: (value, result) => { result.name = textOf(value); },
  3: attribute,
});

const linked = (bytes) => message(bytes, { trace: '', span: '', attributes: [] }, {
  1: (value, result) => { result.trace = toHex(bytesOf(value)); },
  2: (value, result) => { result.span = toHex(bytesOf(value)); },
  4: attribute,
});

const emptySpan = () => ({
  name: '', kind: 0, trace: '', span: '', parent: '', start: 0n, end: 0n, state: '',
  attributes: [], events: [], links: [], status: { code: 0, message: '' },
});

const span = (bytes) => message(bytes, emptySpan(), {
  1: (value, result) => { result.trace = toHex(bytesOf(value)); },
  2: (value, result) => { result.span = toHex(bytesOf(value)); },
  3: (value, result) => { result.state = textOf(value); },
  4: (value, result) => { result.parent = toHex(bytesOf(value)); },
  5: (value, result) => { result.name = textOf(value); },
  6: (value, result) => { result.kind = Number(value); },
  7: (value, result) => { result.start = value; },
  8: (value, result) => { result.end = value; },
  9: attribute,
  11: (value, { events }) => events.push(event(value)),
  13: (value, { links }) => links.push(linked(value)),
  15: (value, { status }) => message(value, status, {
    2: (text, result) => { result.message = textOf(text); },
    3: (code, result) => { result.code = Number(code); },
  }),
});

/** `{resource, scope, span}` of a ResourceSpans message. Throws WireFault. */
export function fromProtobuf(bytes) {
  const result = { resource: [], scope: { name: '', version: '' }, span: null };
  const scopeForms = {
    1: (value, scope) => { scope.name = textOf(value); },
    2: (value, scope) => { scope.version = textOf(value); },
  };
  message(bytes, result, {
    1: (value) => message(value, { attributes: result.resource }, { 1: attribute }),
    2: (value) => message(value, result, {
      1: (inner) => message(inner, result.scope, scopeForms),
      2: (inner) => { result.span ??= span(inner); },
    }),
  });
  if (result.span === null) throw new WireFault('no span');
  return result;
}

const listOf = (value) => (Array.isArray(value) ? value : []);

/** AnyValue of OTLP/JSON; integers are strings there. */
function anyJSON(value, depth = 0) {
  if (depth > depthLimit) return '(nested too deep to show)';
  if (value === null || typeof value !== 'object') return null;
  if ('intValue' in value) return String(value.intValue);
  if ('arrayValue' in value) {
    return listOf(value.arrayValue?.values).map((item) => anyJSON(item, depth + 1));
  }
  if ('kvlistValue' in value) {
    return Object.fromEntries(listOf(value.kvlistValue?.values)
      .map((pair) => [String(pair?.key), anyJSON(pair?.value, depth + 1)]));
  }
  return value.stringValue ?? value.boolValue ?? value.doubleValue ?? value.bytesValue ?? null;
}

const attributesJSON = (value) => listOf(value).map((pair) =>
  ({ key: String(pair?.key ?? ''), value: anyJSON(pair?.value) }));

function spanJSON(raw) {
  return {
    ...emptySpan(), name: String(raw.name ?? ''), kind: Number(raw.kind ?? 0),
    trace: String(raw.traceId ?? ''), span: String(raw.spanId ?? ''),
    parent: String(raw.parentSpanId ?? ''), start: raw.startTimeUnixNano ?? 0,
    end: raw.endTimeUnixNano ?? 0, state: String(raw.traceState ?? ''),
    attributes: attributesJSON(raw.attributes),
    events: listOf(raw.events).map((one) => ({
      time: one?.timeUnixNano ?? 0, name: String(one?.name ?? ''),
      attributes: attributesJSON(one?.attributes) })),
    links: listOf(raw.links).map((one) => ({
      trace: String(one?.traceId ?? ''), span: String(one?.spanId ?? ''),
      attributes: attributesJSON(one?.attributes) })),
    status: { code: Number(raw.status?.code ?? 0), message: String(raw.status?.message ?? '') },
  };
}

/** `{resource, scope, span}` of a ResourceSpans object in JSON text. Throws WireFault. */
export function fromJSON(bytes) {
  let raw;
  try {
    raw = JSON.parse(textOf(bytes));
  } catch (error) {
    throw new WireFault(error.message);
  }
  const scopeSpans = listOf(raw?.scopeSpans)[0];
  const first = listOf(scopeSpans?.spans)[0];
  if (first === null || typeof first !== 'object') throw new WireFault('no span');
  return {
    resource: attributesJSON(raw.resource?.attributes),
    scope: {
      name: String(scopeSpans.scope?.name ?? ''), version: String(scopeSpans.scope?.version ?? ''),
    },
    span: spanJSON(first),
  };
}
