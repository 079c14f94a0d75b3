/// The sets on which a fitted estimator fits its q.
public enum FitChoice: Sendable, Equatable {
    /// On the references of all sets of the run.
    case pooled
    /// On the references of the ID set alone.
    case id
    /// On none: q is read from the file of an earlier run's fit.
    case file(String)

    /// Reads a choice as the command line has it: `pooled`, `id`, or the path of a file.
    public init(_ text: String) {
        self =
            switch text {
            case "pooled": .pooled
            case "id": .id
            default: .file(text)
            }
    }

    /// The path of the saved fit; nil for the other choices.
    public var path: String? {
        if case .file(let path) = self { path } else { nil }
    }

    /// The choice as the command line spells it.
    public var text: String {
        switch self {
        case .pooled: "pooled"
        case .id: "id"
        case .file(let path): path
        }
    }
}

extension FitChoice: Codable {
    /// Decodes the text that the command line takes.
    public init(from decoder: any Decoder) throws {
        self.init(try decoder.singleValueContainer().decode(String.self))
    }

    /// Encodes the text that the command line takes.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }
}
