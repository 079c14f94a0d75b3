/// What the nats of an estimate are: values on one scale can be compared, values on two cannot.
package enum InformationScale: String, Sendable, Codable, CaseIterable {
    /// Shannon's mutual information, of which the estimate is one.
    case shannon
    /// Information through one channel from references to responses: at most Shannon's, at most ln n, and below 0 where answers contradict.
    case channel
    /// A contrast of log likelihoods under one fitted q, which estimates an upper bound of Shannon's information.
    case club
    /// Entropies of order alpha of Gram matrices.
    case renyi

    /// In words, for reports.
    package var words: String {
        switch self {
        case .shannon: "Shannon's information"
        case .channel: "information through one reference channel"
        case .club: "a contrast under one fitted q"
        case .renyi: "Rényi's matrix information"
        }
    }
}
