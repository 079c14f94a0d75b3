import Calibration
import EmbeddingFiles

/// Compares text alone and image alone with both together, over the items that all three files have.
///
/// - Returns: the comparison and the number of items.
/// - Throws: `RunError` if a file has no option scores with right options, or if the files share no items.
package func compareModalities(
    text: String, image: String, both: CalibrationSet, _ settings: CalibrationSettings
) throws -> (ModalityComparison, Int) {
    let sets = [
        try CalibrationSet(CalibrationSource(name: "text", path: text), settings),
        try CalibrationSet(CalibrationSource(name: "image", path: image), settings), both,
    ]
    func options(_ set: CalibrationSet) throws -> OptionScores {
        guard let options = set.options else {
            throw RunError(
                code: "no_options", message: "\(set.source.path): expected option scores with their right options, found none",
                hint: "text, image and both are compared by 'options' and 'label' of the same items")
        }
        return options
    }
    let scores = try sets.map(options)
    let places = sets.map { set in
        Dictionary(set.used.enumerated().map { (set.table.ids[$1], $0) }, uniquingKeysWith: { first, _ in first })
    }
    // An excluded option has an infinite loss, so no mean exists.
    let shared = both.used.enumerated().compactMap { place, row -> [Int]? in
        let id = both.table.ids[row]
        guard let text = places[0][id], let image = places[1][id] else { return nil }
        return [text, image, place]
    }
    guard shared.count >= 2 else {
        throw RunError(
            code: "no_shared_items", message: "\(text): expected the items of \(both.source.path), found \(shared.count) of them",
            hint: "the three files need the same ids")
    }
    do {
        let chosen = scores.enumerated().map { index, scores in scores.selecting(shared.map { $0[index] }) }
        return (
            try ModalityComparison(text: chosen[0], image: chosen[1], both: chosen[2], level: settings.confidence), shared.count
        )
    } catch {
        throw RunError(
            code: "other_options",
            message: "\(text), \(image): expected as many options in each row as in \(both.source.path), found others",
            hint: "the three files need the same options in the same order")
    }
}
