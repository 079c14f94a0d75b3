/// The outputs with a published JSON Schema (draft 2020-12), by the command that writes them.
package enum PublishedSchema: String, Sendable, CaseIterable {
    /// The report of `emi batch` and `emi estimate`.
    case report
    /// The outcome of `emi check`.
    case check
    /// The comparison of `emi compare`.
    case compare
    /// The report of `emi calibrate`.
    case calibrate
    /// The report of `emi attribute`.
    case attribute
    /// The report of `emi bottleneck`.
    case bottleneck
    /// The report of `emi logprobs`.
    case logprobs

    /// The text of the schema.
    package var text: String {
        let bytes =
            switch self {
            case .report: PackageResources.report_schema_json
            case .check: PackageResources.check_schema_json
            case .compare: PackageResources.compare_schema_json
            case .calibrate: PackageResources.calibrate_schema_json
            case .attribute: PackageResources.attribute_schema_json
            case .bottleneck: PackageResources.bottleneck_schema_json
            case .logprobs: PackageResources.logprobs_schema_json
            }
        return String(decoding: bytes, as: UTF8.self)
    }
}
