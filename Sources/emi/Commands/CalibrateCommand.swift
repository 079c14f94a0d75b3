import ArgumentParser
import Calibration
import EmbeddingFiles
import Foundation
import Reports
import Studies

/// `emi calibrate`: measures whether confidences mean what they say, and whether they still do after a shift.
struct CalibrateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "calibrate",
        abstract: "Does the model know when it is wrong, and does that survive the shift?",
        discussion: reflowed(
            """
            SET is a file of answers with their confidences: rows of 'confidence' and 'correct' or of 'options' and 'label' (jsonl,
            json, csv, tsv, npz; also .gz), samples logged by lm-eval or lmms-eval, chat completions with log-probabilities (OpenAI,
            vLLM; right answers by --answers), texts that state a confidence, or several sampled answers a question. Of several sets
            the first is the one that the others are held against, row by row where they share ids. A manifest lists them, as for
            'emi batch': of each set the file under 'confidences', else its 'data'.

            Rows of one 'group', such as questions on one image, count as dependent. ECE stands beside what chance alone would make of
            it; nothing that was recalibrated is judged by rows that took part in that.

            EXAMPLES:
              emi calibrate Fixtures/options/clean.jsonl Fixtures/options/frost_5.jsonl
              emi calibrate Fixtures/digits/manifest.yaml -o report.json -o report.html
              emi calibrate Fixtures/options/clean.jsonl \\
                --text-only Fixtures/options/clean_text_only.jsonl \\
                --image-only Fixtures/options/clean_image_only.jsonl
              emi calibrate Fixtures/options/clean.jsonl --save-temperature t.json
              emi calibrate Fixtures/options/frost_5.jsonl --apply t.json \\
                --recalibrated calibrated.jsonl
            """))

    @Argument(
        help: ArgumentHelp("Files of confidences, the one to compare with first; or a manifest.", valueName: "set"), completion: .file())
    var sets: [String]
    @OptionGroup(title: "Confidences") var reading: ConfidenceOptions
    @OptionGroup(title: "Measures") var measures: CalibrationOptions
    @OptionGroup(title: "Recalibration") var recalibration: RecalibrationOptions
    @OptionGroup(title: "Output") var outputs: ReportOutputs
    @Option(parsing: .unconditional, help: ArgumentHelp("Threads; results do not depend on them (all cores).", valueName: "count"))
    var threads: Int?
    @Flag(help: "Leave out of JSON what may differ from run to run.") var reproducible = false
    @Flag(name: .shortAndLong, help: "No notes on standard error.") var quiet = false

    func validate() throws {
        if sets.isEmpty { throw ValidationError("expected a file of confidences or a manifest, found none") }
        if let threads, threads < 1 { throw ValidationError("--threads: expected at least 1, found \(threads)") }
        try outputs.check(
            against: sets + [reading.answers, recalibration.apply, measures.textOnly, measures.imageOnly].compactMap { $0 },
            also: [recalibration.saveTemperature, recalibration.recalibrated])
        if (measures.textOnly == nil) != (measures.imageOnly == nil) {
            throw ValidationError("expected --text-only and --image-only together, found one of them")
        }
        if recalibration.recalibrated != nil, recalibration.apply == nil {
            throw ValidationError("--recalibrated: expected --apply FILE beside it, found none")
        }
    }

    func run() throws {
        try reportingErrors {
            var settings = CalibrationSettings()
            reading.apply(to: &settings)
            measures.apply(to: &settings)
            let saved = try recalibration.apply.map { try SavedRecalibration(json: try readText($0), name: $0) }
            settings.appliedTemperature = saved?.temperature
            let sources = try self.sources()
            let threadCount = threads ?? ProcessInfo.processInfo.activeProcessorCount
            let progress = Progress(quiet: quiet || sources.count < 3)
            let study = try CalibrationStudy(sources, settings, threadCount: threadCount) { done in
                progress.show("sets", done: done + 1, of: sources.count - 1)
            }
            progress.finish()
            var report = CalibrationReport(study, environment: reproducible ? nil : .current(threads: threadCount))
            if let text = measures.textOnly, let image = measures.imageOnly {
                let (found, count) = try compareModalities(text: text, image: image, both: study.reference.set, settings)
                report.modalities = .init(found, rows: count)
            }
            let inputs = (sources.map(\.path) + [reading.answers, measures.textOnly, measures.imageOnly].compactMap { $0 })
                .filter { $0 != "-" }
            if !inputs.isEmpty, !reproducible {
                report.provenance = Report.Provenance(fileDigests(inputs, threadCount: threadCount))
            }
            if let path = recalibration.saveTemperature {
                try writeResult(try jsonText(of: try SavedRecalibration(study.reference)), to: path)
            }
            if let path = recalibration.recalibrated, let saved {
                try writeResult(try study.reference.set.recalibratedLines(saved), to: path)
            }
            try outputs.write { format, _ in try report.rendered(format) }
            if report.summary.failedCount > 0 { throw ExitCode(2) }
        }
    }

    /// The sets in their order: those of a manifest, or the files, each under the name of its file.
    private func sources() throws -> [CalibrationSource] {
        if sets.count == 1, try isManifest(sets[0]) { return try readManifest(sets[0]).calibrationSources() }
        let stems = sets.map { nameOfInput($0).split(separator: "/").last.map(String.init) ?? $0 }.map { name in
            let name = name.hasSuffix(".gz") ? String(name.dropLast(3)) : name
            return name.lastIndex(of: ".").map { String(name[..<$0]) }.flatMap { $0.isEmpty ? nil : $0 } ?? name
        }
        return zip(sets, stems).map { path, stem in
            CalibrationSource(name: stems.count { $0 == stem } > 1 ? path : stem, path: path, groupKey: reading.group)
        }
    }
}

/// Whether a file is a manifest rather than a set: YAML always is, a table if it has a column `data`, JSON if it lists scenarios.
private func isManifest(_ path: String) throws -> Bool {
    struct Head: Decodable {
        struct Entry: Decodable { var name: String? }
        var scenarios: [Entry]?
    }
    switch path.lowercased().split(separator: ".").last {
    case "yaml", "yml": return true
    case "csv", "tsv":
        let header = try readRecords(path).first?.fields ?? []
        return header.contains("name") && (header.contains("data") || header.contains("confidences"))
    case "json": return (try? JSONDecoder().decode(Head.self, from: Data(try readText(path).utf8)))?.scenarios != nil
    default: return false
    }
}

extension ConfidenceTable.ScoreKind: ExpressibleByArgument {}
