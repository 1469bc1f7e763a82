// A strict JSON reader (RFC 8259): refuses repeated members and keeps the spelling of numbers.

/** The text is no JSON, or a form a receipt may not use. */
export class JSONFault extends Error {}

/** A number as it was written. */
export class Spelling {
  constructor(text) {
    this.text = text;
  }
}

/** Receipts nest four deep; anything far beyond is refused before it can cost anything. */
const depthLimit = 16;

const number = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
const plain = /[^"\\\u0000-\u001f]+/y;
const blank = /[ \t\n\r]*/y;
const words = [['true', true], ['false', false], ['null', null]];
const escapes = {
  '"': '"', '\\': '\\', '/': '/', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t',
};

class Reader {
  constructor(text) {
    this.text = text;
    this.offset = 0;
  }

  fault(what) {
    return new JSONFault(`${what} at character ${this.offset}`);
  }

  take(pattern) {
    pattern.lastIndex = this.offset;
    const match = pattern.exec(this.text);
    if (match === null) return null;
    this.offset = pattern.lastIndex;
    return match[0];
  }

  /** Skips white space and says whether `character` follows, which is then consumed. */
  accept(character) {
    this.take(blank);
    if (this.text[this.offset] !== character) return false;
    this.offset += 1;
    return true;
  }

  expect(character) {
    if (!this.accept(character)) throw this.fault(`no ${character}`);
  }

  value(depth) {
    if (depth > depthLimit) throw this.fault('nested too deep');
    if (this.accept('{')) return this.object(depth);
    if (this.accept('[')) return this.array(depth);
    if (this.accept('"')) return this.string();
    const digits = this.take(number);
    if (digits !== null) return new Spelling(digits);
    const word = words.find(([name]) => this.text.startsWith(name, this.offset));
    if (word === undefined) throw this.fault('no value');
    this.offset += word[0].length;
    return word[1];
  }

  object(depth) {
    const members = new Map();
    if (this.accept('}')) return members;
    do {
      this.expect('"');
      const name = this.string();
      if (members.has(name)) throw this.fault(`the member ${JSON.stringify(name)} is repeated`);
      this.expect(':');
      members.set(name, this.value(depth + 1));
    } while (this.accept(','));
    this.expect('}');
    return members;
  }

  array(depth) {
    const items = [];
    if (this.accept(']')) return items;
    do items.push(this.value(depth + 1)); while (this.accept(','));
    this.expect(']');
    return items;
  }

  string() {
    let text = '';
    for (;;) {
      text += this.take(plain) ?? '';
      const next = this.text[this.offset];
      this.offset += 1;
      if (next === '"') break;
      if (next !== '\\') throw this.fault('a string is not closed or holds a control character');
      text += this.escape();
    }
    if (/[\ud800-\udfff]/u.test(text)) throw this.fault('a lone surrogate');
    return text;
  }

  escape() {
    const letter = this.text[this.offset];
    this.offset += 1;
    if (letter !== 'u') {
      if (!Object.hasOwn(escapes, letter ?? '')) throw this.fault('an unknown escape');
      return escapes[letter];
    }
    const digits = this.text.slice(this.offset, this.offset + 4);
    if (!/^[0-9a-fA-F]{4}$/.test(digits)) throw this.fault('a \\u without four digits');
    this.offset += 4;
    return String.fromCharCode(parseInt(digits, 16));
  }
}

/** The value in `bytes`: Map, array, string, Spelling, boolean or null. Throws JSONFault. */
export function parseJSON(bytes) {
  let text;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new JSONFault('not UTF-8');
  }
  const reader = new Reader(text);
  const value = reader.value(0);
  reader.take(blank);
  if (reader.offset !== text.length) throw reader.fault('something follows the value');
  return value;
}
