// Serving: runs plans on sockets.
//
//   Server       start, reload, drain; everything below belongs to one Server value, nothing is global
//   ServerPlan   what a Server is told to serve; a reload is a new plan
//   Listening/   takes the ports: all of them or none, and says what to do when one cannot be had
//   PlanDesk     how a worker follows its plan: one look a batch whether a newer one was published
//   Datagrams/   UDPWorker: one thread and one socket each; receive, refresh, answer, send
//     UDPReturn      the way back of one query that must wait
//   Streams/     TCP on SwiftNIO
//     StreamServer   accepts connections and spreads them over the event loops
//     StreamHandler  cuts a connection's bytes into messages, answers them, sends all answers of a read at once
//     StreamOutlet   the short way out: past the channel while it holds nothing
//     StreamReturn   the way back of one message that must wait
//     StreamState    which step a connection takes next; knows no socket and no clock
//     StreamLoop     what the connections of one event loop share: a desk for each listener, one answer buffer, and
//                    the end of a turn, at which lone queries are answered
//     Seats          how many connections there may be, and which of them must go
//   Waiting      how many queries of a socket wait for others, and when the last one has its answer
//   Pages/       the small HTTP server behind /health, /ready and /metrics; HealthPoll asks it as a probe would
//   Deployment/  walk 4: what a Corefile asks for, at work; ReloadLoop looks whether it was written anew
//
// A query comes in at UDPWorker or StreamHandler, is answered by a Plugins.QueryDesk, and leaves the same way.
