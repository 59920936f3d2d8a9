import CLinux
import Glibc

/// A system call that failed, and why.
public struct SystemError: Error, Hashable, Sendable {
    /// The name of the call: "bind".
    public var call: String
    /// The value of errno.
    public var code: Int32

    public init(call: String, code: Int32) {
        self.call = call
        self.code = code
    }

    /// "EADDRINUSE"; "error 4095" for a code without a name.
    public var name: String {
        guard let name = unsafe linux_error_name(code) else { return "error \(code)" }
        return unsafe String(cString: name)
    }

    /// "Address already in use"
    public var reason: String {
        guard let text = unsafe linux_error_text(code) else { return "unknown error" }
        return unsafe String(cString: text)
    }
}

extension SystemError: CustomStringConvertible {
    /// "bind: Address already in use (EADDRINUSE)"
    public var description: String { "\(call): \(reason) (\(name))" }
}

/// Runs one system call, again when a signal cut it short.
@discardableResult
func system<Count: SignedInteger>(_ name: StaticString, _ call: () -> Count) throws(SystemError) -> Count {
    while true {
        let count = call()
        if count != -1 { return count }
        let code = errno
        // A bad pointer or a closed descriptor is a bug of ours; going on would hide it.
        precondition(code != EFAULT && code != EBADF, "a system call got a bad pointer or descriptor")
        if code != EINTR { throw SystemError(call: name.description, code: code) }
    }
}
