// Byte strings of the verifier: hex, joining, and the little-endian writer of docs/spec/record.md.

const digits = '0123456789abcdef';
const ascii = new TextEncoder();

/** Lower-case hexadecimal of `bytes`. */
export function toHex(bytes) {
  let text = '';
  for (const byte of bytes) text += digits[byte >> 4] + digits[byte & 15];
  return text;
}

/** Bytes of a lower-case hexadecimal string, or null where `text` is anything else. */
export function fromHex(text) {
  if (typeof text !== 'string' || text.length % 2 !== 0 || /[^0-9a-f]/.test(text)) return null;
  const bytes = new Uint8Array(text.length / 2);
  for (let i = 0; i < bytes.length; i++) bytes[i] = parseInt(text.slice(2 * i, 2 * i + 2), 16);
  return bytes;
}

/** One array that holds all `parts`, one after the other. */
export function concat(...parts) {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    bytes.set(part, offset);
    offset += part.length;
  }
  return bytes;
}

/** Whether two byte strings are the same. */
export function equal(a, b) {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}

/** UTF-8 of a string without lone surrogates. */
export const utf8 = (text) => ascii.encode(text);

/** The unsigned integer `value` (BigInt or number, already in range) in `width` bytes. */
export function little(value, width) {
  const bytes = new Uint8Array(width);
  let rest = BigInt(value);
  for (let i = 0; i < width; i++) {
    bytes[i] = Number(rest & 255n);
    rest >>= 8n;
  }
  return bytes;
}

export const u8 = (value) => little(value, 1);
export const u16 = (value) => little(value, 2);
export const u32 = (value) => little(value, 4);
export const u64 = (value) => little(value, 8);
export const u128 = (value) => little(value, 16);

/** The BigInt whose little-endian bytes these are. */
export function fromLittle(bytes) {
  return BigInt('0x' + (toHex(Uint8Array.from(bytes).reverse()) || '0'));
}
