extension JSONReader {
    /// Reads a string whose opening quote is looked at.
    mutating func readString() throws(DocumentProblem) {
        let place = place
        let start = at + 1
        at = start
        skipOrdinary()
        // Strings without escapes and of ASCII, which is nearly all, end here.
        let length = byte == UInt8(ascii: "\"") ? at - start : try readUnusual(from: start, openedAt: place)
        at += 1
        try unsafe tape.pointee.addScalar(
            .string, at: place, offset: UInt32(truncatingIfNeeded: start), length: length)
    }

    /// Skips bytes that mean themselves: ASCII but quotes, backslashes and control characters.
    private mutating func skipOrdinary() {
        while at + 8 <= end + Tape.padding {
            let word = unsafe UInt64(littleEndian: text.loadUnaligned(fromByteOffset: at, as: UInt64.self))
            let special =
                Bytes.zeroBytes(of: word ^ Bytes.repeated(UInt8(ascii: "\"")))
                | Bytes.zeroBytes(of: word ^ Bytes.repeated(UInt8(ascii: "\\")))
                | Bytes.zeroBytes(of: word & Bytes.repeated(0xe0)) | word & Bytes.repeated(0x80)
            if special != 0 {
                at += special.trailingZeroBitCount / 8
                return
            }
            at += 8
        }
        // The zero bytes behind the text stop every scan before this.
    }

    /// Goes on with a string that has escapes or other characters than ASCII; answers the byte count of its text, which
    /// is moved together behind `start`.
    private mutating func readUnusual(from start: Int, openedAt place: Tape.Place) throws(DocumentProblem) -> Int {
        var write = at
        while true {
            switch byte {
            case UInt8(ascii: "\""):
                return write - start
            case UInt8(ascii: "\\"):
                try readEscape(to: &write)
            case 0x80...:
                try copyCharacter(to: &write)
            case 0..<0x20:
                guard at < end else {
                    throw DocumentProblem(line: place.line, column: place.column, "this string is never closed")
                }
                throw complaint("\(foundText) cannot stand in a string: close the string, or write an escape")
            default:
                unsafe text[write] = byte
                write += 1
                at += 1
            }
        }
    }

    /// Copies one character of two to four bytes (RFC 3629 section 4).
    private mutating func copyCharacter(to write: inout Int) throws(DocumentProblem) {
        let count = unsafe UTF8Check.length(of: UnsafeRawBufferPointer(rebasing: text[at..<end]))
        guard count > 0 else { throw complaint("this is not valid UTF-8: save the file as UTF-8") }
        for _ in 0..<count {
            unsafe text[write] = unsafe text[at]
            write += 1
            at += 1
        }
        columnBase += count - 1
    }

    private mutating func readEscape(to write: inout Int) throws(DocumentProblem) {
        at += 1
        let plain: UInt8
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): plain = byte
        case UInt8(ascii: "b"): plain = 0x08
        case UInt8(ascii: "f"): plain = 0x0c
        case UInt8(ascii: "n"): plain = 0x0a
        case UInt8(ascii: "r"): plain = 0x0d
        case UInt8(ascii: "t"): plain = 0x09
        case UInt8(ascii: "u"):
            let scalar = try readUnicodeEscape()
            for byte in UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter {
                unsafe text[write] = byte
                write += 1
            }
            return
        default:
            throw complaint(
                "a backslash needs one of \\\" \\\\ \\/ \\b \\f \\n \\r \\t \\u behind it, not \(foundText)")
        }
        unsafe text[write] = plain
        write += 1
        at += 1
    }

    /// `u` and four digits, or two such escapes that make a surrogate pair (RFC 8259 section 7).
    private mutating func readUnicodeEscape() throws(DocumentProblem) -> Unicode.Scalar {
        let start = at
        let first = try readFourDigits()
        if let scalar = Unicode.Scalar(first) { return scalar }
        if first < 0xdc00, unsafe Bytes.has("\\u", at: at, in: UnsafeRawBufferPointer(text)) {
            at += 1
            let second = try readFourDigits()
            let code = 0x10000 + (first - 0xd800) << 10 + second &- 0xdc00
            if (0xdc00...0xdfff).contains(second), let scalar = Unicode.Scalar(code) { return scalar }
        }
        at = start - 1
        throw complaint("this escape is half of a surrogate pair")
    }

    /// `u` and four hexadecimal digits.
    private mutating func readFourDigits() throws(DocumentProblem) -> UInt32 {
        var code: UInt32 = 0
        at += 1
        for _ in 0..<4 {
            guard let digit = Numeral.hexDigit(byte) else {
                throw complaint("expected four hexadecimal digits behind '\\u', not \(foundText)")
            }
            code = code << 4 | UInt32(digit)
            at += 1
        }
        return code
    }

    /// RFC 8259 section 6.
    mutating func readNumber() throws(DocumentProblem) {
        let place = place
        let start = at
        if byte == UInt8(ascii: "-") { at += 1 }
        if byte == UInt8(ascii: "0") {
            at += 1
            guard byte &- UInt8(ascii: "0") >= 10 else {
                throw DocumentProblem(
                    line: place.line, column: place.column, "a number cannot begin with 0: quote it, or leave the 0 out"
                )
            }
        } else {
            try skipDigits()
        }
        if byte == UInt8(ascii: ".") {
            at += 1
            try skipDigits()
        }
        if byte | 0x20 == UInt8(ascii: "e") {
            at += 1
            if byte == UInt8(ascii: "+") || byte == UInt8(ascii: "-") { at += 1 }
            try skipDigits()
        }
        try unsafe tape.pointee.addScalar(
            .number, at: place, offset: UInt32(truncatingIfNeeded: start), length: at - start)
    }

    private mutating func skipDigits() throws(DocumentProblem) {
        guard byte &- UInt8(ascii: "0") < 10 else { throw complaint("expected a digit, not \(foundText)") }
        while byte &- UInt8(ascii: "0") < 10 { at += 1 }
    }
}
