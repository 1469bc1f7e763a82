// Changes one byte of a receipt, to show that verification notices and names the part.

/** Values of a receipt's text with their places: `{path, start, end}` (in characters; the receipt
 *  has been parsed strictly before, so this may be loose). Every second string of an object is a
 *  value. */
function valuesOf(text) {
  const values = [], frames = [];
  const token = /[{}[\],:]|"(?:[^"\\]|\\.)*"|[0-9]+/g;
  let name = null;
  const pathHere = () => frames.map(({ name: part, index }) => part ?? index).join('.');
  for (let match = token.exec(text); match !== null; match = token.exec(text)) {
    const top = frames.at(-1), word = match[0];
    if (word === '{' || word === '[') frames.push({ isObject: word === '{', name: null, index: 0 });
    else if (word === '}' || word === ']') frames.pop();
    else if (word === ',') {
      top.index += 1;
      top.name = null;
    } else if (word === ':') top.name = name;
    else if (top?.isObject && top.name === null) name = word.slice(1, -1);
    else values.push({ path: pathHere(), start: match.index, end: match.index + word.length });
  }
  return values;
}

/** A digit's neighbour, so that the form stays right and the contents are wrong. */
function neighbour(digit) {
  if (digit === '9') return '8';
  if (digit === 'f') return 'e';
  return String.fromCharCode(digit.charCodeAt(0) + 1);
}

/** Places worth offering: one for each thing that is checked. */
export const targets = [
  'record.cost', 'record.payload.digest', 'batch.root', 'batch.signature', 'checkpoint.stateRoot',
  'checkpoint.itemsRoot', 'certificate.0.signature', 'genesis.created',
];

/** A copy of the receipt `bytes` with one hexadecimal or decimal digit changed, at `target` or, if
 *  null, anywhere; `random` gives numbers in 0..<1. Returns `{bytes, path, offset, from, to}`. */
export function spoil(bytes, target, random = Math.random) {
  const text = new TextDecoder('latin1').decode(bytes); // One character a byte.
  const values = valuesOf(text).filter(({ path, start, end }) =>
    (target === null ? path !== 'format' : path === target) &&
    /^"?[0-9a-f]+"?$/.test(text.slice(start, end)));
  const { path, start, end } = values[Math.floor(random() * values.length)];
  const quoted = text[start] === '"' ? 1 : 0;
  const offset = start + quoted + Math.floor(random() * (end - start - 2 * quoted));
  const to = neighbour(text[offset]);
  const spoiled = Uint8Array.from(bytes);
  spoiled[offset] = to.charCodeAt(0);
  return { bytes: spoiled, path, offset, from: text[offset], to };
}
