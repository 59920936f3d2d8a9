// Plugins: from the text of a Corefile to the plan that queries meet, and the servers that a query may be handed to.
//
//   PluginList     every word of a server block, in the one order of the steps
//   Settings/      compileCorefile: keys, directives and options to checked `ServerBlock`s; every mistake with its place
//   Doctor/        what a Corefile does, and what looks odd about it: what `check --config` tells behind the mistakes
//
//   Plan/          from settings to the steps of a query
//     QueryPlan      what the queries of one address meet; made by Serving, never changed
//     QueryDesk      where one worker asks its plan: which block, then its steps in order (+Steps, +Aliases, +Oddities)
//     WaitingQuery   a query that was handed on: whatever is needed to answer it later, on any thread
//     WayBack        what happens to each answer before it leaves: minimal, preferred addresses, log, errors, counters
//     ReturnAddress  where a late answer goes; made by Serving
//
// Folders of words, in the order in which a query meets them. Each holds its settings and the table of its options:
//   Local/  Any/  Chaos/  Kubernetes/  Cache/
//   Forward/       and the engine that asks upstreams
//     Forwarder      the one door; ForwardLoop: the questions and sockets of one event loop
//     AttemptPlan    which upstream next, and when it is over; Exchange: one question to one of them
//     Line           one socket; LinePool: those that are idle
//     UpstreamBoard  how the upstreams stand: UpstreamHealth, LoopGuard
//   Whoami/
//   and on the way back: LoadBalance/  Minimal/  Log/  Errors/
//   Prometheus/    and what is counted
//     Counting/      plain numbers of each worker; Metrics/: what they are called; Page/: the text of a scrape
// About the server: Bind/  Bufsize/  Cancel/  Health/  Loop/  Multisocket/  NSID/  Ready/  Reload/  Root/  Timeouts/
// Accepted, and without effect: Debug/  Metadata/  Pprof/  Trace/
