// BLAKE3 (paper of 2021-11-02): plain and derive_key modes, 32-byte output, portable.

import { utf8 } from './bytes.js';

const CHUNK_START = 1, CHUNK_END = 2, PARENT = 4, ROOT = 8;
const DERIVE_KEY_CONTEXT = 32, DERIVE_KEY_MATERIAL = 64;
const chunkBytes = 1024, blockBytes = 64;

const IV = Uint32Array.of(
  0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19);
const permutation = [2, 6, 3, 10, 7, 0, 4, 13, 1, 11, 12, 5, 9, 14, 15, 8];

/** Order of the message words in each of the seven rounds (paper §2.2, table 2). */
const schedule = [Array.from(permutation.keys())];
while (schedule.length < 7) schedule.push(permutation.map((i) => schedule.at(-1)[i]));

/** Columns, then diagonals (paper §2.2). */
const mixes = [
  [0, 4, 8, 12], [1, 5, 9, 13], [2, 6, 10, 14], [3, 7, 11, 15],
  [0, 5, 10, 15], [1, 6, 11, 12], [2, 7, 8, 13], [3, 4, 9, 14],
];

const rotate = (word, bits) => (word >>> bits) | (word << (32 - bits));

function mix(v, [a, b, c, d], x, y) {
  v[a] = v[a] + v[b] + x;
  v[d] = rotate(v[d] ^ v[a], 16);
  v[c] = v[c] + v[d];
  v[b] = rotate(v[b] ^ v[c], 12);
  v[a] = v[a] + v[b] + y;
  v[d] = rotate(v[d] ^ v[a], 8);
  v[c] = v[c] + v[d];
  v[b] = rotate(v[b] ^ v[c], 7);
}

/** The first eight words of the compression function; `counter` is below 2^53. */
function compress(value, words, counter, length, flags) {
  const v = new Uint32Array(16);
  v.set(value);
  v.set(IV.subarray(0, 4), 8);
  v.set([counter >>> 0, Math.floor(counter / 2 ** 32), length, flags], 12);
  for (const order of schedule) {
    for (let i = 0; i < 8; i++) mix(v, mixes[i], words[order[2 * i]], words[order[2 * i + 1]]);
  }
  return Uint32Array.from({ length: 8 }, (_, i) => v[i] ^ v[i + 8]);
}

function wordsOf(bytes, offset, end) {
  const words = new Uint32Array(16);
  for (let i = offset; i < end; i++) words[(i - offset) >> 2] |= bytes[i] << (8 * (i & 3));
  return words;
}

/** A node of the tree that is not compressed yet, since only the last one bears the root flag. */
const parentOf = (key, left, right, flags) => {
  const words = new Uint32Array(16);
  words.set(left);
  words.set(right, 8);
  return { value: key, words, counter: 0, length: blockBytes, flags: flags | PARENT };
};

const close = (node, root) =>
  compress(node.value, node.words, node.counter, node.length, node.flags | (root ? ROOT : 0));

/** All blocks of a chunk but the last, which is returned uncompressed. */
function chunkNode(key, bytes, start, counter, flags) {
  const end = Math.min(start + chunkBytes, bytes.length);
  let value = key, offset = start, mark = CHUNK_START;
  while (end - offset > blockBytes) {
    value = compress(
      value, wordsOf(bytes, offset, offset + blockBytes), counter, blockBytes, flags | mark);
    offset += blockBytes;
    mark = 0;
  }
  const words = wordsOf(bytes, offset, end);
  return { value, words, counter, length: end - offset, flags: flags | mark | CHUNK_END };
}

/** Chaining words of the root. Complete subtrees wait on a stack, as in paper §5.1.2. */
function rootWords(key, bytes, flags) {
  const stack = [];
  const chunks = Math.max(1, Math.ceil(bytes.length / chunkBytes));
  for (let chunk = 0; chunk < chunks - 1; chunk++) {
    let words = close(chunkNode(key, bytes, chunk * chunkBytes, chunk, flags), false);
    for (let done = chunk + 1; done % 2 === 0; done /= 2) {
      words = close(parentOf(key, stack.pop(), words, flags), false);
    }
    stack.push(words);
  }
  let node = chunkNode(key, bytes, (chunks - 1) * chunkBytes, chunks - 1, flags);
  while (stack.length > 0) node = parentOf(key, stack.pop(), close(node, false), flags);
  return close(node, true);
}

function bytesOf(words) {
  return Uint8Array.from({ length: 32 }, (_, i) => words[i >> 2] >>> (8 * (i & 3)));
}

/** The plain hash of `bytes`, 32 bytes. */
export const blake3 = (bytes) => bytesOf(rootWords(IV, bytes, 0));

/** The hash function of one context string: derive_key mode with `context` over its argument. */
export function domain(context) {
  const key = rootWords(IV, utf8(context), DERIVE_KEY_CONTEXT);
  return (bytes) => bytesOf(rootWords(key, bytes, DERIVE_KEY_MATERIAL));
}
