import Information
import LinearAlgebra
import Statistics

/// A batch without a shift that is built like the 61 scenarios of the paper: 34 synthetic ones on the items of the ID set (7 images x 5
/// questions), 6 languages on its images, and 7 languages on each of three other sets of images. Scenarios share the rows of an image or
/// question condition, as in a real batch, while every answer of the model is new.
struct NullBatch: Sendable {
    /// A scenario, and which of the batch's image and question conditions it has.
    struct Scenario: Sendable {
        let set: SampleSet
        let visualCondition: String
        let textCondition: String
    }

    let id: SampleSet
    let scenarios: [Scenario]

    init(_ world: GaussianWorld, rowCount: Int, using generator: inout SeededGenerator) {
        let design = SimulationDesign.groupedItems
        let domains = ["id", "normal", "easy", "hard"].map {
            GaussianItems($0, count: rowCount, width: world.width, design: design, using: &generator)
        }
        var visuals: [String: Matrix] = [:]
        var texts: [String: Matrix] = [:]
        var number = 0
        func scenario(domain: Int, visual: String, text: String) -> Scenario {
            let items = domains[domain]
            if visuals[visual] == nil {
                let own = generator.normals(rowCount, world.width, groupSize: design.groupSize)
                visuals[visual] = items.visual.mixed(with: own, share: 0.5)
            }
            if texts[text] == nil {
                texts[text] = items.text.mixed(with: generator.normals(rowCount, world.width), share: 0.5)
            }
            number += 1
            let set = world.set(
                "set \(number)", visual: visuals[visual] ?? items.visual, text: texts[text] ?? items.text,
                referenceQuery: GaussianWorld.query(items.visual, items.text), referenceNoise: items.noise,
                modelNoise: generator.groupedNoise(rowCount, world.width, groupSize: design.groupSize), items: items)
            return Scenario(set: set.normalized, visualCondition: visual, textCondition: text)
        }
        id = scenario(domain: 0, visual: "clean", text: "clean").set
        var scenarios: [Scenario] = []
        let conditions = ["clean"] + (1...6).map { "image \($0)" }
        for visual in conditions {
            for text in ["clean"] + (1...4).map({ "question \($0)" }) where (visual, text) != ("clean", "clean") {
                scenarios.append(scenario(domain: 0, visual: visual, text: text))
            }
        }
        for language in 1...6 { scenarios.append(scenario(domain: 0, visual: "clean", text: "language \(language)")) }
        for domain in 1...3 {
            for language in 0...6 {
                scenarios.append(scenario(domain: domain, visual: "domain \(domain)", text: "domain \(domain) \(language)"))
            }
        }
        self.scenarios = scenarios
    }
}
