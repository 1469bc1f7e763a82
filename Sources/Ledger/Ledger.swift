// The door of Ledger.
