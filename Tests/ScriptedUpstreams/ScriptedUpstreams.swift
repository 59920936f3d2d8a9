// ScriptedUpstreams: DNS servers that do what a test tells them, on loopback, by UDP, TCP and TLS on one port.
//
//   Script             what is done with which query: data, so that a test reads as a story
//   ScriptedUpstream   the server; every query that it received can be awaited
//   RefusingPort       a port that nobody listens on, and that stays so
//   Certificates       authorities and certificates, made while the test runs
