import Calibration
import EmbeddingFiles
import Foundation
import Studies

/// A recalibration that was fitted to one set and can be applied to others.
package struct SavedRecalibration: Codable, Sendable, Equatable {
    /// The identifier that distinguishes it from other files.
    package static let kindName = "recalibration"

    package var kind = SavedRecalibration.kindName
    package var schemaVersion = "1.0"
    /// The set to which it was fitted, and the number of that set's rows.
    package var set: String
    package var rows: Int
    /// The temperature for option scores.
    package var temperature: Double?
    /// The interval of the temperature.
    package var interval: [Double]?
    /// The parameters for a scalar confidence: sigmoid(slope logit(c) + intercept).
    package var slope: Double?
    package var intercept: Double?

    /// The recalibration of an analysed set, fitted to all of its rows.
    ///
    /// - Throws: `RunError` if none is defined for the set.
    package init(_ analysis: CalibrationAnalysis) throws {
        set = analysis.set.source.name
        rows = analysis.set.used.count
        if let fit = analysis.temperature, fit.limit == nil {
            temperature = fit.temperature
            interval = fit.interval.map { [$0.lowerBound, $0.upperBound] }
        } else if let platt = analysis.platt {
            (slope, intercept) = (platt.slope, platt.intercept)
        } else {
            throw RunError(
                code: "no_recalibration",
                message: "\(set): expected right and wrong answers whose confidences tell a temperature, found none",
                hint: "give a set with both, and confidences that vary")
        }
    }

    /// Reads a recalibration that was written before.
    ///
    /// - Throws: `RunError` for a file that is not a recalibration.
    package init(json: String, name: String) throws {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        guard let found = try? decoder.decode(Self.self, from: Data(json.utf8)), found.kind == Self.kindName,
            (found.temperature.map { $0 > 0 && $0.isFinite } ?? (found.slope != nil && found.intercept != nil))
        else {
            throw RunError(
                code: "not_a_recalibration", message: "\(name): expected what --save-temperature wrote, found something else",
                hint: "'emi calibrate SET --save-temperature FILE' writes one")
        }
        self = found
    }
}

extension CalibrationSet {
    /// The used rows as JSON lines, with the confidences that the recalibration gives them.
    ///
    /// - Throws: `RunError` if the set lacks what the recalibration needs.
    package func recalibratedLines(_ saved: SavedRecalibration) throws -> String {
        let values: [Double]
        if let temperature = saved.temperature {
            guard let options else {
                throw RunError(
                    code: "no_options", message: "\(source.path): expected option scores for a temperature, found confidences alone",
                    hint: "a fit to confidences is kept by --save-temperature from such a set")
            }
            values = OptionOutcomes(options) { _ in temperature }.confidence
        } else {
            let platt = PlattScaling(slope: saved.slope ?? 1, intercept: saved.intercept ?? 0)
            values = confidence.map { platt($0) }
        }
        struct Line: Encodable {
            var id: String
            var group: String?
            var confidence: Double
            var correct: Double
        }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return try used.enumerated().map { place, row in
            let group = table.groups.isEmpty ? nil : table.groupLabels[Int(table.groups[row])]
            let line = Line(id: table.ids[row], group: group, confidence: values[place], correct: outcome[place])
            return String(decoding: try encoder.encode(line), as: UTF8.self) + "\n"
        }.joined()
    }
}
