import Foundation
import Testing

@Suite struct EntropyScaleTests {
    private func file(_ name: String, logProbability: Double?) throws -> String {
        let url = FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString)-\(name).jsonl")
        let own = logProbability.map { #", "log_prob": \#($0)"# } ?? ""
        let lines = (0..<24).map {
            #"{"text": "question \#($0) \#(name)", "response": "reply \#($0 % 7)", "reference": "answer \#($0 % 9)"\#(own)}"#
        }
        try Data((lines.joined(separator: "\n") + "\n").utf8).write(to: url)
        return url.path
    }

    @Test func logProbabilitiesThatAreNotThereAreOneSentence() throws {
        let (id, ood) = (try file("a", logProbability: -1), try file("b", logProbability: nil))
        defer { for path in [id, ood] { try? FileManager.default.removeItem(atPath: path) } }
        let outcome = try Program.run(["estimate", "--id", id, "--ood", ood, "--entropy-scale", "log-prob"])
        #expect(outcome.status == 2 && outcome.output.isEmpty)
        #expect(outcome.errors.contains("expected a log_prob for every row with --entropy-scale log-prob, found none"))
        let unused = try Program.run(["estimate", "--id", id, "--log-prob", "sampled"])
        #expect(unused.status == 64 && unused.errors.contains("expected --entropy-scale log-prob beside it"))
        #expect(try Program.run(["estimate", "--id", id, "--log-prob", "drawn"]).status == 64)
    }

    @Test func drawsOfAQueryAreCountedAndReported() throws {
        func file(_ name: String, draws: Int) throws -> String {
            let url = FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString)-\(name).jsonl")
            let lines = (0..<(6 * draws)).map { row in
                let query = row / draws
                return
                    #"{"group": "\#(query)", "text": "question \#(query) \#(name)", "response": "reply \#(row % (1 + query % 2))", "reference": "answer \#(query % 3)"}"#
            }
            try Data((lines.joined(separator: "\n") + "\n").utf8).write(to: url)
            return url.path
        }
        let (id, ood, single) = (try file("a", draws: 40), try file("b", draws: 40), try file("c", draws: 1))
        defer { for path in [id, ood, single] { try? FileManager.default.removeItem(atPath: path) } }
        let arguments = ["estimate", "--id", id, "--ood", ood, "--permutations", "9", "--bound", "joint", "--entropy-scale", "draws:50"]
        let outcome = try Program.run(arguments + ["--format", "json"])
        #expect(outcome.status == 0, "\(outcome.errors)")
        let json = try #require(try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
        let bound = try #require((json["scenarios"] as? [[String: Any]])?.first?["bound"] as? [String: Any])
        let scale = try #require(bound["entropy_scale"] as? Double)
        #expect(scale > log(50) && scale < 2 * log(50))
        #expect((bound["entropy_source"] as? String)?.contains("counted responses") == true)
        #expect((bound["assumptions"] as? [String])?.contains { $0.contains("drawn independently") } == true)
        let text = try Program.run(arguments)
        #expect(
            text.output.contains("Entropies in the bound: ") && text.output.contains("nats, by draws:50: the largest entropy over queries"))
        let csv = try Program.run(arguments + ["--format", "csv"]).output.split(separator: "\r\n")
        #expect(csv.count == 2 && csv[0].contains(",bound_form,tightness,entropy_scale,entropy_scale_from,"))
        #expect(csv[1].contains(",\(scale),draws:50,"), "\(csv)")
        let refused = try Program.run(["estimate", "--id", single, "--ood", ood, "--entropy-scale", "draws:50"])
        #expect(refused.status == 2 && refused.errors.contains("expected several rows with equal queries"))
    }

    @Test func theReportSaysWhatStandsForTheEntropies() throws {
        let (id, ood) = (try file("a", logProbability: -1), try file("b", logProbability: -2))
        defer { for path in [id, ood] { try? FileManager.default.removeItem(atPath: path) } }
        func bound(_ arguments: String...) throws -> (guarantee: String?, assumptions: String, logProb: String?) {
            let outcome = try Program.run(
                ["estimate", "--id", id, "--ood", ood, "--permutations", "9", "--bound", "joint", "--format", "json"] + arguments)
            #expect(outcome.status == 0, "\(outcome.errors)")
            let json = try #require(try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
            let scenario = try #require((json["scenarios"] as? [[String: Any]])?.first)
            let bound = try #require(scenario["bound"] as? [String: Any])
            return (
                bound["guarantee"] as? String, (bound["assumptions"] as? [String] ?? []).joined(separator: "; "),
                (json["settings"] as? [String: Any])?["log_prob"] as? String
            )
        }
        let greedy = try bound("--entropy-scale", "log-prob")
        #expect(greedy.guarantee == "none" && greedy.logProb == "greedy" && greedy.assumptions.contains("a greedy response"))
        #expect(greedy.assumptions.contains("log_prob says nothing of references"))
        let sampled = try bound("--entropy-scale", "log-prob,alphabet:9", "--log-prob", "sampled")
        #expect(sampled.guarantee == "plug-in" && sampled.logProb == "sampled")
        #expect(sampled.assumptions.contains("references come from an alphabet of 9"))
        #expect(try bound("--entropy-scale", "alphabet:9").logProb == nil)
    }
}
