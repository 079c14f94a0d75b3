/// What a column is used for.
enum Role: String, Sendable, CaseIterable {
    case visual, text, response, reference, id, group, score, logProbability = "log_prob"

    /// The canonical name: `visual`, `log_prob`.
    var name: String { rawValue }

    /// The names that give a column this role, the canonical one first.
    ///
    /// Names are compared in lower case, with `_` for `-`, `.` and blanks, and without endings such as `_emb`, `_embeddings` or
    /// `_features`, so `img_emb`, `text_emb` and `response-embedding` need no entries.
    ///
    /// | role | names |
    /// |---|---|
    /// | `visual` | `visual`, `x_v`, `z_v`, `image`, `images`, `img`, `vision` |
    /// | `text` | `text`, `x_t`, `z_t`, `question`, `questions`, `prompt`, `prompts`, `instruction` |
    /// | `response` | `response`, `y_hat`, `z_yhat`, `y_theta`, `answer`, `prediction`, `output`, … |
    /// | `reference` | `reference`, `y`, `z_y`, `target`, `ground_truth`, `gt`, `label`, … |
    /// | `id` | `question_id`, `doc_id`, `sample_id`, `custom_id`, `qid`, `uid`, `uuid`, `id`, `ids`, `key`, `index` |
    /// | `group` | `group`, `groups`, `image_id`, `cluster`; `image` when it is one text or number for each row |
    /// | `score` | `score`, `scores`, `accuracy`, `correct`, `is_correct` |
    /// | `log_prob` | `log_prob`, `logprob`, `log_probability`, `log_likelihood`, and their plurals |
    var aliases: [String] {
        switch self {
        case .visual: ["visual", "x_v", "z_v", "image", "images", "img", "vision"]
        case .text: ["text", "x_t", "z_t", "question", "questions", "prompt", "prompts", "instruction"]
        case .response:
            [
                "response", "responses", "y_hat", "yhat", "z_yhat", "z_y_hat", "y_theta", "z_y_theta", "answer",
                "answers", "prediction", "predictions", "pred", "output", "model_answer", "model_response", "model_output", "pred_answer",
                "generation", "generated_text", "completion",
            ]
        case .reference:
            [
                "reference", "references", "y", "z_y", "target", "targets", "ground_truth", "gt", "label", "y_true",
                "gold",
            ]
        case .id:
            [
                "question_id", "doc_id", "sample_id", "custom_id", "qid", "uid", "uuid", "id", "ids", "key", "index",
            ]
        case .group: ["group", "groups", "image_id", "cluster", "clusters"]
        case .score: ["score", "scores", "accuracy", "correct", "is_correct"]
        case .logProbability:
            [
                "log_prob", "log_probs", "logprob", "logprobs", "log_probability", "log_probabilities",
                "log_likelihood", "loglikelihood",
            ]
        }
    }

    /// The role of a column called `name`; nil when no role has this alias.
    ///
    /// `image` is a modality if it holds vectors; if it holds a text or a number it is the cluster of the row, as in LLaVA's question
    /// files.
    init?(name: String, kind: ColumnKind) {
        let normalised = Role.normalised(name)
        guard let role = Role.byAlias[normalised] ?? Role.byAlias[Role.withoutEnding(normalised)] else { return nil }
        let namesImage = role == .visual && ["image", "img", "images"].contains(normalised)
        self = namesImage && (kind == .texts || kind == .numbers) ? .group : role
    }

    /// Whether the column is one of the four content columns.
    var isContent: Bool {
        switch self {
        case .visual, .text, .response, .reference: true
        case .id, .group, .score, .logProbability: false
        }
    }

    /// Whether the column identifies or clusters rows.
    var describesRows: Bool { self == .id || self == .group }

    /// The modality's name in a column without a role: `audio` for `audio`, `z_audio` and `audio_emb`.
    static func modalityName(_ name: String) -> String {
        let normalised = withoutEnding(normalised(name))
        for prefix in ["x_", "z_"] where normalised.hasPrefix(prefix) && normalised.count > 2 {
            return String(normalised.dropFirst(2))
        }
        return normalised
    }

    /// Whether the name of a column without a role marks its vectors as a part of the query: it looks like an embedding's name, or it is
    /// one of the senses and sources that models take. Boxes, weights and sizes do not count.
    static func saysModality(_ name: String) -> Bool {
        let normalised = normalised(name)
        let stem = withoutEnding(normalised)
        return stem != normalised || normalised.hasPrefix("x_") || normalised.hasPrefix("z_")
            || modalityWords.contains(stem)
    }

    private static let modalityWords: Set<String> = [
        "audio", "video", "speech", "sound", "music", "depth", "thermal", "infrared", "lidar", "radar", "sensor", "tactile", "touch",
        "eeg", "motion", "context", "history", "persona", "user", "profile", "language", "layout", "ocr", "table", "code",
        "document", "graph", "map", "point_cloud", "time_series", "query",
    ]

    /// Whether a column without a role names the image, video or sound of a row: the words of its name say so, or its values end like names
    /// of such files.
    static func namesMedia(_ name: String, sample: String?) -> Bool {
        let words = normalised(name).split(separator: "_").map(String.init)
        let isNamed = words.contains(where: mediaWords.contains) && words.allSatisfy { mediaWords.contains($0) || pathWords.contains($0) }
        guard !isNamed, let sample else { return isNamed }
        if sample.hasPrefix("data:image/") || sample.hasPrefix("data:video/") || sample.hasPrefix("data:audio/") { return true }
        guard sample.utf8.count < 1024, !sample.contains("\n") else { return false }
        let path = sample.prefix { $0 != "?" && $0 != "#" }
        return mediaEndings.contains(pathExtension(String(path)).lowercased())
    }

    /// Whether a column of numbers names the image, video or sound of a row, as `video_id` and `img_idx` do. A number of images or frames
    /// does not count.
    static func numbersMedia(_ name: String) -> Bool {
        let words = normalised(name).split(separator: "_").map(String.init)
        return namesMedia(name, sample: nil) && words.contains { ["id", "ids", "idx", "index", "key", "hash"].contains($0) }
    }

    /// Whether a text says that a row has no image, as pandas, spreadsheets and templates write it.
    static func namesNothing(_ text: String) -> Bool {
        nothingWords.contains(text.lowercased())
    }

    private static let nothingWords: Set<String> = [
        "", "-", "none", "nan", "null", "nil", "n/a", "na", "<na>", "<none>", "undefined", "no image", "no_image", "noimage", "[]", "{}",
    ]

    private static let mediaWords: Set<String> = [
        "image", "images", "img", "imgs", "picture", "pictures", "photo", "photos", "video", "videos", "audio", "audios", "media",
        "frame", "frames", "screenshot", "clip",
    ]
    private static let pathWords: Set<String> = [
        "input", "path", "paths", "file", "files", "filename", "filenames", "name", "names", "id", "ids", "idx", "index", "url", "urls",
        "uri",
        "hash", "key",
    ]
    private static let mediaEndings: Set<String> = [
        "png", "jpg", "jpeg", "webp", "gif", "bmp", "tif", "tiff", "mp4", "mov", "avi", "mkv", "webm", "wav", "mp3", "flac", "ogg",
    ]

    /// The form in which names are compared: lower case, with underscores.
    static func normalised(_ name: String) -> String {
        String(name.lowercased().map { "-. ".contains($0) ? "_" : $0 })
    }

    private static func withoutEnding(_ name: String) -> String {
        for ending in embeddingEndings where name.hasSuffix(ending) && name.count > ending.count {
            return String(name.dropLast(ending.count))
        }
        return name
    }

    private static let embeddingEndings = [
        "_embeddings", "_embedding", "_embeds", "_embed", "_emb", "_features", "_feats", "_feat", "_vectors", "_vector", "_vec",
    ]

    private static let byAlias: [String: Role] = {
        var roles: [String: Role] = [:]
        for role in Role.allCases {
            for alias in role.aliases { roles[alias] = role }
        }
        return roles
    }()
}
