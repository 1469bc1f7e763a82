// The servers of the public MCP registry as services: what people would ask finds what there is.
import Foundation
import JSON
import Primitives
import TestSupport
import Testing

@testable import Discovery

@Suite struct RegistryTests {
    /// Nil where the data are not on this machine.
    private static let file: String? = {
        let root = URL(filePath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let override = ProcessInfo.processInfo.environment["ALTHING_SHARED_DATA"]
        let data = override.map { URL(filePath: $0) } ?? root.appending(path: "../shared/data")
        let path = data.appending(path: "mcp-registry/servers-300.json").standardized.path
        return FileManager.default.fileExists(atPath: path) ? path : nil
    }()

    /// All servers, each at a price that follows from its place.
    private static func catalogue() throws -> (Catalogue, [(id: ListingID, about: String)]) {
        let path = try #require(file)
        let bytes = try #require(VectorFiles.contents(of: path))
        let document = try JSONValue(parsing: bytes)
        let servers = try #require(document.array)
        var catalogue = Catalogue()
        var told: [(ListingID, String)] = []
        for (place, server) in servers.enumerated() {
            let about = server["description"]?.string ?? ""
            var id = [UInt8](repeating: 0, count: 32)
            (id[0], id[1]) = (UInt8(place >> 8), UInt8(place & 255))
            let listing = Listing(
                id: ListingID(id) ?? ListingID(),
                text: (server["name"]?.string ?? "") + " " + about,
                price: UInt128(1 + place % 10))
            catalogue.put(listing)
            told.append((listing.id, about))
        }
        return (catalogue, told)
    }

    @Test(.enabled(if: file != nil, "../shared/data/mcp-registry is absent"))
    func everyServerIsFoundByWhatItSays() throws {
        var (catalogue, told) = try Self.catalogue()
        #expect(catalogue.count == 300)
        var (asked, found) = (0, 0)
        for (id, about) in told {
            let words = about.split(separator: " ").prefix(8).joined(separator: " ")
            guard Words.stems(of: words).count >= 3 else { continue }
            asked += 1
            if catalogue.find(words, most: 10).contains(where: { $0.service.id == id }) {
                found += 1
            }
        }
        // Many begin alike: "A Model Context Protocol server for".
        #expect(asked > 240 && found * 100 >= asked * 85, "\(found) of \(asked)")
    }

    @Test(.enabled(if: file != nil, "../shared/data/mcp-registry is absent"))
    func questionsFindWhatTheyAskFor() throws {
        var (catalogue, _) = try Self.catalogue()
        for (words, wanted) in [
            ("manage my email", "email"), ("stock market prices", "stock"),
            ("control a web browser", "browser"), ("git repositories and issues", "git"),
            ("crypto token prices", "crypto"), ("kubernetes clusters", "kubernetes"),
        ] {
            let matches = catalogue.find(words, most: 5)
            #expect(
                matches.contains { $0.service.text.lowercased().contains(wanted) },
                "\(words): \(matches.map(\.service.text))")
            var filter = ListingFilter()
            filter.mostPrice = 5
            let cheap = catalogue.find(words, filter, most: 5)
            #expect(cheap.allSatisfy { $0.service.price <= 5 })
        }
    }
}
