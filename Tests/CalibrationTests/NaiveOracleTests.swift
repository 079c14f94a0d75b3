import RealModule
import Statistics
import Testing

@testable import Calibration

/// The definitions as they stand, in as many loops as it takes.
@Suite struct NaiveOracleTests {
    private static let draws = [Draw(count: 157, seed: 1), Draw(count: 120, seed: 2, steps: 10), Draw(count: 90, seed: 3, groupSize: 3)]

    @Test func theOrderOfKeysIsThatOfAStableSort() {
        for count in [0, 1, 2, 63, 64, 1_000, 5_000] {
            for steps in [0.0, 7] {
                let keys = Draw(count: count, seed: UInt64(count), steps: steps).confidence
                let naive = keys.indices.sorted { (keys[$0], $0) < (keys[$1], $1) }.map { Int32($0) }
                #expect(ascendingOrder(of: keys) == naive, "\(count) keys in \(steps) steps")
            }
        }
    }

    @Test(arguments: draws.indices) func ratesOfPairsAreCountedOneByOne(_ index: Int) throws {
        let draw = Self.draws[index]
        let grouped = index == 2
        let summary = CalibrationSummary(try draw.rows(grouped: grouped), .init(signs: .init(draws: 0)))
        let n = draw.confidence.count
        let r = zip(draw.confidence, draw.outcome).map { $1 - $0 }
        // Kernel error and area: all pairs.
        var (kernel, pairs, better, comparable) = (0.0, 0.0, 0.0, 0.0)
        for i in 0..<n {
            for j in 0..<n where i != j {
                if !grouped || draw.groups[i] != draw.groups[j] {
                    kernel += r[i] * r[j] * .exp(-abs(draw.confidence[i] - draw.confidence[j]) / 0.1)
                    pairs += 1
                }
                if draw.outcome[i] == 1, draw.outcome[j] == 0 {
                    comparable += 1
                    better += draw.confidence[i] > draw.confidence[j] ? 1 : draw.confidence[i] == draw.confidence[j] ? 0.5 : 0
                }
            }
        }
        #expect(abs((summary.kernel.value ?? 1) - kernel / pairs) < 1e-14)
        #expect(abs((summary.areaUnderCurve?.value ?? 2) - better / comparable) < 1e-12)
        // Squared error within bins by pairs of different groups.
        let bins = draw.confidence.map { min(Int($0 * 10), 9) }
        var squared = 0.0
        for bin in 0..<10 {
            let members = (0..<n).filter { bins[$0] == bin }
            var (sum, count) = (0.0, 0.0)
            for i in members {
                for j in members where i != j && (!grouped || draw.groups[i] != draw.groups[j]) {
                    sum += r[i] * r[j]
                    count += 1
                }
            }
            if count > 0 { squared += Double(members.count) / Double(n) * sum / count }
        }
        #expect(abs((summary.byWidth.squared ?? 1) - squared) < 1e-14)
    }

    @Test func theAreaHasTheStandardErrorOfTheJackknife() throws {
        let draw = Draw(count: 400, seed: 11, groupSize: 2)
        func area(_ isIn: (Int) -> Bool) throws -> UncertainValue {
            let kept = draw.confidence.indices.filter(isIn)
            let rows = try ConfidenceRows(
                confidence: kept.map { draw.confidence[$0] }, outcome: kept.map { draw.outcome[$0] },
                clusters: Clusters(labels: kept.map { draw.groups[$0] }))
            return try #require(
                Discrimination.areaUnderCurve(rows, Inference(clusters: rows.clusters, confidence: 0.95)))
        }
        let full = try area { _ in true }
        let without = try (0..<200).map { group in try area { draw.groups[$0] != "g\(group)" }.value }
        let center = without.reduce(0, +) / 200
        let jackknife = (without.reduce(0) { $0 + ($1 - center) * ($1 - center) } * 199 / 200).squareRoot()
        #expect(abs((full.standardError ?? 0) / jackknife - 1) < 0.02)
    }

    @Test func theSmoothedErrorIsTheIntegralOfTheDefinition() throws {
        let draw = Draw(count: 60, seed: 5, truth: { $0 * $0 })
        let rows = try draw.rows()
        let smoothed = SmoothedError(rows, residuals: rows.residuals)
        let width = 0.12
        // The reflected Gaussian by its images, on a fine grid.
        var integral = 0.0
        let cells = 20_000
        for cell in 0..<cells {
            let t = (Double(cell) + 0.5) / Double(cells)
            var value = 0.0
            for (c, y) in zip(draw.confidence, draw.outcome) {
                for turn in -3...3 {
                    for image in [c, -c] {
                        let distance = (t - image - 2 * Double(turn)) / width
                        value += (y - c) * .exp(-distance * distance / 2)
                    }
                }
            }
            integral += abs(value)
        }
        integral /= Double(cells) * Double(draw.confidence.count) * width * (2 * Double.pi).squareRoot()
        #expect(abs(smoothed.error(width: width) - integral) < 1e-7)
        let fixed = smoothed.fixedPoint
        #expect(abs(smoothed.error(width: fixed) - fixed) < 1e-11)
    }

    @Test func cosineTransformsAreTheirSums() {
        let transform = CosineTransform(count: 16)
        let x = Draw(count: 16, seed: 9).confidence
        let coefficients = transform.coefficients(x)
        let series = transform.series(x)
        for k in 0..<16 {
            var (direct, sum) = (0.0, x[0])
            for j in 0..<16 {
                let turn = Double.cos(.pi * Double(k) * (Double(j) + 0.5) / 16)
                direct += x[j] * turn
                if j > 0 { sum += 2 * x[j] * Double.cos(.pi * Double(j) * (Double(k) + 0.5) / 16) }
            }
            #expect(abs(coefficients[k] - direct) < 1e-13)
            #expect(abs(series[k] - sum) < 1e-13)
        }
    }

    @Test func isotonicLevelsAreTheMinMaxOfMeans() throws {
        let draw = Draw(count: 60, seed: 6, steps: 20)
        let rows = try draw.rows()
        let fit = IsotonicFit(rows)
        let values = Set(draw.confidence).sorted()
        func mean(_ a: Int, _ b: Int) -> Double {
            let members = draw.confidence.indices.filter { draw.confidence[$0] >= values[a] && draw.confidence[$0] <= values[b] }
            return members.reduce(0) { $0 + draw.outcome[$1] } / Double(members.count)
        }
        for (place, value) in values.enumerated() {
            let level = (0...place).map { a in (place..<values.count).map { mean(a, $0) }.min() ?? 0 }.max() ?? 0
            #expect(abs(fit(value) - level) < 1e-12)
        }
        let brier = BrierScore(PreparedRows(rows, confidence: 0.95))
        #expect(abs(brier.score.value - (brier.miscalibration - brier.discrimination + brier.uncertainty)) < 1e-14)
    }

    @Test func theRiskCurveIsTheMeanOverOrdersOfTies() throws {
        let draw = Draw(count: 40, seed: 8, steps: 4)
        let selective = SelectivePrediction(try draw.rows())
        var sum = 0.0
        let orders = 4_000
        for seed in 0..<orders {
            var generator = SeededGenerator(seed: UInt64(seed), stream: "ties")
            let shuffled = generator.permutation(of: 40)
            let order = shuffled.enumerated().sorted {
                (-draw.confidence[$0.element], $0.offset) < (-draw.confidence[$1.element], $1.offset)
            }.map(\.element)
            var loss = 0.0
            for (answered, row) in order.enumerated() {
                loss += 1 - draw.outcome[row]
                sum += loss / Double(answered + 1) / 40
            }
        }
        #expect(abs(sum / Double(orders) - selective.aurc) < 0.002)
    }

    @Test func signedSumsAreThoseOfEachPattern() throws {
        let rows = try Draw(count: 70, seed: 4, groupSize: 2).rows(grouped: true)
        let residuals = rows.residuals
        let decays = rows.confidence.indices.map { $0 == 0 ? 0 : Double.exp(-(rows.confidence[$0] - rows.confidence[$0 - 1]) / 0.1) }
        var generator = SeededGenerator(seed: 3)
        let words = (0..<rows.clusters.count).map { _ in generator.next() }
        let sums = SignedSums.pairSums(residuals, decays, rows.clusters.ofRow, words, lanes: 37)
        #expect(sums.count == 37)
        for lane in 0..<37 {
            let signed = residuals.indices.map { row in
                words[rows.clusters.group(row)] >> UInt64(lane) & 1 == 1 ? -residuals[row] : residuals[row]
            }
            #expect(abs(KernelCalibrationError.pairSum(signed, decays) - sums[lane]) < 1e-12)
        }
    }

    @Test func theTemperatureIsWhereTheLikelihoodIsLargest() throws {
        var generator = SeededGenerator(seed: 12)
        let options = (0..<200).map { _ in (0..<4).map { _ in 2 * generator.normal() } }
        let labels = options.map { row in generator.uniform() < 0.6 ? row.firstIndex(of: row.max() ?? 0) ?? 0 : generator.index(below: 4) }
        let scores = try OptionScores(options: options, labels: labels)
        let fit = TemperatureFit(scores, Inference(clusters: scores.clusters, confidence: 0.95))
        func loss(_ t: Double) -> Double { OptionOutcomes(scores) { _ in t }.negativeLogLikelihood.reduce(0, +) }
        let best = loss(fit.temperature)
        for factor in [0.9, 0.99, 1.01, 1.1] { #expect(loss(fit.temperature * factor) > best) }
        // The slope of the loss there, by differences.
        let step = 1e-4
        #expect(abs(loss(fit.temperature + step) - loss(fit.temperature - step)) < 1e-6)
    }
}
