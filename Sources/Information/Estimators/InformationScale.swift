/// What the nats of an estimate measure. Values on the same scale can be compared, values on different scales cannot.
package enum InformationScale: String, Sendable, Codable, CaseIterable {
    /// Estimates of Shannon's mutual information.
    case shannon
    /// Information through one channel from references to responses: at most Shannon's, at most ln n, and below 0 if answers contradict.
    case channel
    /// A contrast of log likelihoods under one fitted q; it estimates an upper bound of Shannon's information.
    case club
    /// Entropies of order alpha of Gram matrices.
    case renyi

    /// The scale in words, for reports.
    package var words: String {
        switch self {
        case .shannon: "Shannon's information"
        case .channel: "information through one reference channel"
        case .club: "a contrast under one fitted q"
        case .renyi: "Rényi's matrix information"
        }
    }
}
