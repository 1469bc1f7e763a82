// Ed25519 verification (RFC 8032 §5.1) by libsodium's strict rules; in variable time.

import { concat, equal, fromLittle, little } from './bytes.js';
import { sha512 } from './sha512.js';

const p = 2n ** 255n - 19n;
const order = 2n ** 252n + 27742317777372353535851937790883648493n;

const mod = (value) => {
  const rest = value % p;
  return rest < 0n ? rest + p : rest;
};

function power(base, exponent) {
  let result = 1n;
  for (let square = base; exponent > 0n; exponent >>= 1n, square = mod(square * square)) {
    if (exponent & 1n) result = mod(result * square);
  }
  return result;
}

const inverse = (value) => power(value, p - 2n);
const d = mod(-121665n * inverse(121666n));
const rootOfMinusOne = power(2n, (p - 1n) / 4n);

/** Points are extended coordinates X, Y, Z, T with x = X/Z, y = Y/Z, xy = T/Z (RFC 8032 §5.1.4). */
const neutral = [0n, 1n, 1n, 0n];

function add([x1, y1, z1, t1], [x2, y2, z2, t2]) {
  const a = mod((y1 - x1) * (y2 - x2)), b = mod((y1 + x1) * (y2 + x2));
  const c = mod(2n * t1 * d * t2), e = mod(2n * z1 * z2);
  const f = b - a, g = e - c, h = e + c, i = b + a;
  return [mod(f * g), mod(h * i), mod(g * h), mod(f * i)];
}

function double([x, y, z]) {
  const a = mod(x * x), b = mod(y * y), c = mod(2n * z * z);
  const h = a + b, e = h - mod((x + y) * (x + y)), g = a - b, f = c + g;
  return [mod(e * f), mod(g * h), mod(f * g), mod(e * h)];
}

/** u·s + v·q by Straus' joint doubling; scalars below 2^256. */
function combine(u, s, v, q) {
  const table = [null, s, q, add(s, q)];
  let sum = neutral;
  for (let bit = 255n; bit >= 0n; bit--) {
    sum = double(sum);
    const choice = Number(((u >> bit) & 1n) | (((v >> bit) & 1n) << 1n));
    if (choice !== 0) sum = add(sum, table[choice]);
  }
  return sum;
}

/** The 32 bytes of a point: y, and the lowest bit of x on top. */
function encode([x, y, z]) {
  const unit = inverse(z);
  return little(mod(y * unit) | ((mod(x * unit) & 1n) << 255n), 32);
}

/** y without the sign of x; not reduced. */
const ordinate = (bytes) => fromLittle(bytes) & ((1n << 255n) - 1n);

/** The point of canonical bytes, or null where y belongs to no point (RFC 8032 §5.1.3). */
function decode(bytes) {
  const y = ordinate(bytes);
  const u = mod(y * y - 1n), v = mod(d * y * y + 1n);
  let x = mod(u * power(v, 3n) * power(u * power(v, 7n) % p, (p - 5n) / 8n));
  const check = mod(v * x * x);
  if (check === mod(-u)) x = mod(x * rootOfMinusOne);
  else if (check !== u) return null;
  if ((x & 1n) !== BigInt(bytes[31] >> 7)) x = mod(-x);
  return [x, y, 1n, mod(x * y)];
}

const base = decode(concat([0x58], new Uint8Array(31).fill(0x66)));

/** Ordinates of the points of order 1, 2, 4 and 8; libsodium also lists their spellings above p. */
const smallOrdinates = (() => {
  // A point of order 8 doubles to one with y = 0, so x² = −y² and d·y⁴ + 2y² = 1: ±one root.
  const octic = 0x7a03ac9277fdc74ec6cc392cfa53202a0f67100d760b3cba4fd84d3d706a17c7n;
  return new Set([0n, 1n, p - 1n, octic, p - octic, p, p + 1n]);
})();

const hasSmallOrder = (bytes) => smallOrdinates.has(ordinate(bytes));

/** Why `signature` (64 bytes) of `message` by `key` (32 bytes) is refused; null if valid. */
export function refusal(signature, message, key) {
  const r = signature.subarray(0, 32), s = fromLittle(signature.subarray(32));
  if (s >= order) return 'S is not below the group order';
  if (hasSmallOrder(r)) return 'R is of small order';
  if (ordinate(key) >= p) return 'the key is not encoded canonically';
  if (hasSmallOrder(key)) return 'the key is of small order';
  const point = decode(key);
  if (point === null) return 'the key is not a point of the curve';
  const k = fromLittle(sha512(concat(r, key, message))) % order;
  const negated = [mod(-point[0]), point[1], point[2], mod(-point[3])];
  const found = encode(combine(s, base, k, negated));
  return equal(found, r) ? null : 'the signature does not fit the message and the key';
}
