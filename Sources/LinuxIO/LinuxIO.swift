// LinuxIO: the system calls that no library covers well, each behind one small type.
//
//   Addresses/    IPAddress and SocketAddress: values that every room shares; to and from text and sockaddr
//   Calls/        SystemError and `system`, the one way the kernel is called; Descriptor, which closes itself
//   Datagrams/    DatagramSocket binds a UDP port; DatagramBatch takes 64 queries with one call, lends each to be
//                 answered where it lies, and sends all answers with one call; DatagramReturn is the way to one
//                 client whose answer comes later. For many queries of one client: CoalescedDatagrams cuts
//                 apart what came as one, AnswerGroups sends what can go as one
//   Streams/      StreamListener takes a TCP port; whoever accepts connections takes its descriptor over
//   Watching/     FileWatch tells which entries of watched folders changed
//   Machine/      how many processors we may use, which addresses and which name the machine has, threads, clocks,
//                 counters, what the process uses; LineWriter writes lines from a thread of its own
//
// Everything that Swift's Glibc does not import (mmsghdr, packet info, eventfd) lies in CLinux, opened from here only.
// No DNS is known in this room, and nothing here waits on a lock.
