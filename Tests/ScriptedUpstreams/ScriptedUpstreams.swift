// ScriptedUpstreams: servers on loopback that answer, lie, stall and break as a test tells them to.
