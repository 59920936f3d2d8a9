import LinuxIO

extension Metric {
    static let processCPU = Metric(
        "process_cpu_seconds_total", .counter, "Processor time of all threads, user and system.")
    static let processResident = Metric("process_resident_memory_bytes", .gauge, "Memory in use.")
    static let processVirtual = Metric("process_virtual_memory_bytes", .gauge, "Address space.")
    static let processDescriptors = Metric("process_open_fds", .gauge, "Open files, sockets and pipes.")
    static let processDescriptorLimit = Metric(
        "process_max_fds", .gauge, "How many files, sockets and pipes may be open.")
    static let processStart = Metric(
        "process_start_time_seconds", .gauge, "When the process started, in seconds since 1970.")
    static let processThreads = Metric("process_threads", .gauge, "Threads of the operating system.")

    static let processMetrics = [
        processCPU, processResident, processVirtual, processDescriptors, processDescriptorLimit, processStart,
        processThreads,
    ]
}

/// What the kernel says of the process. A number that cannot be read makes no series.
struct ProcessSamples: MetricSamples {
    var facts: ProcessFacts
    var descriptorLimit: Int

    func add(to families: inout MetricFamilies) {
        func add(_ value: UInt64?, to metric: Metric) {
            if let value { families.add(value, to: metric) }
        }
        if let cpu = facts.cpuNanoseconds { families.add(.number(Double(cpu) / 1e9), to: .processCPU) }
        add(facts.residentByteCount, to: .processResident)
        add(facts.virtualByteCount, to: .processVirtual)
        add(facts.openDescriptorCount.map { UInt64(clamping: $0) }, to: .processDescriptors)
        families.add(UInt64(clamping: descriptorLimit), to: .processDescriptorLimit)
        if let start = facts.startTime { families.add(.number(start), to: .processStart) }
        add(facts.threadCount, to: .processThreads)
    }
}
