// Serving: runs plans on sockets.
//
//   Server       start, reload, drain; everything below belongs to one Server value, nothing is global
//   ServerPlan   what a Server is told to serve; a reload is a new plan
//   Listening/   takes the ports: all of them or none, and says what to do when one cannot be had
//   PlanDesk     how a worker follows its plan: one look a batch whether a newer one was published
//   Datagrams/   UDPWorker: one thread and one socket each; receive, refresh, answer, send
//   Streams/     TCP on SwiftNIO
//     StreamServer   accepts connections and spreads them over the event loops
//     StreamHandler  cuts a connection's bytes into messages, answers them, sends all answers of a read at once
//     StreamState    which step a connection takes next; knows no socket and no clock
//     StreamLoop     what the connections of one event loop share: a desk for each listener, one answer buffer
//     Seats          how many connections there may be, and which of them must go
//   Pages/       the small HTTP server behind /health and /ready
//
// A query comes in at UDPWorker or StreamHandler, is answered by a Plugins.QueryDesk, and leaves the same way.
