// The door of Storage: what the three stores are and which of them is the truth.
import Primitives

/// A store has three parts, each of which knows bytes and keys, not records.
///
/// - `Journal`: append-only, checksummed, the truth. What `commit` acknowledged is there after
///   any crash.
/// - `PayloadStore`: a journal of its own for large byte strings, stored once under their digest.
/// - `Index`: keys to places in the journals. It is always behind or equal to the journals, and
///   can be destroyed and rebuilt from them.
///
/// The order that keeps this true: commit the payloads, commit the journal, then commit one
/// `WriteBatch` with every key they caused and the sequence they reach. Journals and payload
/// stores belong to one thread at a time; an index may be read by many.
public enum StoreKind {}

/// Identifies one store, 16 random bytes chosen when it is made; every segment of its journals
/// carries it.
public typealias StoreID = Bytes16<StoreKind>
