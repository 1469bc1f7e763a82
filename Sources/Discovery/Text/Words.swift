// Cuts a text into words and brings each near its stem, by rules for ASCII alone.

/// The words of a text that say something.
enum Words {
    /// Bytes of a text that are looked at; the rest is left out.
    static let mostBytes = 4_096
    /// Bytes of a word that are kept.
    static let mostWordBytes = 32

    /// Stems in the order of the text, without words that say nothing. A word ends where letters
    /// and digits end and where a capital follows a small letter. Bytes above ASCII are letters.
    static func stems(of text: String) -> [[UInt8]] {
        var words: [[UInt8]] = []
        var word: [UInt8] = []
        var wasSmall = false
        func end() {
            if !word.isEmpty, !silent.contains(word) {
                words.append(stem(Array(word.prefix(mostWordBytes))))
            }
            word.removeAll(keepingCapacity: true)
        }
        for byte in text.utf8.prefix(mostBytes) {
            let isCapital = (0x41...0x5A).contains(byte)
            if isCapital && wasSmall { end() }
            wasSmall = (0x61...0x7A).contains(byte)
            switch byte {
            case 0x41...0x5A: word.append(byte + 0x20)
            case 0x61...0x7A, 0x30...0x39, 0x80...: word.append(byte)
            default: end()
            }
        }
        end()
        return words
    }

    /// Takes the commonest endings off where three letters stay: plural, -ing, -ed, -er, -ation.
    static func stem(_ word: [UInt8]) -> [UInt8] {
        var word = word
        for (ending, instead) in endings {
            let kept = word.count - ending.count
            guard kept >= 3, word.suffix(ending.count).elementsEqual(ending) else { continue }
            word = Array(word.prefix(kept)) + instead
            break
        }
        // Doubled consonants and a silent e are left by what was taken off.
        if word.count > 3, let last = word.last {
            if last == word[word.count - 2], !vowels.contains(last) { word.removeLast() }
            if last == UInt8(ascii: "e") { word.removeLast() }
        }
        return word
    }

    private static let vowels = Array("aeiou".utf8)

    /// The first that fits is taken.
    private static let endings: [([UInt8], [UInt8])] = [
        ("izations", "ize"), ("ization", "ize"), ("izing", "ize"), ("ations", "ate"),
        ("ation", "ate"), ("ating", "ate"), ("ators", "ate"), ("ator", "ate"), ("ions", ""),
        ("ion", ""), ("iers", "y"), ("ies", "y"), ("ings", ""), ("ing", ""), ("ers", ""),
        ("er", ""), ("ed", ""), ("sses", "ss"), ("ss", "ss"), ("s", ""),
    ].map { (Array($0.0.utf8), Array($0.1.utf8)) }

    /// Looked up only.
    private static let silent: Set<[UInt8]> = Set(
        """
        a an and any are as at be by can for from has have i in into is it its me my no not of on
        or our so such than that the their them then there these they this to up via was we what
        when which who will with you your
        """.split { $0 == " " || $0 == "\n" }.map { Array($0.utf8) })
}
