// The door of Platform: the operating system behind plain Swift types; no other room speaks to it.
//
// - `EventLoop`: one thread, epoll, timers, posted work.
// - `StreamListener`, `StreamDescriptor`, `ByteStream`: TCP connections on a loop.
// - `HTTPServer`: HTTP/1.1 by RFC 9110 and 9112 on one or several loops; `HTTPRequestParser` is the
//   pure value that reads requests and can be run without a socket.
// - `HTTPClient`: a small blocking client.
// - `SystemClock`, `Signals`, `StandardStreams`, `Processes`, `MachineDescription`.
// - `Files/`: the disk.
