extension RawTable {
    /// What the file holds if it holds no samples, with the flag that takes it; nil for data.
    ///
    /// Arrays of any name can be modalities, so that a fit or a network would pass for a sample set.
    var content: String? {
        if let version = metadata["emi_fit_version"] {
            return "a fit saved by --save-fit (version \(version)), no samples; apply it with --fit"
        }
        let names = outlines.map(\.name)
        guard !names.isEmpty else { return nil }
        if names.allSatisfy({ $0.hasPrefix("p_mu.") || $0.hasPrefix("p_logvar.") }) {
            return "weights of club-network, no samples; use them with --weights"
        }
        let parameters = names.count { $0.hasSuffix(".weight") || $0.hasSuffix(".bias") }
        return 2 * parameters > names.count ? "weights of a network, no samples" : nil
    }
}
