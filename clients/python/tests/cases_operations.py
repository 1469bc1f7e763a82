"""Receipts of operations (receipt.md, section 5): accepted, and each refused for one fault."""

import struct

from case import Case, compact, edited, usual
from maker import CREATED, Chain, Forge, filler, hashed, raw, signing_key


class OperationForge(Forge):
    """Builds the receipt of an operation; `code` is that of the item."""

    def __init__(self, chain=None, items=2, item=0, command=None, outcome="done"):
        super().__init__(chain, items=items, item=item)
        self.command = filler("command", 70) if command is None else command
        self.outcome, self.code = outcome, 2 if outcome == "done" else 3
        self.signer = signing_key("operator")
        self.alter_operation = lambda part: None

    def make(self):
        """The receipt as a dict."""
        operation = {
            "digest": "", "outcome": self.outcome, "key": bytes(self.signer.verify_key).hex(),
            "sequence": "7", "owner": filler("owner").hex(), "command": self.command.hex(),
            "signature": "",
        }
        self.alter_operation(operation)
        digest = operation_digest(self.chain.digest, operation)
        operation["digest"] = operation["digest"] or digest.hex()
        signed = self.signer.sign(b"althing operation v1" + digest).signature.hex()
        operation["signature"] = operation["signature"] or signed
        receipt, _ = super().make()
        made = {"format": "althing-operation-receipt-v1", "chain": receipt["chain"],
                "genesis": receipt["genesis"], "operation": operation,
                "checkpoint": receipt["checkpoint"], "certificate": receipt["certificate"]}
        return made

    def item_leaf(self, _):
        operation = {
            "key": bytes(self.signer.verify_key).hex(), "sequence": "7",
            "owner": filler("owner").hex(), "command": self.command.hex(),
        }
        self.alter_operation(operation)
        return hashed(
            "item", bytes([self.code]) + operation_digest(self.chain.digest, operation))


def operation_digest(chain, operation):
    """ledger.md, section 2."""
    return hashed("operation", struct.pack("<H", 1) + chain + raw(operation["key"])
                  + struct.pack("<Q", int(operation["sequence"])) + raw(operation["owner"])
                  + raw(operation["command"]))


def operation(**shape):
    """A correct receipt of an operation."""
    return OperationForge(**shape).make()


def cases():
    yield from accepted()
    yield from forms()
    yield from faults()


def accepted():
    yield Case("operation-done", compact(operation()))
    yield Case("operation-refused-at-its-place", compact(operation(outcome="refused")))
    yield Case("operation-item-4-of-5", compact(operation(items=5, item=4)))
    yield Case("operation-of-4-validators", compact(operation(chain=Chain(4))))
    yield Case("operation-of-one-byte", compact(operation(command=b"\x07")))
    yield Case("operation-over-256-KiB-of-text", compact(operation(command=filler("long", 140_000))))
    yield Case("operation-pinned", compact(operation()), chain=Chain().digest)


def forms():
    """Faults of the form."""
    def with_operation(name, value):
        return compact(edited(operation(), ("operation", name), lambda _: value))

    yield Case("operation-outcome-unknown", with_operation("outcome", "failed"), "format")
    yield Case("operation-command-empty", with_operation("command", ""), "format")
    yield Case("operation-command-odd", with_operation("command", "070"), "format")
    yield Case("operation-command-upper-case", with_operation("command", "0A"), "format")
    yield Case("operation-sequence-as-number", with_operation("sequence", 7), "format")
    yield Case("operation-with-record",
               compact({**operation(), "record": usual()["record"]}), "format")
    yield Case("operation-without-operation",
               compact({name: part for name, part in operation().items() if name != "operation"}),
               "format")
    yield Case("operation-format-of-a-record",
               compact({**operation(), "format": "althing-receipt-v1"}), "format")
    yield Case("record-format-of-an-operation",
               compact({**usual(), "format": "althing-operation-receipt-v1"}), "format")


def faults():
    """Well-formed receipts in which one thing is wrong."""
    made = operation()
    for name, value in [("sequence", "8"), ("owner", filler("thief").hex()),
                        ("command", "08" + made["operation"]["command"][2:]),
                        ("digest", filler("other").hex())]:
        yield Case(f"operation-{name}-changed",
                   compact(edited(made, ("operation", name), lambda _, v=value: v)), "operation")
    yield Case("operation-command-longer",
               compact(edited(made, ("operation", "command"), lambda text: text + "00")),
               "operation")
    other = bytes(signing_key("thief").verify_key).hex()
    yield Case("operation-key-changed",
               compact(edited(made, ("operation", "key"), lambda _: other)), "operation")
    forge = OperationForge()
    forge.alter_operation = lambda part: part.update(key=other)
    yield Case("operation-signed-by-another-key", compact(forge.make()), "operationSignature")
    yield Case("operation-signature-flipped", compact(edited(
        made, ("operation", "signature"),
        lambda text: ("1" if text[0] == "0" else "0") + text[1:])), "operationSignature")
    for outcome, said in [("done", "refused"), ("refused", "done")]:
        yield Case(f"operation-{outcome}-said-{said}", compact(edited(
            operation(outcome=outcome), ("operation", "outcome"), lambda _, v=said: v)),
            "checkpointInclusion")
    forge = OperationForge()
    forge.code = 1
    yield Case("operation-in-the-place-of-a-batch", compact(forge.make()), "checkpointInclusion")
    yield Case("operation-at-another-index", compact(edited(
        operation(items=5, item=4), ("checkpoint", "index"), lambda _: 3)), "checkpointInclusion")
    forge = OperationForge(chain=Chain(4))
    forge.voters = [0, 1]
    yield Case("operation-too-few-signatures", compact(forge.make()), "certificate")
    yield Case("operation-pinned-to-another-chain", compact(made), "genesis",
               chain=Chain(name="another chain", created=CREATED).digest)
