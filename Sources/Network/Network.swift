// The door of Network: the links of `Peers` on the sockets of `Platform`.
//
// `PeerNetwork` is what others use; `NetworkCore` and `Connection` belong to its loop's thread. It
// is a module of its own so that `Platform` knows no protocol and `Peers` no socket.
