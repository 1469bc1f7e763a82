// Shows a payload: the span's attributes, its conversation, and the exact bytes.

import { getBytes, path } from '../base/api.js';
import { h, replace } from '../base/dom.js';
import { big, duration, size } from '../base/units.js';
import { facts, time } from '../parts/bits.js';
import { filled } from '../parts/states.js';
import { toHex } from '../verify/bytes.js';
import { fromJSON, fromProtobuf } from './otlp.js';
import { WireFault, textOf } from './wire.js';

/** Larger payloads are fetched on demand only. */
const eagerBytes = 262144n;
const longestText = 200000;
const longestHex = 4096;

const spanKinds = ['unspecified', 'internal', 'server', 'client', 'producer', 'consumer'];
const statusCodes = ['unset', 'ok', 'error'];

/** JSON with integers of any size, indented; the text itself where that fails. */
function pretty(value) {
  try {
    return JSON.stringify(value, (key, one) => (typeof one === 'bigint' ? String(one) : one), 2);
  } catch {
    return String(value);
  }
}

function block(text) {
  const cut = text.length > longestText;
  const note = cut &&
    h('p', { class: 'muted' }, `The first ${longestText} of ${text.length} characters`);
  return [h('pre', { tabindex: '0' }, cut ? text.slice(0, longestText) : text), note];
}

/** Strings that hold JSON are shown as what they hold. */
function parsed(value) {
  if (typeof value !== 'string' || !/^\s*[[{]/.test(value)) return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

function valueNode(value) {
  const inner = parsed(value);
  if (inner !== null && typeof inner === 'object') return block(pretty(inner));
  const text = inner === null ? 'null' : String(inner);
  return text.includes('\n') || text.length > 400 ? block(text) : text;
}

const attributeList = (attributes) =>
  facts(attributes.map(({ key, value }) => [h('code', {}, key), valueNode(value)]));

/** Messages as gen_ai attributes hold them, current and older forms; null for anything else. */
function messagesIn(value) {
  const list = parsed(value);
  if (!Array.isArray(list) || list.length === 0) return null;
  const isMessage = (one) => typeof one?.role === 'string';
  return list.every(isMessage) ? list : null;
}

function partNode(part) {
  if (typeof part === 'string') return h('p', {}, part);
  const text = part?.content ?? part?.text;
  if (typeof text === 'string' && (part.type ?? 'text') === 'text') return h('p', {}, text);
  return block(pretty(part));
}

function messageNode(message) {
  const { role, parts, content, ...rest } = message;
  const shown = parts ?? content ?? [];
  const calls = rest.tool_calls ? [rest.tool_calls].flat() : [];
  return h('li', { class: 'message', 'data-role': role }, h('span', { class: 'tag' }, role),
    [shown].flat().map(partNode), calls.map(partNode));
}

const conversation = (title, list) => h('details', { class: 'fold-out', open: list.length < 4 },
  h('summary', {}, `${title} (${list.length} messages)`),
  h('ol', { class: 'messages' }, list.map(messageNode)));

/** A short last part of the attribute's name as title: "input.messages" is "Input messages". */
function titleOf(key) {
  const words = key.replace(/^gen_ai\./, '').replace(/[._]/g, ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function eventNode(event, start) {
  const after = big(event.time) >= big(start) ? duration(big(event.time) - big(start)) : null;
  return h('details', { class: 'fold-out' },
    h('summary', {}, event.name || 'event',
      after && h('span', { class: 'muted' }, ` after ${after}`)),
    attributeList(event.attributes));
}

function spanNode({ resource, scope, span }) {
  const talks = [], plain = [];
  for (const attribute of span.attributes) {
    const list = messagesIn(attribute.value);
    if (list) talks.push(conversation(titleOf(attribute.key), list));
    else plain.push(attribute);
  }
  const status = statusCodes[span.status.code] ?? String(span.status.code);
  const fold = (title, content) =>
    h('details', { class: 'fold-out' }, h('summary', {}, title), content);
  return [
    talks,
    plain.length > 0 && attributeList(plain),
    span.events.length > 0 && fold(`Events (${span.events.length})`,
      span.events.map((event) => eventNode(event, span.start))),
    span.links.length > 0 && fold(`Links (${span.links.length})`, span.links.map((one) =>
      facts([['Trace', one.trace], ['Span', one.span]]))),
    fold('Span', facts([
      ['Name', span.name], ['Kind', spanKinds[span.kind] ?? String(span.kind)],
      ['Start', time(span.start)], ['End', time(span.end)],
      ['Status', span.status.message ? `${status}: ${span.status.message}` : status],
      ['Scope', `${scope.name} ${scope.version}`.trim()], ['Trace state', span.state],
    ])),
    resource.length > 0 &&
      fold(`Resource (${resource.length} attributes)`, attributeList(resource)),
  ];
}

/** The bytes as they are: text where they are JSON, else hexadecimal. */
function rawNode({ bytes, type }) {
  if (type === 'application/json') {
    const text = textOf(bytes);
    return block(pretty(parsed(text)));
  }
  const shown = toHex(bytes.subarray(0, longestHex)).replace(/.{32}/g, '$&\n');
  const rest = bytes.length - longestHex;
  return [block(shown), rest > 0 && h('p', { class: 'muted' }, `and ${rest} bytes more`)];
}

function understood({ bytes, type }) {
  try {
    return spanNode(type === 'application/json' ? fromJSON(bytes) : fromProtobuf(bytes));
  } catch (error) {
    if (!(error instanceof WireFault)) throw error;
    return h('p', { class: 'muted' },
      `Not shown as a span (${error.message}); the bytes are below.`);
  }
}

/** The contents of a fetched payload. */
export function payloadNode(payload) {
  return h('div', { class: 'payload' }, understood(payload), h('details', { class: 'fold-out' },
    h('summary', {}, `Bytes (${size(payload.bytes.length)}, ${payload.type || 'no type'})`),
    rawNode(payload)));
}

/** A place that fetches and shows the payload of the record `id`. */
export function payloadView(id, payload, signal) {
  const place = h('div');
  const load = () => getBytes(path('records', id, 'payload'), signal);
  const fetchIt = () => {
    replace(place);
    filled(place, signal, load, payloadNode);
  };
  const button = { type: 'button', on: { click: fetchIt } };
  const ask = h('button', button, `Show ${size(payload?.size)}`);
  if (big(payload?.size) <= eagerBytes) fetchIt();
  else replace(place, h('div', { class: 'payload' }, ask));
  return place;
}
