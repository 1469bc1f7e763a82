// SHA-512 (FIPS 180-4 §6.4) with BigInt words; made to be read, its messages here are short.

const mask = (1n << 64n) - 1n;

/** The first `count` primes. */
function primes(count) {
  const found = [];
  for (let n = 2; found.length < count; n++) {
    if (found.every((prime) => n % prime !== 0)) found.push(n);
  }
  return found.map(BigInt);
}

/** The largest BigInt whose `power`-th power is at most `value`, by bisection. */
function root(value, power) {
  let low = 0n, high = 1n << 80n;
  while (high - low > 1n) {
    const middle = (low + high) >> 1n;
    if (middle ** power <= value) low = middle;
    else high = middle;
  }
  return low;
}

/** First 64 bits of the fractional parts of roots of primes (FIPS 180-4 §4.2.3 and §5.3.5). */
const constants = primes(80).map((prime) => root(prime << 192n, 3n) & mask);
const initial = primes(8).map((prime) => root(prime << 128n, 2n) & mask);

const rotate = (word, bits) => ((word >> bits) | (word << (64n - bits))) & mask;

function pad(bytes) {
  const length = Math.ceil((bytes.length + 17) / 128) * 128;
  const padded = new Uint8Array(length);
  padded.set(bytes);
  padded[bytes.length] = 0x80;
  new DataView(padded.buffer).setBigUint64(length - 8, BigInt(bytes.length) * 8n);
  return padded;
}

function schedule(view, offset) {
  const w = [];
  for (let t = 0; t < 16; t++) w.push(view.getBigUint64(offset + 8 * t));
  for (let t = 16; t < 80; t++) {
    const a = w[t - 15], b = w[t - 2];
    const s0 = rotate(a, 1n) ^ rotate(a, 8n) ^ (a >> 7n);
    const s1 = rotate(b, 19n) ^ rotate(b, 61n) ^ (b >> 6n);
    w.push((w[t - 16] + s0 + w[t - 7] + s1) & mask);
  }
  return w;
}

function block(state, w) {
  let [a, b, c, d, e, f, g, h] = state;
  for (let t = 0; t < 80; t++) {
    const s1 = rotate(e, 14n) ^ rotate(e, 18n) ^ rotate(e, 41n);
    const t1 = h + s1 + ((e & f) ^ (~e & mask & g)) + constants[t] + w[t];
    const s0 = rotate(a, 28n) ^ rotate(a, 34n) ^ rotate(a, 39n);
    const t2 = s0 + ((a & b) ^ (a & c) ^ (b & c));
    [h, g, f, e, d, c, b, a] = [g, f, e, (d + t1) & mask, c, b, a, (t1 + t2) & mask];
  }
  return [a, b, c, d, e, f, g, h].map((word, i) => (word + state[i]) & mask);
}

/** The 64-byte digest of `bytes`. */
export function sha512(bytes) {
  const padded = pad(bytes);
  const view = new DataView(padded.buffer);
  let state = initial;
  for (let offset = 0; offset < padded.length; offset += 128) {
    state = block(state, schedule(view, offset));
  }
  const digest = new DataView(new ArrayBuffer(64));
  state.forEach((word, i) => digest.setBigUint64(8 * i, word));
  return new Uint8Array(digest.buffer);
}
