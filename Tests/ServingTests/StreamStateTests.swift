import Testing

@testable import Serving

@Suite struct StreamStateTests {
    enum Event: Sendable {
        /// available, length, room, and what must follow.
        case look(Int, UInt16, Bool, StreamState.Step, StreamState.Phase)
        case peerDone, drain, mustWait, hasWaited
    }

    struct Walk: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var events: [Event]
        var mostQueries: Int?
        init(_ name: String, mostQueries: Int? = nil, _ events: [Event]) {
            (testDescription, self.mostQueries, self.events) = (name, mostQueries, events)
        }
    }

    static let walks = [
        Walk("nothing", [.look(0, 0, true, .wait, .idle)]),
        Walk("half a length", [.look(1, 0, true, .wait, .receiving)]),
        Walk("a length", [.look(2, 1, true, .wait, .receiving)]),
        Walk("a length too few", [.look(18, 17, true, .wait, .receiving)]),
        Walk("a message", [.look(19, 17, true, .answer(byteCount: 17), .idle), .look(0, 0, true, .wait, .idle)]),
        Walk(
            "one and a half",
            [.look(30, 17, true, .answer(byteCount: 17), .idle), .look(11, 17, true, .wait, .receiving)]),
        Walk("the longest", [.look(65537, 65535, true, .answer(byteCount: 65535), .idle)]),
        Walk("the longest, too few", [.look(65536, 65535, true, .wait, .receiving)]),
        Walk("length 0", [.look(2, 0, true, .skip, .idle), .look(0, 0, true, .wait, .idle)]),
        Walk(
            "no room", [.look(19, 17, false, .wait, .blocked), .look(19, 17, true, .answer(byteCount: 17), .blocked)]),
        Walk("no room and nothing to do", [.look(0, 0, false, .wait, .blocked), .look(0, 0, true, .wait, .idle)]),
        Walk(
            "half close",
            [.peerDone, .look(19, 17, true, .answer(byteCount: 17), .idle), .look(0, 0, true, .finish, .closed)]),
        Walk("half close in a message", [.peerDone, .look(18, 17, true, .finish, .closed)]),
        Walk("half close in a length", [.peerDone, .look(1, 0, true, .finish, .closed)]),
        Walk(
            "half close without room",
            [.peerDone, .look(19, 17, false, .wait, .blocked), .look(19, 17, true, .answer(byteCount: 17), .blocked)]),
        Walk("drain when idle", [.drain, .look(0, 0, true, .finish, .closed)]),
        Walk(
            "drain lets a message end",
            [
                .drain, .look(5, 17, true, .wait, .receiving), .look(19, 17, true, .answer(byteCount: 17), .receiving),
                .look(0, 0, true, .finish, .closed),
            ]),
        Walk(
            "closed stays closed",
            [
                .drain, .look(0, 0, true, .finish, .closed), .look(19, 17, true, .wait, .closed),
                .look(19, 17, false, .wait, .closed),
            ]),
    ]

    /// With room for two that wait.
    static let waits = [
        Walk(
            "one waits",
            [
                .look(19, 17, true, .answer(byteCount: 17), .idle), .mustWait, .look(0, 0, true, .wait, .waiting),
                .look(1, 0, true, .wait, .receiving), .look(0, 0, true, .wait, .waiting), .hasWaited,
                .look(0, 0, true, .wait, .idle),
            ]),
        Walk(
            "others are answered meanwhile",
            [.mustWait, .look(19, 17, true, .answer(byteCount: 17), .idle), .look(2, 0, true, .skip, .idle)]),
        Walk(
            "too many wait",
            [
                .mustWait, .mustWait, .look(19, 17, true, .wait, .full), .look(0, 0, true, .wait, .full), .hasWaited,
                .look(19, 17, true, .answer(byteCount: 17), .full), .look(0, 0, true, .wait, .waiting),
            ]),
        Walk(
            "no room before too many",
            [.mustWait, .mustWait, .look(19, 17, false, .wait, .blocked), .look(19, 17, true, .wait, .full)]),
        Walk(
            "half close waits",
            [
                .mustWait, .peerDone, .look(0, 0, true, .wait, .waiting), .hasWaited,
                .look(0, 0, true, .finish, .closed),
            ]),
        Walk(
            "half close in a message waits",
            [
                .mustWait, .peerDone, .look(5, 17, true, .wait, .waiting), .hasWaited,
                .look(5, 17, true, .finish, .closed),
            ]),
        Walk(
            "drain waits for all",
            [
                .mustWait, .mustWait, .drain, .look(0, 0, true, .wait, .full), .hasWaited,
                .look(0, 0, true, .wait, .waiting), .hasWaited, .look(0, 0, true, .finish, .closed),
            ]),
        Walk(
            "as many as one may ask", mostQueries: 2,
            [
                .look(40, 17, true, .answer(byteCount: 17), .idle), .look(2, 0, true, .skip, .idle),
                .look(19, 17, true, .answer(byteCount: 17), .idle), .look(19, 17, true, .finish, .closed),
            ]),
        Walk(
            "as many as one may ask, one waits", mostQueries: 1,
            [
                .look(19, 17, true, .answer(byteCount: 17), .idle), .mustWait, .look(0, 0, true, .wait, .full),
                .look(19, 17, true, .wait, .full), .hasWaited, .look(19, 17, true, .finish, .closed),
            ]),
    ]

    @Test(arguments: walks + waits) func decides(_ walk: Walk) {
        var state = StreamState(mostWaiting: 2, mostQueries: walk.mostQueries)
        for event in walk.events {
            switch event {
            case .peerDone: state.peerHasFinished()
            case .drain: state.drain()
            case .mustWait: state.mustWait()
            case .hasWaited: state.hasWaited()
            case .look(let available, let length, let hasRoom, let step, let phase):
                #expect(state.next(available: available, length: length, hasRoom: hasRoom) == step)
                #expect(state.phase == phase)
            }
        }
    }
}
