// `bench machine`: what the machine can do at all, to hold the other benchmarks against.
import Cryptography
import Platform
import Primitives

enum MachineBench {
    private static let hashBytes = 64 << 20
    private static let copyBytes = 256 << 20
    private static let diskBytes = 512 << 20
    private static let diskBlock = 8 << 20
    /// Rows hashed side by side in one block of the nearest caches, and how often.
    private static let (coreBlockBytes, coreBlocks) = (16 << 10, 4096)

    static func run(_ context: BenchContext) throws -> [Metric] {
        var (hash, copy, disk, sync): ([Double], [Double], [Double], [Double]) = ([], [], [], [])
        var core: [Double] = []
        let source = [UInt8](repeating: 7, count: hashBytes)
        for round in 1...context.rounds {
            context.progress("round \(round) of \(context.rounds)")
            let hashing = source.withUnsafeBytes { bytes in seconds { _ = BLAKE3.hash(bytes) } }
            hash.append(Double(hashBytes) / hashing)
            core.append(coreHashRate())
            copy.append(copyRate())
            disk.append(try diskRate(context.directory))
            sync.append(try syncSeconds(context.directory + "/machine-sync") * 1e6)
        }
        return [
            Metric("hash_bytes_per_second", unit: "bytes/s", samples: hash),
            Metric("core_hash_bytes_per_second", unit: "bytes/s", samples: core),
            Metric("copy_bytes_per_second", unit: "bytes/s", samples: copy),
            Metric("disk_bytes_per_second", unit: "bytes/s", samples: disk),
            Metric("sync_microseconds", unit: "us", samples: sync),
        ]
    }

    /// Bytes a second that one core hashes out of its nearest cache, in messages of 256 bytes.
    static func coreHashRate() -> Double {
        let domain = HashDomain("althing 2026 bench v1")
        let block = [UInt8](repeating: 7, count: coreBlockBytes)
        var digests = [Digest](repeating: Digest(), count: coreBlockBytes / 256)
        let start = Processes.threadNanoseconds
        block.withUnsafeBytes { block in
            digests.withUnsafeMutableBufferPointer { digests in
                for _ in 0..<coreBlocks {
                    domain.hashMany(
                        block.baseAddress!, length: 256, count: digests.count,
                        into: digests.baseAddress!)
                }
            }
        }
        let nanoseconds = Double(max(1, Processes.threadNanoseconds - start))
        return Double(coreBlockBytes * coreBlocks) * 1e9 / nanoseconds
    }

    /// Bytes a second that one core copies from memory to memory.
    static func copyRate() -> Double {
        let source = [UInt8](repeating: 7, count: copyBytes)
        var target = [UInt8](repeating: 0, count: copyBytes)
        let start = Processes.threadNanoseconds
        target.withUnsafeMutableBytes { $0.copyBytes(from: source) }
        return Double(copyBytes) * 1e9 / Double(max(1, Processes.threadNanoseconds - start))
    }

    /// Bytes a second that become durable in large aligned appends.
    static func diskRate(_ directory: String) throws -> Double {
        Double(diskBytes) / (try write(directory + "/machine"))
    }

    private static func seconds(_ body: () throws -> Void) rethrows -> Double {
        let clock = SystemClock()
        let start = clock.monotonicNanoseconds()
        try body()
        return Double(max(1, clock.monotonicNanoseconds() - start)) / 1e9
    }

    /// Seconds to append `diskBytes` in aligned blocks and sync once.
    private static func write(_ path: String) throws -> Double {
        let disk = OSDisk()
        let file = try disk.open(path, .creating)
        defer {
            file.close()
            try? disk.remove(path)
        }
        let block = UnsafeMutableRawBufferPointer.allocate(byteCount: diskBlock, alignment: 4096)
        defer { block.deallocate() }
        block.initializeMemory(as: UInt8.self, repeating: 5)
        return try seconds {
            for _ in 0..<diskBytes / diskBlock { try file.append(UnsafeRawBufferPointer(block)) }
            try file.sync()
        }
    }

    /// Mean seconds of a 4 KiB append with its sync.
    private static func syncSeconds(_ path: String) throws -> Double {
        let disk = OSDisk()
        let file = try disk.open(path, .creating)
        defer {
            file.close()
            try? disk.remove(path)
        }
        let block = UnsafeMutableRawBufferPointer.allocate(byteCount: 4096, alignment: 4096)
        defer { block.deallocate() }
        block.initializeMemory(as: UInt8.self, repeating: 5)
        let count = 200
        return try seconds {
            for _ in 0..<count {
                try file.append(UnsafeRawBufferPointer(block))
                try file.sync()
            }
        } / Double(count)
    }
}
