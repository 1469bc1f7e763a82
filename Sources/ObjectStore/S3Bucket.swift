// Files into an S3-compatible store and back: one request each, signed by libcurl (AWS SigV4).
import CCurl
import Glibc

/// Why a file did not go or come.
public enum ObjectFailure: Error, Hashable, Sendable {
    /// The store could not be reached, or the connection broke; in libcurl's words.
    case unreachable(String)
    /// There is no such object, or no such bucket.
    case notFound
    /// The store does not know the credentials, or they do not allow this.
    case denied(status: Int)
    /// Any other status.
    case refused(status: Int)
    /// A file of ours could not be opened or written; the error number.
    case file(path: String, Int32)
    case outOfMemory
}

/// A bucket with what is needed to speak for it. Addressed by path, which every S3-compatible store
/// understands.
public struct S3Bucket: Sendable {
    /// `http://host[:port]` or `https://host[:port]`, without a slash at its end.
    public var endpoint: String
    public var region: String
    public var bucket: String
    public var accessKey: String
    public var secretKey: String

    public init(
        endpoint: String, region: String, bucket: String, accessKey: String, secretKey: String
    ) {
        self.endpoint = endpoint
        self.region = region
        self.bucket = bucket
        self.accessKey = accessKey
        self.secretKey = secretKey
    }

    /// A connection that moves less than a byte a second for so many seconds has failed.
    private static let stallSeconds = 30
    private static let connectSeconds = 10

    /// Stores a file under a key, in place of what was there.
    public func put(_ path: String, as key: String) throws(ObjectFailure) {
        guard let file = fopen(path, "rb") else { throw .file(path: path, errno) }
        defer { fclose(file) }
        guard fseeko(file, 0, SEEK_END) == 0 else { throw .file(path: path, errno) }
        let size = ftello(file)
        rewind(file)
        let request = try Request(self, key)
        ccurl_set_number(request.curl, CURLOPT_UPLOAD, 1)
        ccurl_set_file(request.curl, CURLOPT_READDATA, file)
        ccurl_set_bytes(request.curl, CURLOPT_INFILESIZE_LARGE, curl_off_t(size))
        try request.perform(sink: nil)
    }

    /// Writes an object into a new file, in place of what was there. What it holds must be checked
    /// by whoever knows its digest.
    public func get(_ key: String, into path: String) throws(ObjectFailure) {
        guard let file = fopen(path, "wb") else { throw .file(path: path, errno) }
        defer { fclose(file) }
        let request = try Request(self, key)
        try request.perform(sink: file)
        guard fflush(file) == 0, fsync(fileno(file)) == 0 else { throw .file(path: path, errno) }
    }

    /// One request.
    private final class Request {
        let curl: UnsafeMutableRawPointer
        private var headers: UnsafeMutablePointer<curl_slist>?

        init(_ bucket: S3Bucket, _ key: String) throws(ObjectFailure) {
            guard let curl = curl_easy_init() else { throw .outOfMemory }
            self.curl = curl
            let url = "\(bucket.endpoint)/\(bucket.bucket)/\(key)"
            ccurl_set_text(curl, CURLOPT_URL, url)
            ccurl_set_text(curl, CURLOPT_AWS_SIGV4, "aws:amz:\(bucket.region):s3")
            ccurl_set_text(curl, CURLOPT_USERPWD, "\(bucket.accessKey):\(bucket.secretKey)")
            ccurl_set_number(curl, CURLOPT_NOSIGNAL, 1)
            ccurl_set_number(curl, CURLOPT_CONNECTTIMEOUT, S3Bucket.connectSeconds)
            ccurl_set_number(curl, CURLOPT_LOW_SPEED_LIMIT, 1)
            ccurl_set_number(curl, CURLOPT_LOW_SPEED_TIME, S3Bucket.stallSeconds)
            // An error's body is not taken for the object.
            ccurl_set_number(curl, CURLOPT_FAILONERROR, 1)
            // The object is checked by its digest when it is back.
            headers = curl_slist_append(nil, "x-amz-content-sha256: UNSIGNED-PAYLOAD")
            ccurl_set_list(curl, CURLOPT_HTTPHEADER, headers)
        }

        deinit {
            curl_slist_free_all(headers)
            curl_easy_cleanup(curl)
        }

        /// - Parameter sink: where the body goes; nowhere for nil.
        func perform(sink: UnsafeMutablePointer<FILE>?) throws(ObjectFailure) {
            let nowhere = sink == nil ? fopen("/dev/null", "wb") : nil
            defer { if let nowhere { fclose(nowhere) } }
            ccurl_set_file(curl, CURLOPT_WRITEDATA, sink ?? nowhere)
            let code = curl_easy_perform(curl)
            let status = ccurl_status(curl)
            switch status {
            case 200..<300: break
            case 404: throw .notFound
            case 401, 403: throw .denied(status: status)
            case 1...: throw .refused(status: status)
            default: throw .unreachable(String(cString: curl_easy_strerror(code)))
            }
            guard code == CURLE_OK else {
                throw .unreachable(String(cString: curl_easy_strerror(code)))
            }
        }
    }
}
