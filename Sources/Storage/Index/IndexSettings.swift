// What an index may cost in memory and files.
import CRocksDB

/// Settings of one index.
public struct IndexSettings: Hashable, Sendable {
    /// Bytes of blocks, filters and block indices of the files that are kept in memory.
    public var cacheBytes = 64 << 20
    /// Bytes of keys and values gathered before they are written out; two such may exist at a
    /// time, and after a crash at most these are read again from the journal.
    public var writeBufferBytes = 32 << 20
    /// Whether files are written past the page cache. What waits there is written out with the
    /// next sync of any file, which then takes a tenth of a second.
    public var writesDirectly = false
    /// Files held open.
    public var openFiles = 256

    /// RocksDB's `FATAL_LEVEL`: headers and statistics are below it.
    private static let fatalLevel: Int32 = 4

    public init() {}

    /// Options for RocksDB, to be destroyed by the caller.
    func makeOptions() -> OpaquePointer? {
        guard let options = rocksdb_options_create(),
            let table = rocksdb_block_based_options_create(),
            let cache = rocksdb_cache_create_lru(cacheBytes)
        else { return nil }
        defer {
            rocksdb_cache_destroy(cache)
            rocksdb_block_based_options_destroy(table)
        }
        rocksdb_block_based_options_set_block_cache(table, cache)
        rocksdb_block_based_options_set_cache_index_and_filter_blocks(table, 1)
        rocksdb_block_based_options_set_filter_policy(
            table, rocksdb_filterpolicy_create_bloom_full(10))
        // In parts of one block: a whole filter is larger than a shard of the cache, and would be
        // read from disk for every key.
        rocksdb_block_based_options_set_index_type(
            table, Int32(rocksdb_block_based_table_index_type_two_level_index_search))
        rocksdb_block_based_options_set_partition_filters(table, 1)
        rocksdb_options_set_block_based_table_factory(options, table)
        rocksdb_options_set_create_if_missing(options, 1)
        rocksdb_options_set_write_buffer_size(options, writeBufferBytes)
        rocksdb_options_set_level0_file_num_compaction_trigger(options, 8)
        rocksdb_options_set_max_write_buffer_number(options, 2)
        rocksdb_options_set_max_open_files(options, Int32(clamping: openFiles))
        rocksdb_options_set_max_background_jobs(options, 2)
        rocksdb_options_set_use_direct_io_for_flush_and_compaction(
            options, writesDirectly ? 1 : 0)
        rocksdb_options_set_keep_log_file_num(options, 2)
        // Nothing is logged: Debian's build has its assertions on, and aborts at the first line
        // that it
        // logs after one that did not fit the disk. What fails is told by the calls that fail.
        rocksdb_options_set_info_log_level(options, Self.fatalLevel)
        // Most keys and values are digests and numbers, which do not compress.
        rocksdb_options_set_compression(options, Int32(rocksdb_no_compression))
        return options
    }
}
