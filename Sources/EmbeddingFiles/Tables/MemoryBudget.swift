import Glibc

/// How much may still be decoded before it exceeds the machine's memory.
struct MemoryBudget {
    /// The limit in bytes.
    let limit: Int
    private(set) var spent = 0

    init(limit: Int = MemoryBudget.machineLimit) { self.limit = limit }

    /// The physical memory, or the limit of the container or of the process (`ulimit`) if that is smaller.
    static let machineLimit: Int = {
        let pages = sysconf(Int32(_SC_PHYS_PAGES)), pageSize = sysconf(Int32(_SC_PAGESIZE))
        var physical = pages > 0 && pageSize > 0 ? pages.multipliedReportingOverflow(by: pageSize).partialValue : .max
        for resource in [RLIMIT_AS, RLIMIT_DATA] {
            var limit = rlimit()
            if getrlimit(__rlimit_resource_t(resource.rawValue), &limit) == 0, limit.rlim_cur < UInt64(physical) {
                physical = Int(limit.rlim_cur)
            }
        }
        guard let file = fopen("/sys/fs/cgroup/memory.max", "r") else { return physical }
        defer { fclose(file) }
        var line = [CChar](repeating: 0, count: 32)
        guard fgets(&line, 31, file) != nil else { return physical }
        let digits = line.prefix { $0 >= 48 && $0 <= 57 }.map { UInt8(bitPattern: $0) }
        return min(physical, Int(String(decoding: digits, as: UTF8.self)) ?? physical)
    }()

    /// Reserves room for `elementCount` doubles of the array at `place`; throws `exceedsMemory` when they do not fit.
    mutating func spend(elementCount: Int, _ place: EmbeddingFileError.Place) throws(EmbeddingFileError) {
        let (bytes, overflow) = elementCount.multipliedReportingOverflow(by: MemoryLayout<Double>.size)
        let (total, sumOverflow) = spent.addingReportingOverflow(bytes)
        if overflow || sumOverflow || total > limit {
            throw .exceedsMemory(
                place, neededBytes: overflow || sumOverflow ? .max : total, availableBytes: limit)
        }
        spent = total
    }
}
