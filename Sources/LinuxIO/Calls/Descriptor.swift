import Glibc

/// An open file descriptor, closed when its owner lets go of it.
public struct Descriptor: ~Copyable, Sendable {
    /// For system calls only; whoever closes it or keeps it longer than this value breaks the owner.
    public let number: Int32

    /// Takes over an open descriptor.
    public init(owning number: Int32) {
        precondition(number >= 0, "not an open descriptor")
        self.number = number
    }

    /// Gives the descriptor away, open; the new owner closes it.
    public consuming func release() -> Int32 {
        let number = number
        discard self
        return number
    }

    deinit {
        // Linux has closed the descriptor even when close reports a signal; a second try could hit a stranger's.
        _ = close(number)
    }
}
