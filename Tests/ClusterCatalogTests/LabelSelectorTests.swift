import ClusterCatalog
import Testing

@Suite struct LabelSelectorTests {
    struct Match: Sendable, CustomTestStringConvertible {
        let selector: String
        let labels: Labels
        let isMatch: Bool
        init(_ selector: String, _ labels: Labels, _ isMatch: Bool) {
            self.selector = selector
            self.labels = labels
            self.isMatch = isMatch
        }
        var testDescription: String { "\(selector) on \(labels) is \(isMatch)" }
    }

    static let matches = [
        Match("", [:], true),
        Match("app=web", ["app": "web"], true),
        Match("app==web", ["app": "web", "tier": "front"], true),
        Match("app=web", ["app": "webs"], false),
        Match("app=web", [:], false),
        Match("app=", ["app": ""], true),
        Match("app!=web", ["app": "db"], true),
        Match("app!=web", [:], true),
        Match("app!=web", ["app": "web"], false),
        Match("app in (web, db)", ["app": "db"], true),
        Match("app in (web,db)", ["app": "mail"], false),
        Match("app in (web)", [:], false),
        Match("app notin (web, db)", ["app": "db"], false),
        Match("app notin (web, db)", ["app": "mail"], true),
        Match("app notin (web)", [:], true),
        Match("app", ["app": "any"], true),
        Match("app", [:], false),
        Match("!app", [:], true),
        Match("!app", ["app": "any"], false),
        Match("app=web,!canary", ["app": "web"], true),
        Match("app=web, !canary", ["app": "web", "canary": "yes"], false),
        Match(" app = web , tier in ( front , back ) ", ["app": "web", "tier": "back"], true),
        Match("example.com/part=x", ["example.com/part": "x"], true),
        Match("in in (in)", ["in": "in"], true),
    ]

    @Test(arguments: matches) func decides(_ match: Match) throws {
        #expect(try LabelSelector(parsing: match.selector).matches(match.labels) == match.isMatch)
    }

    @Test(arguments: [
        ("app=web,", #"the selector "app=web," is not valid: a label key is missing before """#),
        ("=web", #"the selector "=web" is not valid: a label key is missing before "=web""#),
        ("app is web", #"the selector "app is web" is not valid: "is" is no operator; use =, !=, in or notin"#),
        ("app in web", #"the selector "app in web" is not valid: in and notin need a list in parentheses"#),
        ("app in (web", #"the selector "app in (web" is not valid: the list of values is not closed by )"#),
        ("app=web)", #"the selector "app=web)" is not valid: cannot read ")""#),
        ("-app", #"the selector "-app" is not valid: "-app" is no label key"#),
        ("app=we/b", #"the selector "app=we/b" is not valid: "we/b" is no label value"#),
    ])
    func refuses(_ text: String, _ sentence: String) {
        #expect(throws: LabelSelector.ParseError.self) { try LabelSelector(parsing: text) }
        do { _ = try LabelSelector(parsing: text) } catch { #expect(error.description == sentence) }
    }
}

@Suite struct LabelsTests {
    @Test func areSortedAndUnique() {
        let labels: Labels = ["b": "1", "a": "2", "c": "3", "a": "4"]
        #expect(labels.description == "a=4,b=1,c=3")
        #expect(labels["a"] == "4")
        #expect(labels["d"] == nil)
    }

    @Test func selectsBySubset() {
        let selector: Labels = ["app": "web"]
        #expect(selector.areAll(in: ["app": "web", "x": "y"]))
        #expect(!selector.areAll(in: ["app": "db"]))
        #expect(!selector.areAll(in: [:]))
    }
}
