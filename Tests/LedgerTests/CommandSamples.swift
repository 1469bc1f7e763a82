// At least one of every command there is, for tests that walk over them all.
import Agents
import Cryptography
import Primitives

@testable import Ledger

enum CommandSamples {
    static var all: [Command] {
        let (key, proof) = (PublicKey(repeating: 1), Signature(repeating: 2))
        let profile = AgentProfile(version: "1", capabilities: ["a", ""], metadata: Digest())
        return [
            .owner(.register(name: "þ")), .owner(.addKey(key, proof: proof)),
            .owner(.rotateKey(old: key, new: key, proof: proof)), .owner(.revokeKey(key)),
            .owner(.authorize(submitter: key, rights: [])), .owner(.withdraw(submitter: key)),
            .agent(.register(name: "", profile: profile)),
            .agent(.update(World.scout, profile: profile)),
            .agent(.setStatus(World.scout, .retired)),
            .agent(.setKey(World.scout, key, proof: proof)),
            .validator(.vote(.add(key, address: "þ:1"), proof: proof)),
            .validator(.vote(.remove(key), proof: Signature())),
            .validator(.vote(.replace(key, by: key, address: ""), proof: proof)),
            .validator(.setAddress("host:1")),
            .transition(.register(program: [1, 2, 3])),
            .transition(.spawn(AgentWorld.spawn(0, Digest()))),
            .transition(.deposit(World.scout, microCredits: 7)),
            .transition(.submit(transition)), .transition(.abandonCall(World.scout)),
            .transition(.report(transition.signed, transition.signed)),
            .transition(.withdraw(World.scout, microCredits: 7)), .transition(.end(World.scout)),
            .transition(.show(World.scout, to: World.other, shown)),
            .transition(.series(TransitionSeries([member, member], proof: [9]))),
        ] + LawSamples.commands.map(Command.law)
    }

    /// One leaf and one sibling.
    private static var shown: Multiproof {
        var writer = ByteWriter()
        writer.write(UInt16(1))
        writer.write(UInt32(2))
        writer.append([UInt8](repeating: 3, count: ImageTree.leafBytes))
        writer.write(UInt16(1))
        writer.write(Digest(repeating: 4))
        var reader = ByteReader(writer.bytes)
        guard let proof = try? Multiproof(from: &reader) else {
            preconditionFailure("the bytes above are a multiproof")
        }
        return proof
    }

    private static var member: TransitionSeries.Member {
        TransitionSeries.Member(signed: transition.signed, exchange: transition.exchange)
    }

    /// With something in every list.
    private static var transition: Transition {
        var header = TransitionHeader()
        let height = AgentHeight(agent: World.idle, sequence: 4)
        header.dependencies = [Dependency(height: height, root: Digest(repeating: 5))]
        header.clock = [height]
        let exchange = Exchange(
            answer: HostAnswer(.refused, [1]),
            messages: [Message(from: World.idle, [2]), Message([])], output: [3], requests: [4])
        return Transition(
            signed: SignedHeader(signing: header, key: TestKey.ada), exchange: exchange,
            evidence: .proof([1, 2]))
    }
}
