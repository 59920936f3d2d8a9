import Glibc
import Testing

@testable import LinuxIO

@Suite struct StreamListenerTests {
    @Test(arguments: ["127.0.0.1:0", "[::1]:0", "0.0.0.0:0", "[::]:0"])
    func takesAPortAlone(_ text: String) throws {
        let listener = try StreamListener(bindingTo: address(text))
        let taken = listener.localAddress
        #expect(taken.port != 0)
        let error = #expect(throws: SystemError.self) { _ = try StreamListener(bindingTo: taken) }
        #expect(error?.code == EADDRINUSE)
    }

    @Test func bothWildcardsFitOnOnePort() throws {
        let v4 = try StreamListener(bindingTo: address("0.0.0.0:0"))
        let v6 = try StreamListener(bindingTo: address("[::]:\(v4.localAddress.port)"))
        #expect(v6.localAddress.port == v4.localAddress.port)
    }

    @Test func givesItsDescriptorAway() throws {
        let listener = try StreamListener(bindingTo: address("127.0.0.1:0"))
        let number = listener.release()
        #expect(fcntl(number, F_GETFL) & O_NONBLOCK != 0)
        #expect(close(number) == 0)
    }

    @Test func knowsTheDescriptorLimit() { #expect(descriptorLimit() >= 8) }
}
