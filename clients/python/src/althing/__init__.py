"""Offline verification of Althing receipts, after docs/spec/receipt.md and record.md."""

from althing.verification import PARTS, Verdict, verify

__all__ = ["PARTS", "Verdict", "verify"]
