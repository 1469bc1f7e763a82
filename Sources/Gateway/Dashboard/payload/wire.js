// Reads the protobuf wire format as far as showing a span needs it; never past the bytes given.

/** The bytes are not of the expected form. */
export class WireFault extends Error {}

class Wire {
  constructor(bytes) {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.offset = 0;
  }

  varint() {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = this.take(1)[0];
      value |= BigInt(byte & 127) << shift;
      if (byte < 128) return BigInt.asUintN(64, value);
    }
    throw new WireFault('a number of more than ten bytes');
  }

  take(count) {
    const end = this.offset + count;
    if (end > this.bytes.length) throw new WireFault('the bytes end too early');
    const taken = this.bytes.subarray(this.offset, end);
    this.offset = end;
    return taken;
  }

  fixed64() {
    const at = this.offset;
    this.take(8);
    return this.view.getBigUint64(at, true);
  }

  fixed32() {
    const at = this.offset;
    this.take(4);
    return BigInt(this.view.getUint32(at, true));
  }

  /** A field's value by its wire type: BigInt or bytes. */
  value(type) {
    if (type === 0) return this.varint();
    if (type === 1) return this.fixed64();
    if (type === 2) return this.take(Number(this.varint()));
    if (type === 5) return this.fixed32();
    throw new WireFault(`wire type ${type}`);
  }
}

/** Yields `[number, value]` for each field of a message. Throws WireFault. */
export function* fieldsOf(bytes) {
  const wire = new Wire(bytes);
  while (wire.offset < bytes.length) {
    const tag = wire.varint();
    yield [Number(tag >> 3n), wire.value(Number(tag & 7n))];
  }
}

/** UTF-8 for showing: what is wrong in it becomes U+FFFD. */
export const textOf = (bytes) =>
  (bytes instanceof Uint8Array ? new TextDecoder().decode(bytes) : String(bytes));

/** The double whose bits are this BigInt. */
export function doubleOf(bits) {
  const view = new DataView(new ArrayBuffer(8));
  view.setBigUint64(0, BigInt.asUintN(64, BigInt(bits)));
  return view.getFloat64(0);
}
