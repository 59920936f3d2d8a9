import DNS
import LinuxIO
import Logging
import Plugins
import Testing

@testable import Serving

@Suite(.timeLimit(.minutes(5))) struct WaitingTests {
    @Test func endsWhenNobodyWaits() async {
        let waiting = Waiting()
        await waiting.end(atMost: .seconds(3600))
        waiting.enter()
        waiting.enter()
        let ending = Task { await waiting.end(atMost: .seconds(3600)) }
        let other = Task { await waiting.end(atMost: .seconds(3600)) }
        waiting.leave()
        #expect(waiting.count == 1)
        waiting.leave()
        await ending.value
        await other.value
        #expect(waiting.count == 0)
    }

    @Test(arguments: [Duration.zero, .milliseconds(1)]) func endsWhenTheTimeIsOver(_ limit: Duration) async {
        let waiting = Waiting()
        waiting.enter()
        await waiting.end(atMost: limit)
        #expect(waiting.count == 1)
    }
}

@Suite struct UDPReturnTests {
    /// The socket of a worker that does not run, a client, and the way back to it.
    private func ask() throws -> (worker: UDPWorker, client: SharedClient, way: DatagramReturn) {
        let socket = try DatagramSocket(bindingTo: loopback)
        let client = SharedClient(try Client.udp(socket.localAddress))
        try client.client.send(query())
        var batch = DatagramBatch(for: socket)
        #expect(try batch.receive(on: socket) == 1)
        let way = batch.wayBack(of: 0)
        let worker = UDPWorker(socket, plan: Published(try testPlan(1)), logger: Logger(label: "test"))
        return (worker, client, way)
    }

    private func counts(_ worker: UDPWorker) -> ServingCounts.Datagrams {
        var counts = ServingCounts()
        counts.add(worker)
        return counts.udp
    }

    @Test func sendsOneAnswerAndCountsIt() throws {
        let (worker, client, way) = try ask()
        let later = UDPReturn(way, of: worker)
        #expect(counts(worker) == ServingCounts.Datagrams(waiting: 1))
        later.send([1, 2, 3])
        #expect(try client.client.receive() == [1, 2, 3])
        #expect(counts(worker) == ServingCounts.Datagrams(answered: 1, late: 1))
    }

    @Test func keepsTheSocketOfAWorkerThatIsGone() throws {
        let (client, later) = try {
            let (worker, client, way) = try ask()
            worker.stop()
            worker.run()
            return (client, UDPReturn(way, of: worker))
        }()
        later.send([4])
        #expect(try client.client.receive() == [4])
    }

    @Test func nobodyWaitsForWhatWasGivenUp() throws {
        let (worker, _, way) = try ask()
        UDPReturn(way, of: worker).send([])
        do { _ = UDPReturn(way, of: worker) }
        #expect(counts(worker) == ServingCounts.Datagrams())
    }
}
