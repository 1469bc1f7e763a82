// An agent that adds up: each message is words, its answer the sum of all words so far.

@main struct Counter {
    static func main() {
        var total: UInt64 = 0
        while true {
            var message = Message.next()
            while let word = message.read() { total &+= word }
            Host.write(total)
            Host.yield()
        }
    }
}
