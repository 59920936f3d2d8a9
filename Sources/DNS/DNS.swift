// DNS: from query bytes to answer bytes: from a compiled table or the cache without allocating, or from an upstream.
//
//   Wire/        what lies in a message: names, codes, the header, the question, EDNS (RFC 1035, 6891)
//     Query          reads the query once; refuses what is malformed before any table is asked
//     Cookie         what a client's cookie proves, and the one that the answer carries (RFC 7873, 9018)
//     ExtendedError  why an answer is not the plain truth (RFC 8914)
//   Table/       what we know, compiled: written by Zones through AnswerTableBuilder, read by every worker
//     RecordSet      what goes in: owner, type, TTL, rdata in wire form; NameFamily: the names of one Service, in numbers
//     Leaf           all answers of one owner name, rendered relative to the question; PackedServices: its SRV records
//     IndexPage      1,024 slots of the hash index; Arena: the leaves behind the slots
//     AnswerTable    pages and arena frozen together; shares what did not change with the table before it
//     Published      how a new table reaches the workers
//   Answering/   what is sent
//     respond        the one door: find → answer, or denial, or refusal
//     refuse         the way of those who are not answered from data
//     Answer         puts the found records behind the question, cut to what fits; AnswerOptions: what its OPT says
//     AliasChain     follows CNAMEs inside the table, and says where they lead out of it
//     SmallAnswers   ANY, version.bind, whoami; LocalNames: localhost and its reverse
//     Computed       names that cannot be listed: Pod addresses, port names without underscores, wildcards
//   Messages/    what others say
//     Question       what is asked of an upstream, and the bytes that ask it
//     Response       an upstream's answer, read once and checked whole; PackedReply: how it is kept
//     render         hands it to a client, behind the client's own question
//     joinAlias      makes one answer of a CNAME of ours and what others say about its target
//     WayBackTools   what may be done to a finished answer: minimal, preferred addresses
//   Cache/       what others said a while ago
//     AnswerCache    the one door: shards under short locks, a hit rendered straight from their memory
//     CacheShard     finds, keeps, makes room; CacheRing: the entries, oldest first; CacheIndex: where they lie
//     CacheLimits    sizes and times, and which answers are kept for how long
//
// A worker calls `Query.read` for each datagram of a batch, then `respond` for each; what no table knows goes to
// `AnswerCache.answer`. Whoever asked an upstream calls `Response.init`, `AnswerCache.keep` and `render`.
