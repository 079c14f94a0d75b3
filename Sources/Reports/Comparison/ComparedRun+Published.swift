import Foundation
import Studies

/// The results that the authors of EMI published for one model, `pairs-*.json` of deeplearning-wisc/mllmshift-emi: EMI, EMID and EMID_UB by
/// the name of the set.
private struct PublishedPairs: Decodable {
    let emi: [String: Double]
    let emid: [String: Double]
    let upperBounds: [String: Double]?
    let model: String?

    enum CodingKeys: String, CodingKey {
        case emi = "EMI"
        case emid = "EMID"
        case upperBounds = "EMID_UB"
        case model = "model_name"
    }
}

extension ComparedRun {
    /// Whether a text is such a file rather than a report of this program.
    package static func isPublished(_ json: String) -> Bool {
        guard let object = try? JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any] else {
            return false
        }
        return object["schema_version"] == nil && object["EMI"] is [String: Any]
    }

    /// A run of published results: values in nats under the published network, without standard errors.
    ///
    /// - Throws: `RunError` for a file without EMI or EMID. The ID set is the one that EMID does not name, so there must be exactly one.
    package init(published json: String, name: String) throws {
        let found: PublishedPairs
        do {
            found = try JSONDecoder().decode(PublishedPairs.self, from: Data(json.utf8))
        } catch {
            throw RunError(
                code: "not_published_pairs",
                message: "\(name): expected EMI and EMID by set, as in the authors' pairs-*.json, found something else"
                    .withoutControls,
                hint: "results of one set or of one pair have no EMID by scenario")
        }
        let others = found.emi.keys.filter { found.emid[$0] == nil }.sorted()
        guard others.count == 1, let id = others.first else {
            throw RunError(
                code: "not_published_pairs",
                message: "\(name): expected one set in EMI that EMID does not have, the ID set, found \(others.count)"
                    .withoutControls,
                hint: "results of one set or of one pair have no EMID by scenario")
        }
        let scenarios = found.emid.keys.sorted().map { scenario in
            var set = ComparedSet(name: scenario, kind: ScenarioName(scenario).kind)
            set.values["emi"] = found.emi[scenario].map { ComparedValue(value: $0) }
            set.values["emid"] = found.emid[scenario].map { ComparedValue(value: $0) }
            set.values["bound"] = found.upperBounds?[scenario].map { ComparedValue(value: $0) }
            return set
        }
        var idSet = ComparedSet(name: id)
        idSet.values["emi"] = found.emi[id].map { ComparedValue(value: $0) }
        self.init(
            name: name, units: "nats", confidence: 0.95, settings: nil, id: idSet, scenarios: scenarios,
            notes: [
                "\(name) is what the authors published of \(found.model ?? "a model"): values of the published network without standard "
                    + "errors, and EMID_UB, which is a correlate and no bound"
            ], hasRows: false)
    }
}
