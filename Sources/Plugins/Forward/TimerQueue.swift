import NIOCore

/// Things that are all due after the same time, so that a queue orders them: no heap, no timer for each.
struct TimerQueue<Element> {
    private var entries: [(due: NIODeadline, element: Element)] = []
    private var head = 0
    let delay: TimeAmount

    init(delay: TimeAmount) { self.delay = delay }

    mutating func append(_ element: Element, now: NIODeadline) { entries.append((now + delay, element)) }

    /// When the oldest is due.
    var next: NIODeadline? { head < entries.count ? entries[head].due : nil }

    /// Takes the oldest if it is due.
    mutating func popDue(_ now: NIODeadline) -> Element? {
        guard head < entries.count, entries[head].due <= now else { return nil }
        defer {
            head += 1
            if head >= 64, head * 2 >= entries.count {
                entries.removeFirst(head)
                head = 0
            }
        }
        return entries[head].element
    }

    mutating func removeAll() {
        entries = []
        head = 0
    }
}
