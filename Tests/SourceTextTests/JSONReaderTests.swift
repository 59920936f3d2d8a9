import SourceText
import Testing

struct JSONReaderTests {
    static let values = [
        TextCase("object", #"{"a": 1, "b": [true, false, null], "c": {}}"#, "{a: 1, b: [true, false, null], c: {}}"),
        TextCase("empty", "{}", "{}"),
        TextCase("white space", " \t\r\n{ \"a\" :\r\n[ ] } \n", "{a: []}"),
        TextCase("numbers", #"{"a":[0,-0,12,-3,1.5,1e3,2E-2,80.0]}"#, "{a: [0, 0, 12, -3, 1.5, 1e3, 2E-2, 80.0]}"),
        TextCase(
            "big numbers", #"{"a":[9223372036854775807,9223372036854775808]}"#,
            "{a: [9223372036854775807, 9223372036854775808]}"),
        TextCase("escapes", #"{"a":"\"\\\/\b\f\n\r\t\u0041"}"#, "{a: \"\"\\/\u{8}\u{c}\n\r\tA\"}"),
        TextCase("surrogate pair", #"{"a":"x\ud83d\ude00y\u00e9\u20ac"}"#, "{a: \"x😀yé€\"}"),
        TextCase("UTF-8", "{\"é\":\"ü€😀 plain\"}", "{é: \"ü€😀 plain\"}"),
        TextCase("escaped key", #"{"\u0061b":1}"#, "{ab: 1}"),
        TextCase("escaped NUL", #"{"a":"x\u0000y"}"#, "{a: \"x\u{0}y\"}"),
        TextCase("duplicate keys", #"{"a":1,"a":2}"#, "{a: 1, a: 2}"),
        TextCase("several values", "{\"a\":1}\n{\"b\":2}{\"c\":3} 4 \"x\"", "{a: 1}", "{b: 2}", "{c: 3}", "4", "\"x\""),
        TextCase("byte order mark", "\u{feff}{\"a\":1}", "{a: 1}"),
        TextCase("<< is a key", #"{"<<":{"a":1}}"#, "{<<: {a: 1}}"),
        TextCase("nothing", " \n "),
    ]

    @Test(arguments: values) func reads(_ c: TextCase) {
        #expect(read(c.text, as: .json) == Reading(values: c.expected))
    }

    static let problems = [
        TextCase(
            "trailing comma in an object", "{\"a\":1,\n}", "2:1: expected another key behind ',': take the ',' out"),
        TextCase(
            "trailing comma in an array", "{\"a\":[1, ]}", "1:10: expected another value behind ',': take the ',' out"),
        TextCase("no comma", "{\"a\":1 \"b\":2}", "1:8: expected ',' or '}', not '\"'"),
        TextCase("no comma in an array", "{\"a\":[1 2]}", "1:9: expected ',' or ']', not '2'"),
        TextCase("no colon", "{\"a\" 1}", "1:6: expected ':' after the key, not '1'"),
        TextCase("no value", "{\"a\":}", "1:6: expected a value, not '}'"),
        TextCase("lone comma", "{\"a\":[,]}", "1:7: expected a value or ']', not ','"),
        TextCase("single quotes", "{\"a\":'x'}", "1:6: JSON needs double quotes around a string"),
        TextCase("bare key", "{a:1}", "1:2: JSON needs double quotes around a key"),
        TextCase("number as key", "{1:1}", "1:2: expected a key or '}', not '1'"),
        TextCase("comment", "{ // x\n}", "1:3: expected a key or '}', not '/'"),
        TextCase("comment as value", "{\"a\": # x\n1}", "1:7: JSON has no comments"),
        TextCase(
            "Python", "{\"a\":True}",
            "1:6: 'True' is no value: JSON has true, false, null, numbers and strings in double quotes"),
        TextCase(
            "half a word", "{\"a\":nul}",
            "1:6: 'nul' is no value: JSON has true, false, null, numbers and strings in double quotes"),
        TextCase("word and more", "{\"a\":nullx}", "1:10: expected ',' or '}', not 'x'"),
        TextCase("leading zero", "{\"a\":01}", "1:6: a number cannot begin with 0: quote it, or leave the 0 out"),
        TextCase(
            "leading zero behind minus", "{\"a\":-01}",
            "1:6: a number cannot begin with 0: quote it, or leave the 0 out"),
        TextCase("plus", "{\"a\":+1}", "1:6: expected a value, not '+'"),
        TextCase("point without digits", "{\"a\":1.}", "1:8: expected a digit, not '}'"),
        TextCase("exponent without digits", "{\"a\":1e+}", "1:9: expected a digit, not '}'"),
        TextCase("minus", "{\"a\":-}", "1:7: expected a digit, not '}'"),
        TextCase("open string", "{\"a\":\"x", "1:6: this string is never closed"),
        TextCase("open object", "{\"a\":1", "1:7: expected ',' or '}', not the end of the text"),
        TextCase("open array", "{\"a\":[", "1:7: expected a value or ']', not the end of the text"),
        TextCase("only a brace", "{", "1:2: expected a key or '}', not the end of the text"),
        TextCase("wrong bracket", "{\"a\":[1}}", "1:8: expected ',' or ']', not '}'"),
        TextCase(
            "line break in a string", "{\"a\":\"x\ny\"}",
            "1:8: a line break cannot stand in a string: close the string, or write an escape"),
        TextCase(
            "tab in a string", "{\"é\":\"é\t\"}",
            "1:8: a tab cannot stand in a string: close the string, or write an escape"),
        TextCase(
            "unknown escape", #"{"a":"\x"}"#,
            "1:8: a backslash needs one of \\\" \\\\ \\/ \\b \\f \\n \\r \\t \\u behind it, not 'x'"),
        TextCase("short escape", #"{"a":"\u12g4"}"#, "1:11: expected four hexadecimal digits behind '\\u', not 'g'"),
        TextCase("half a pair", #"{"a":"\ud83d"}"#, "1:7: this escape is half of a surrogate pair"),
        TextCase("halves in the wrong order", #"{"a":"\ude00\ud83d"}"#, "1:7: this escape is half of a surrogate pair"),
        TextCase("pair with something else", #"{"a":"\ud83d\u0041"}"#, "1:7: this escape is half of a surrogate pair"),
        TextCase("NUL", "{\"a\":\u{0}}", "1:6: expected a value, not U+0000"),
        TextCase("NUL behind", "{\"a\":1}\u{0}", "1:8: expected a value, not U+0000"),
        TextCase("comma between values", "{} , {}", "1:4: expected a value, not ','"),
        TextCase(
            "YAML", "a: 1\n", "1:1: 'a' is no value: JSON has true, false, null, numbers and strings in double quotes",
            "1:2: expected a value, not ':'"),
    ]

    @Test(arguments: problems) func complains(_ c: TextCase) {
        #expect(read(c.text, as: .json).problems == c.expected)
    }

    static let badUTF8: [[UInt8]] = [
        [0xff], [0x80], [0xc0, 0x80], [0xc3], [0xe0, 0x80, 0x80], [0xed, 0xa0, 0x80], [0xf4, 0x90, 0x80, 0x80],
        [0xf0, 0x80, 0x80, 0x80], [0xe2, 0x82], [0xf8, 0x88, 0x80, 0x80, 0x80],
    ]

    @Test(arguments: badUTF8) func refusesWhatIsNoUTF8(_ bytes: [UInt8]) {
        let text = Array("{\"a\":\"é".utf8) + bytes + Array("\"}".utf8)
        #expect(read(text, as: .json).problems == ["1:8: this is not valid UTF-8: save the file as UTF-8"])
    }

    @Test func numbersAreWhatTheyAreWrittenAs() {
        withValue(#"{"a":80,"b":80.0,"c":"80","d":true,"e":null}"#, as: .json) { value in
            #expect(value["a"]?.kind == .integer)
            #expect(value["a"]?.integer == 80)
            #expect(value["b"]?.kind == .float)
            #expect(value["b"]?.integer == nil)
            #expect(value["c"]?.kind == .string)
            #expect(value["c"]?.integer == nil)
            #expect(value["d"]?.boolean == true)
            #expect(value["d"]?.text == "true")
            #expect(value["e"]?.isNull == true)
        }
    }

    @Test func knowsItsPlaceInTheFile() {
        var places: [String] = []
        unsafe withPieces(
            Array("{\"kind\":\"List\",\n\"é\":1,\"items\":[{\"x\":\"é€\",\"y\":2},\n {\"z\":3}]}".utf8), as: .json
        ) {
            bytes, text in
            unsafe DocumentReader().read(
                text.pieces, of: bytes, cut: text, into: Document(),
                found: { value, _ in
                    places += value.members.map { "\($0.key.text) \($0.value.line):\($0.value.column)" }
                },
                problem: { problem, _ in Issue.record("\(problem)") })
        }
        #expect(places == ["x 2:21", "y 2:30", "z 3:7"])
    }
}
