import LinuxIO
import Testing

/// What tools print and what a conversation expects come to the same form.
@Suite struct ConversationLanguageTests {
    static let printed = """
        ;; ->>HEADER<<- opcode: QUERY, status: NOERROR, id: 27585
        ;; flags: qr aa; QUERY: 1, ANSWER: 2, AUTHORITY: 0, ADDITIONAL: 2

        ;; OPT PSEUDOSECTION:
        ; EDNS: version: 0, flags:; udp: 1232
        ; NSID: 77 6f 72 64 73 20 73 6d 61 6c 6c ("words small")
        ; COOKIE: 99764935695101ab01000000656565656565656565656565 (good)
        ; EDE: 22 (No Reachable Authority)
        ;; QUESTION SECTION:
        ;version.bind.\t\t\tCH\tTXT

        ;; ANSWER SECTION:
        version.bind.\t\t0\tCH\tTXT\t"DNS of a test"

        ;; AUTHORITY SECTION:
        localhost.\t\t604800\tIN\tSOA\tlocalhost. root.localhost. 1 0 0 0 604800

        ;; ADDITIONAL SECTION:
        _udp.version.bind.\t0\tIN\tSRV\t0 0 40000 .
        """

    static let expected = """
        ask         version.bind TXT class CH nsid cookie udp # with a comment
        expect      NOERROR aa
        answer      0 CH TXT "DNS of a test"
        authority   localhost 604800 SOA localhost. root.localhost. 604800
        additional  _udp.version.bind 0 SRV 0 0 PORT .
        error       22
        nsid        words small
        cookie
        """

    @Test func toolsAndConversationsAgree() throws {
        let exchange = try #require(try ConversationFile(Self.expected).sessions.first?.exchanges.first)
        #expect(try ToolText(Self.printed).answers == [exchange.expected])
        #expect(exchange.wantsServerID && exchange.sendsCookie && exchange.isUDP && exchange.className == "CH")
    }

    /// Each line counts: without it the answers differ.
    @Test(arguments: expected.split(separator: "\n").dropFirst(2).map(String.init))
    func everyLineIsCompared(_ line: String) throws {
        let text = Self.expected.replacing(line + "\n", with: "").replacing("\n" + line, with: "")
        let exchange = try #require(try ConversationFile(text).sessions.first?.exchanges.first)
        #expect(try ToolText(Self.printed).answers != [exchange.expected])
    }

    /// RFC 6891 §6.1.2: the options in the OPT record of a question.
    @Test func optionsAreSent() throws {
        let exchange = try #require(try ConversationFile("ask a.org A nsid cookie").sessions.first?.exchanges.first)
        let query = try exchange.query()
        #expect(Array(query.suffix(18)) == [0, 16, 0, 3, 0, 0, 0, 10, 0, 8] + Exchange.clientCookie)
    }

    @Test func theMachineCanBeNamed() throws {
        let text = "ask id.server TXT class CH\nexpect NOERROR aa\nanswer 0 CH TXT \"{host}\""
        let exchange = try #require(try ConversationFile(text).sessions.first?.exchanges.first)
        #expect(exchange.expected.answers == ["id.server. 0 CH TXT \"\(machineName())\""])
    }
}
