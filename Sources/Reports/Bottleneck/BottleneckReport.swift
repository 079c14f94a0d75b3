import Bottleneck
import Information
import Statistics
import Studies

/// What `emi bottleneck` prints: how much X tells about Y, in how many directions, at what price, and what becomes of this under shift.
package struct BottleneckReport: Codable, Sendable, Equatable {
    package var schemaVersion = "1.0"
    package var tool = Report.Tool()
    /// The machine, the date and the command; absent when the output has to be reproducible.
    package var environment: Report.Environment?
    package var settings: Settings
    package var id: Source
    /// The chosen ridge, in units of the largest eigenvalue of the covariance.
    package var ridge: Double
    /// The number of resolved directions.
    package var kept: Int
    /// The held-out canonical correlations of the resolved directions.
    package var rho: [Double]
    /// The standard errors of `rho`, by leaving out groups.
    package var rhoStandardError: [Double]
    /// The betas at which directions enter.
    package var criticalBeta: [Double]
    /// I(X; Y) of the resolved directions; the true value is at least about this.
    package var information: Value
    /// The p-value of "X tells nothing about Y", from random pairings of groups.
    package var pValue: Double?
    /// How well a row's X finds its own Y, held out (InfoNCE).
    package var matching: Matching?
    /// ln of the number of different answers, the most that answers can hold.
    package var answerLimit: Double
    /// The representation in use: the smallest one within a standard error of all information, or that of --beta.
    package var minimal: Point?
    /// Points of the trade-off curve.
    package var plane: [Point]
    /// The features themselves, the bottleneck, and controls of as many columns that know nothing about Y.
    package var representations: [Representation]
    /// The shifts.
    package var scenarios: [Scenario]
    /// What the numbers show, in sentences.
    package var findings: [String]
    /// What the reader should know.
    package var warnings: [Report.Warning]
    package var provenance: Report.Provenance?

    /// The settings of the run.
    package struct Settings: Codable, Sendable, Equatable {
        /// X and Y: what is compressed, and about what the bottleneck keeps information.
        package var of: String
        package var `for`: String
        /// The features in which directions are linear.
        package var kernel: String
        /// How many nats about X one nat about Y is worth; absent for the smallest beta that keeps everything resolved.
        package var beta: Double?
        /// The largest number of columns, if it was given.
        package var rank: Int?
        /// The number of pairings and relabellings.
        package var permutations: Int
        /// The confidence level of intervals, between 0 and 1.
        package var confidence: Double
        /// Whether rows are divided by their norms.
        package var normalize: Bool
        /// `nats` or `bits`.
        package var units: String
        /// The seed of every random step.
        package var seed: UInt64
    }

    /// The set to which the bottleneck was fitted.
    package struct Source: Codable, Sendable, Equatable {
        /// The set's name.
        package var name: String
        /// The numbers of rows and of groups.
        package var sampleCount: Int
        package var groupCount: Int
        /// The number of columns of the features of X.
        package var columns: Int
    }

    /// A value with its error.
    package struct Value: Codable, Sendable, Equatable {
        /// The value, in the report's units.
        package var value: Double
        package var standardError: Double?
        /// The lower and upper ends of the interval.
        package var interval: [Double]?
    }

    /// The matching information of X and Y.
    package struct Matching: Codable, Sendable, Equatable {
        /// The value with its standard error over folds, in the report's units.
        package var value: Double
        package var standardError: Double?
        /// The temperature of the softmax.
        package var temperature: Double
    }

    /// A point of the information plane.
    package struct Point: Codable, Sendable, Equatable {
        /// How many nats about X one nat about Y is worth.
        package var beta: Double
        /// I(X; Z).
        package var rate: Double
        /// I(Z; Y).
        package var relevance: Double
        /// The number of directions that have entered.
        package var rank: Int
    }

    /// A representation on the ID set.
    package struct Representation: Codable, Sendable, Equatable {
        /// `raw`, `bottleneck`, `principal` or `random`.
        package var name: String
        /// The number of columns.
        package var columns: Int
        /// The share of rows whose decoded answer is nearest to their own answer, with decoders that have not seen them.
        package var accuracy: Double
        /// The explained share of the variance of Y; below 0 the decoder is worse than none.
        package var explainedShare: Double
        /// The participation ratio of the rows.
        package var effectiveRank: Double?
    }

    /// One shift.
    package struct Scenario: Codable, Sendable, Equatable {
        package var name: String
        package var kind: String?
        /// The results for each representation, by its name.
        package var representations: [String: Shifted]
        /// The number of items that both sets hold.
        package var sharedCount: Int
        /// The mean cosine between the clean and the shifted response to the same item.
        package var responseConsistency: Double?
        /// The distance between the modalities' means, in this set and in the ID set.
        package var modalityGap: Double?
        package var modalityGapId: Double?
    }

    /// A representation under shift.
    package struct Shifted: Codable, Sendable, Equatable {
        /// The accuracy and the explained share of the probe.
        package var accuracy: Double
        package var explainedShare: Double
        /// The JSD of unit rows between this set and the ID set.
        package var jsd: Double
        /// The divergence minus what chance gives at these sizes.
        package var excess: Double?
        /// The p-value of "no divergence".
        package var pValue: Double?
        /// The share of items whose shifted row is nearest to their own clean row.
        package var ownNearest: Double?
        /// The mean distance between an item's two versions divided by that between items.
        package var relativeShift: Double?
        /// The distance between the means of the clean and the shifted rows.
        package var centroidDistance: Double?
        /// The unbiased centred kernel alignment.
        package var cka: Double?
    }

    /// The representations in the order of tables.
    static let names = ["raw", "bottleneck", "principal", "random"]
}

extension BottleneckReport {
    /// The report of one run.
    package init(_ result: BottleneckResult, settings: BottleneckSettings, unit: InformationUnit) {
        let bottleneck = result.bottleneck
        func point(_ point: InformationPlane.Point) -> Point {
            Point(
                beta: point.beta, rate: unit.value(point.rate), relevance: unit.value(point.relevance), rank: point.rank
            )
        }
        self.settings = Settings(
            of: settings.of, for: settings.target.rawValue, kernel: settings.kernel.rawValue, beta: settings.beta,
            rank: settings.rank, permutations: settings.permutations, confidence: settings.confidence,
            normalize: settings.normalize, units: unit.rawValue, seed: settings.seed)
        id = Source(
            name: result.id, sampleCount: result.sampleCount, groupCount: result.groupCount, columns: result.columnCount
        )
        ridge = bottleneck.ridge
        kept = bottleneck.correlations.count
        rho = bottleneck.correlations
        rhoStandardError = bottleneck.standardErrors
        criticalBeta = bottleneck.plane.criticalBetas
        information = Value(
            value: unit.value(bottleneck.information.value),
            standardError: bottleneck.information.standardError.map(unit.value),
            interval: bottleneck.information.interval.map { [unit.value($0.lowerBound), unit.value($0.upperBound)] })
        pValue = result.pValue
        matching = result.matching.map {
            Matching(
                value: unit.value($0.value), standardError: $0.standardError.map(unit.value),
                temperature: $0.temperature)
        }
        answerLimit = unit.value(result.answerLimit)
        minimal = result.point.map(point)
        plane = result.curve.map(point)
        representations = result.representations.map {
            Representation(
                name: $0.name, columns: $0.columnCount, accuracy: $0.probe.accuracy,
                explainedShare: $0.probe.explainedShare,
                effectiveRank: $0.effectiveRank)
        }
        scenarios = result.shifts.map { Scenario($0, unit: unit) }
        warnings = result.warnings.map(Report.Warning.init)
        findings = []
        findings = makeFindings()
    }
}

extension BottleneckReport.Scenario {
    init(_ shift: BottleneckResult.Shift, unit: InformationUnit) {
        let shifted = shift.probes.map { name, probe in
            let (divergence, movement) = (shift.divergences[name], shift.movement[name])
            let value = BottleneckReport.Shifted(
                accuracy: probe.accuracy, explainedShare: probe.explainedShare,
                jsd: unit.value(divergence?.plugIn ?? 0),
                excess: divergence?.excess.map(unit.value), pValue: divergence?.pValue,
                ownNearest: movement?.ownNearest,
                relativeShift: movement?.relativeShift, centroidDistance: movement?.centroidDistance,
                cka: movement?.alignment)
            return (name, value)
        }
        self.init(
            name: shift.name, kind: shift.kind, representations: Dictionary(uniqueKeysWithValues: shifted),
            sharedCount: shift.sharedCount, responseConsistency: shift.responseConsistency,
            modalityGap: shift.modalityGaps?.ood,
            modalityGapId: shift.modalityGaps?.id)
    }
}
