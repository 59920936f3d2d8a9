/// Moves over JSON text without judging it.
@safe struct JSONSkipper {
    private let bytes: UnsafeRawBufferPointer
    private let end: Int
    /// The byte that is looked at.
    var at: Int

    init(_ bytes: UnsafeRawBufferPointer, at: Int) {
        unsafe self.bytes = unsafe bytes
        end = bytes.count
        self.at = at
    }

    /// The byte that is looked at; 0 at the end.
    var byte: UInt8 { at < end ? unsafe bytes[at] : 0 }

    /// False at the end of the text.
    mutating func skipSpace() -> Bool {
        while at < end {
            switch unsafe bytes[at] {
            case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"), UInt8(ascii: "\n"): at += 1
            default: return true
            }
        }
        return false
    }

    /// Skips an opening bracket; true if the closing one follows and was skipped too.
    mutating func skipOpening(_ closing: Unicode.Scalar) -> Bool {
        at += 1
        return skipClosing(closing)
    }

    /// True if a comma was skipped.
    mutating func skipComma() -> Bool { skip(",") }

    /// True if that bracket was skipped.
    mutating func skipClosing(_ bracket: Unicode.Scalar) -> Bool {
        guard skipSpace(), byte == UInt8(ascii: bracket) else { return false }
        at += 1
        return true
    }

    private mutating func skip(_ separator: Unicode.Scalar) -> Bool {
        guard skipClosing(separator) else { return false }
        _ = skipSpace()
        return true
    }

    /// Skips a key and its colon; answers where the key stands, with its quotes.
    mutating func skipKey() -> Range<Int>? {
        let start = at
        guard byte == UInt8(ascii: "\""), skipString() else { return nil }
        let key = start..<at
        return skip(":") ? key : nil
    }

    /// False if no value begins here, or it has no end.
    mutating func skipValue() -> Bool {
        switch byte {
        case UInt8(ascii: "\""): return skipString()
        case UInt8(ascii: "{"), UInt8(ascii: "["): return skipBrackets()
        default: return skipScalar()
        }
    }

    /// How far a walk over brackets came.
    private enum Walk {
        /// Behind the bracket that closes the first one.
        case closed
        /// To the border, outside of every string.
        case further
        /// To the end of the text.
        case ended
    }

    private mutating func skipBrackets() -> Bool {
        var depth = 0
        var isInString = false
        while at + JSONBlock.byteCount <= end {
            let block = unsafe JSONBlock(bytes, at: at)
            guard !block.hasEscape else {
                let reached = walk(&depth, isInString, to: at + JSONBlock.byteCount)
                guard reached == .further else { return reached == .closed }
                isInString = false
                continue
            }
            if let closing = block.closing(&depth, &isInString) {
                at += closing + 1
                return true
            }
            at += JSONBlock.byteCount
        }
        return walk(&depth, isInString, to: end) == .closed
    }

    /// Byte by byte to the border, or further if a string goes on.
    private mutating func walk(_ depth: inout Int, _ isInString: Bool, to border: Int) -> Walk {
        if isInString {
            guard skipRestOfString() else { return .ended }
        }
        while at < border {
            switch unsafe bytes[at] {
            case UInt8(ascii: "\""):
                guard skipString() else { return .ended }
                continue
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                depth += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                depth -= 1
                if depth == 0 {
                    at += 1
                    return .closed
                }
            default:
                break
            }
            at += 1
        }
        return at < end ? .further : .ended
    }

    private mutating func skipString() -> Bool {
        at += 1
        return skipRestOfString()
    }

    /// Skips from inside a string to behind its closing quote.
    private mutating func skipRestOfString() -> Bool {
        while at + 8 <= end {
            let word = unsafe UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: at, as: UInt64.self))
            let special =
                Bytes.zeroBytes(of: word ^ Bytes.repeated(UInt8(ascii: "\"")))
                | Bytes.zeroBytes(of: word ^ Bytes.repeated(UInt8(ascii: "\\")))
            guard special != 0 else {
                at += 8
                continue
            }
            at += special.trailingZeroBitCount / 8
            if byte == UInt8(ascii: "\"") {
                at += 1
                return true
            }
            at += 2
        }
        while at < end {
            if byte == UInt8(ascii: "\"") {
                at += 1
                return true
            }
            at += byte == UInt8(ascii: "\\") ? 2 : 1
        }
        at = end
        return false
    }

    /// A number or word; false if there is none.
    private mutating func skipScalar() -> Bool {
        let start = at
        while at < end {
            switch unsafe bytes[at] {
            case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"), UInt8(ascii: "\n"), UInt8(ascii: ","),
                UInt8(ascii: ":"), UInt8(ascii: "\""), UInt8(ascii: "{"), UInt8(ascii: "}"), UInt8(ascii: "["),
                UInt8(ascii: "]"):
                return at > start
            default:
                at += 1
            }
        }
        return at > start
    }
}
