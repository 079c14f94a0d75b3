/// What the name of a scenario tells about it. Known names are the paper's 34 synthetic and 27 natural shifts of LLaVA-Bench (2502.00577),
/// under any prefix (`llava_bench_coco_frost_3_sr_4`), and those of the digits study.
package struct ScenarioName: Sendable, Equatable {
    /// `visual`, `text` or `joint`; `natural-visual`, `natural-text` or `natural-joint`; nil if the name tells nothing.
    package let kind: String?
    /// Whether this is the set without a shift.
    package let isID: Bool
    /// The corruption of the images, or the collection from which they come; nil for that of the ID set.
    package let visualCondition: String?
    /// The corruption of the texts, or their language; nil for that of the ID set.
    package let textualCondition: String?

    /// The visual corruptions with their severities.
    private static let visual = ["defocus_blur_1", "defocus_blur_3", "defocus_blur_5", "frost_1", "frost_3", "frost_5"]
    /// The textual corruptions.
    private static let textual = ["sr_4", "sr_7", "KeyboardAug_1", "KeyboardAug_3"]
    /// The languages other than English.
    private static let languages = ["German", "Chinese", "Korean", "Greek", "Arabic", "Hindi"]
    /// The other collections of images.
    private static let domains = ["in_the_wild_easy", "in_the_wild_normal", "in_the_wild_hard", "in_the_wild", "easy", "normal", "hard"]
    /// All conditions, in the order in which a table lists them.
    package static let conditions = visual + textual + domains + languages
    /// The names of sets without a shift.
    private static let clean = ["clean", "id", "coco", "original", "base", "in_distribution"]

    /// Looks for known conditions in a name.
    package init(_ name: String) {
        func first(_ words: [String]) -> String? {
            words.first { word in
                name == word || name.hasSuffix("_\(word)") || name.hasPrefix("\(word)_") || name.contains("_\(word)_")
            }
        }
        let (visual, textual) = (first(Self.visual), first(Self.textual))
        let (language, domain) = (first(Self.languages), first(Self.domains))
        let isCorrupted = visual != nil || textual != nil
        visualCondition = isCorrupted ? visual : domain
        textualCondition = isCorrupted ? textual : language
        kind =
            switch (visual != nil, textual != nil, domain != nil, language != nil) {
            case (true, true, _, _): "joint"
            case (true, false, _, _): "visual"
            case (false, true, _, _): "text"
            case (_, _, true, true): "natural-joint"
            case (_, _, true, false): "natural-visual"
            case (_, _, false, true): "natural-text"
            default: nil
            }
        isID = kind == nil && first(Self.clean + ["English"]) != nil
    }
}
