/// How the entropies that scale a bound are found.
public enum EntropyScale: Sendable, Equatable {
    /// Marginal von Neumann entropies of the outputs under the kernel: a plug-in without guarantee.
    case kernel
    /// A value in nats, for the entropies of reference and model together.
    case value(Double)
    /// ln K for the references and ln K for the model, when answers come from an alphabet of K.
    case alphabet(Int)
    /// The model's entropy from the log probabilities of its answers; the references' is ln K for an alphabet, else from the kernel.
    case logProbability(alphabet: Int?)
    /// The model's entropy from counts of the answers drawn for equal queries, out of an alphabet of K; the references' is ln K.
    case draws(Int)

    /// Reads `kernel`, `VALUE`, `alphabet:K`, `draws:K`, `log-prob` or `log-prob,alphabet:K`; nil for anything else.
    public init?(_ text: String) {
        if text == "kernel" {
            self = .kernel
        } else if text == "log-prob" {
            self = .logProbability(alphabet: nil)
        } else if text.hasPrefix("log-prob,"), case .alphabet(let count)? = EntropyScale(String(text.dropFirst("log-prob,".count))) {
            self = .logProbability(alphabet: count)
        } else if let value = Double(text), value.isFinite, value >= 0 {
            self = .value(value)
        } else if text.hasPrefix("alphabet:"), let count = Int(text.dropFirst("alphabet:".count)), count >= 2 {
            self = .alphabet(count)
        } else if text.hasPrefix("draws:"), let count = Int(text.dropFirst("draws:".count)), count >= 2 {
            self = .draws(count)
        } else {
            return nil
        }
    }

    /// The text that the command line takes for this scale.
    public var text: String {
        switch self {
        case .kernel: "kernel"
        case .value(let value): "\(value)"
        case .alphabet(let count): "alphabet:\(count)"
        case .draws(let count): "draws:\(count)"
        case .logProbability(let count): "log-prob" + (count.map { ",alphabet:\($0)" } ?? "")
        }
    }

    /// Whether every row has to come with the log probability of its answer.
    public var usesLogProbabilities: Bool {
        if case .logProbability = self { true } else { false }
    }

    /// K, the number of possible answers; nil when the scale does not give it.
    public var alphabetSize: Int? {
        switch self {
        case .kernel, .value: nil
        case .alphabet(let count), .draws(let count): count
        case .logProbability(let count): count
        }
    }
}

extension EntropyScale: Codable {
    /// Decodes the text that the command line takes.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let scale = EntropyScale(text) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "'\(text)' is no entropy scale")
        }
        self = scale
    }

    /// Encodes the text that the command line takes.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }
}
