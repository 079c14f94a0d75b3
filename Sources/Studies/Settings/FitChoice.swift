/// On which sets q of a fitted estimator is fitted.
public enum FitChoice: Sendable, Equatable {
    /// The references of all sets of the run.
    case pooled
    /// The references of the ID set.
    case id
    /// A saved fit.
    case file(String)

    /// From the command line: `pooled`, `id`, or a file.
    public init(_ text: String) {
        self =
            switch text {
            case "pooled": .pooled
            case "id": .id
            default: .file(text)
            }
    }

    /// The file of a saved fit; nil for others.
    public var path: String? {
        if case .file(let path) = self { path } else { nil }
    }

    /// As it is written on the command line.
    public var text: String {
        switch self {
        case .pooled: "pooled"
        case .id: "id"
        case .file(let path): path
        }
    }
}

extension FitChoice: Codable {
    /// From its text.
    public init(from decoder: any Decoder) throws {
        self.init(try decoder.singleValueContainer().decode(String.self))
    }

    /// As its text.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }
}
