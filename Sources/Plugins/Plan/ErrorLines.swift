import Synchronization

/// Writes what went wrong: a line each, or, where `consolidate` says so, one line for many.
public final class ErrorLines: Sendable {
    private let rules: [Rule]
    private let write: @Sendable (String) -> Void
    /// A pattern takes its time: what fails thousands of times a second is not looked at each time.
    private let budget = Mutex(RefusalBudget())

    private struct Rule: Sendable {
        let consolidation: ErrorsSettings.Consolidation
        let pattern: Pattern
        let count = Count()

        var label: String { "[\(consolidation.level.rawValue.uppercased())]" }
    }

    /// `Regex` may be shared as long as nobody changes it.
    private struct Pattern: @unchecked Sendable {
        let regex: Regex<AnyRegexOutput>
    }

    private final class Count: Sendable {
        let value = Mutex(0)
    }

    public init(_ settings: ErrorsSettings, write: @escaping @Sendable (String) -> Void) {
        self.write = write
        rules = settings.consolidations.map { consolidation in
            do {
                return Rule(consolidation: consolidation, pattern: Pattern(regex: try Regex(consolidation.pattern)))
            } catch {
                preconditionFailure("a pattern was not read by compileCorefile: \(error)")
            }
        }
    }

    /// - Parameter text: "name. A: reason"
    func add(_ text: String) {
        guard budget.withLock({ $0.take() }) else { return }
        guard let rule = rules.first(where: { text.contains($0.pattern.regex) }) else {
            return write("[ERROR] plugin/errors: 2 \(text)")
        }
        let isFirst = rule.count.value.withLock { count in
            count += 1
            return count == 1
        }
        guard isFirst else { return }
        if rule.consolidation.showsFirst { write("\(rule.label) plugin/errors: 2 \(text)") }
        Task { [write] in
            try await Task.sleep(for: rule.consolidation.period)
            let count = rule.count.value.withLock { count in
                defer { count = 0 }
                return count
            }
            guard count > (rule.consolidation.showsFirst ? 1 : 0) else { return }
            let told = "\(count) errors like '\(rule.consolidation.pattern)'"
            write("\(rule.label) plugin/errors: \(told) occurred in last \(rule.consolidation.period.goText)")
        }
    }
}
