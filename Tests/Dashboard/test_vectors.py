"""The JavaScript verifier against the shared receipt vectors, in the browser."""

import base64
import json

from node import ROOT

VECTORS = ROOT / "Tests/Vectors/receipts"

CHECK = """async ([receipt, options]) => {
  const { verifyReceipt } = await import('/dashboard/verify/verify.js');
  const { fromHex } = await import('/dashboard/verify/bytes.js');
  const bytes = Uint8Array.from(atob(receipt), (one) => one.charCodeAt(0));
  const payload = 'payload' in options ? fromHex(options.payload) : undefined;
  const { ok, part, detail } = verifyReceipt(bytes, { chain: options.chain, payload });
  return [ok, part, detail];
}"""


def test_every_vector_gets_its_verdict(tab):
    page = tab.open()
    index = json.loads((VECTORS / "index.json").read_text())
    wrong = []
    for case in index:
        receipt = base64.b64encode((VECTORS / case["file"]).read_bytes()).decode()
        ok, part, detail = page.evaluate(CHECK, [receipt, case])
        if part != case["part"] or ok != (case["part"] is None):
            wrong.append((case["file"], case["part"], part, detail))
    assert wrong == []
    assert len(index) > 100


def test_digests_agree_with_the_reference_library(tab):
    from blake3 import blake3
    page = tab.open()
    script = """async ([length, context]) => {
      const { blake3, domain } = await import('/dashboard/verify/blake3.js');
      const { toHex } = await import('/dashboard/verify/bytes.js');
      const bytes = Uint8Array.from({ length }, (_, i) => i % 251);
      return [toHex(blake3(bytes)), toHex(domain(context)(bytes))];
    }"""
    context = "althing dashboard test"
    for length in [0, 1, 63, 64, 65, 127, 1023, 1024, 1025, 2048, 2049, 3073, 31744, 102400]:
        data = bytes(i % 251 for i in range(length))
        expected = [blake3(data).hexdigest(),
                    blake3(data, derive_key_context=context).hexdigest()]
        assert page.evaluate(script, [length, context]) == expected, length


def test_sha512_agrees_with_the_reference_library(tab):
    import hashlib
    page = tab.open()
    script = """async (length) => {
      const { sha512 } = await import('/dashboard/verify/sha512.js');
      const { toHex } = await import('/dashboard/verify/bytes.js');
      return toHex(sha512(Uint8Array.from({ length }, (_, i) => i % 251)));
    }"""
    for length in [0, 1, 110, 111, 112, 113, 127, 128, 129, 240, 1000]:
        data = bytes(i % 251 for i in range(length))
        assert page.evaluate(script, length) == hashlib.sha512(data).hexdigest(), length


def test_a_pinned_chain_that_is_no_digest_is_a_usage_error(tab):
    page = tab.open()
    script = """async (chain) => {
      const { verifyReceipt } = await import('/dashboard/verify/verify.js');
      try {
        verifyReceipt(new Uint8Array(0), { chain });
      } catch (error) {
        return error instanceof TypeError;
      }
      return false;
    }"""
    for chain in ["", "00", "0x" + "0" * 62, "A" * 64, "0" * 63]:
        assert page.evaluate(script, chain), chain
