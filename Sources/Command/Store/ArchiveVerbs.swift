// `althing store archive` and `restore`: sealed segments to an S3-compatible store, and back.
import JSON
import Node
import ObjectStore
import Platform
import Primitives
import Storage
import Synchronization

enum ArchiveVerbs {
    private static let to = Option(
        "to", OptionValue("s3://BUCKET/PREFIX", .text), "Where the segments go."
    ).required
    private static let endpoint = Option(
        "endpoint", OptionValue("URL", .text),
        "Address of an S3-compatible store; without it that of Amazon's region.")
    private static let region = Option("region", OptionValue("NAME", .text), "Region.")
        .standing(at: "us-east-1")
    private static let credentials = Option(
        "credentials", OptionValue("FILE", .file),
        "File of two lines, yours alone to read: the access key's name, the secret key."
    ).required

    static let archiveVerb = Verb(
        "archive", "Moves sealed segments to an S3-compatible store", archive
    )
    .discussed(
        "Every sealed segment that a start does not need is stored, read back and compared, and "
            + "then removed here. The directory remembers where they are: a running node brings "
            + "back what is asked for, and answers 503 with Retry-After until it is there. The "
            + "node must not be running meanwhile."
    )
    .example(
        "althing store archive --to s3://runs/althing --endpoint http://127.0.0.1:9000 "
            + "--credentials s3.txt --data ./althing-data"
    )
    .taking(to, endpoint, region, credentials, Option.data.required, .json)

    static let restoreVerb = Verb(
        "restore", "Brings archived segments back for good", restore
    )
    .discussed(
        "Store check, rebuild and prune bring what they read by themselves; this is for leaving an "
            + "archive. The node must not be running."
    )
    .example("althing store restore --data ./althing-data")
    .taking(Option.data.required, .json)

    private static func archive(_ call: Invocation) throws(CommandFailure) {
        let directory = try DataDirectory.existing(call)
        let place = try ArchivePlace(
            url: try call.required(to), endpoint: call.text(endpoint),
            region: call.text(region) ?? "us-east-1", credentials: try call.required(credentials))
        let depot = try place.depot()
        let lock = try directory.lock()
        defer { lock.release() }
        try LocalFiles.write(place.encoded, to: directory.archivePath, isSecret: false)
        let report: ArchiveReport
        do {
            report = try StoreArchive.run(
                directory.opening(), to: depot, prefix: place.prefix)
        } catch { throw failure(error, directory) }
        show(report, "archived", call)
    }

    private static func restore(_ call: Invocation) throws(CommandFailure) {
        let directory = try DataDirectory.existing(call)
        guard let place = try ArchivePlace(of: directory) else {
            throw .refused("nothing of \(directory.path) was archived")
        }
        let depot = try place.depot()
        let lock = try directory.lock()
        defer { lock.release() }
        let report: ArchiveReport
        do {
            report = try StoreArchive.restore(directory.opening(), from: depot)
        } catch { throw failure(error, directory) }
        show(report, "restored", call)
    }

    private static func show(_ report: ArchiveReport, _ word: String, _ call: Invocation) {
        guard !call.has(.json) else {
            return call.console.print(
                .object([
                    JSONMember("segments", .string(String(report.segments))),
                    JSONMember("bytes", .string(String(report.bytes))),
                ]))
        }
        call.console.print(
            "\(word) \(Quantity.count(report.segments)) segments, \(Quantity.bytes(report.bytes))")
    }

    private static func failure(
        _ failure: ArchiveFailure, _ directory: DataDirectory
    ) -> CommandFailure {
        switch failure {
        case .storage(let inner): StoreWords.failure(.storage(inner), directory: directory)
        case .depot(let inner): .failed(inner.sentence + "; what was moved before stays moved")
        case .differs(let key): .damaged(["\(key) in the archive is not what was stored there"])
        }
    }
}

/// Where the segments of a data directory are archived: its file `archive`, of four lines.
struct ArchivePlace: Hashable, Sendable {
    var bucket: String
    var prefix: String
    var endpoint: String
    var region: String
    /// Path of the file with the keys.
    var credentials: String

    init(
        url: String, endpoint: String?, region: String, credentials: String
    ) throws(CommandFailure) {
        let parts = url.hasPrefix("s3://") ? url.dropFirst(5).split(separator: "/") : []
        guard let bucket = parts.first else {
            throw .refused("--to must be s3://BUCKET or s3://BUCKET/PREFIX")
        }
        self.bucket = String(bucket)
        prefix = parts.dropFirst().joined(separator: "/")
        var address = endpoint ?? "https://s3.\(region).amazonaws.com"
        while address.hasSuffix("/") { address.removeLast() }
        self.endpoint = address
        self.region = region
        self.credentials = credentials
    }

    /// Nil where nothing was archived.
    init?(of directory: DataDirectory) throws(CommandFailure) {
        guard LocalFiles.exists(directory.archivePath) else { return nil }
        let lines = try Self.lines(of: directory.archivePath)
        guard lines.count == 4 else { throw .damaged(["\(directory.archivePath) has not 4 lines"]) }
        try self.init(
            url: lines[0], endpoint: lines[1], region: lines[2], credentials: lines[3])
    }

    var encoded: [UInt8] {
        let url = "s3://" + ([bucket] + (prefix.isEmpty ? [] : [prefix])).joined(separator: "/")
        return Array([url, endpoint, region, credentials, ""].joined(separator: "\n").utf8)
    }

    private static func lines(
        of path: String, isSecret: Bool = false
    ) throws(CommandFailure) -> [String] {
        let bytes = isSecret
            ? try LocalFiles.readSecret(path, limit: 1 << 14)
            : try LocalFiles.read(path, limit: 1 << 14)
        return String(decoding: bytes, as: UTF8.self)
            .split(whereSeparator: \.isNewline).map(String.init)
    }

    /// - Throws: where the keys cannot be read.
    func depot() throws(CommandFailure) -> S3Depot {
        let keys = try Self.lines(of: credentials, isSecret: true)
        guard keys.count == 2 else {
            throw .refused("\(credentials) must have two lines: access key, secret key")
        }
        return S3Depot(
            bucket: S3Bucket(
                endpoint: endpoint, region: region, bucket: bucket, accessKey: keys[0],
                secretKey: keys[1]))
    }
}

/// A bucket as a depot of segments.
struct S3Depot: SegmentDepot, Sendable {
    let bucket: S3Bucket

    func put(_ path: String, as key: String) throws(DepotFailure) {
        do { try bucket.put(path, as: key) } catch { throw DepotFailure(sentence(error, key)) }
    }

    func get(_ key: String, into path: String) throws(DepotFailure) {
        do { try bucket.get(key, into: path) } catch { throw DepotFailure(sentence(error, key)) }
    }

    private func sentence(_ failure: ObjectFailure, _ key: String) -> String {
        let place = "s3://\(bucket.bucket)/\(key)"
        return switch failure {
        case .unreachable(let words): "\(bucket.endpoint) does not answer: \(words)"
        case .notFound: "\(place) is not there"
        case .denied(let status): "\(bucket.endpoint) refuses the credentials (\(status))"
        case .refused(let status): "\(bucket.endpoint) answers \(status) for \(place)"
        case .file(let path, let code): "\(path) cannot be read or written (\(code))"
        case .outOfMemory: "there is no memory left"
        }
    }
}

/// Brings segments back for a running node, one after the other, on a thread of its own.
final class ArchiveReader: Sendable {
    private let depot: S3Depot
    private let worker = ThreadWorker("archive")
    /// Those that are asked for and not here yet.
    private let pending = Mutex<Set<String>>([])

    init(depot: S3Depot) { self.depot = depot }

    /// Returns at once. What fails is asked for again by the next reader.
    func fetch(_ segment: ArchivedSegment) {
        guard pending.withLock({ $0.insert(segment.key).inserted }) else { return }
        worker.submit { [self] in
            try? segment.fetch(from: depot, on: OSDisk())
            _ = pending.withLock { $0.remove(segment.key) }
        }
    }
}
