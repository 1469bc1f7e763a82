// The door of Peers: authenticated, encrypted links between validators, as values without sockets.
//
// - `Noise/`: the handshake Noise_XX_25519_ChaChaPoly_BLAKE2b and the ciphers it ends in.
// - `Link/`: one connection: handshake, records, two priorities, budgets, heartbeat, time-outs.
// - `Book/`: whom to dial and when, whom to admit, and which of two links to one peer stays.
//
// Time is passed in as monotonic nanoseconds, chance as keys and seeds; bytes go in and come out.
// `docs/spec/peers.md` is the page these follow; `Network` puts them on sockets.
