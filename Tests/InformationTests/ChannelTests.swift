import LinearAlgebra
import RealModule
import Statistics
import Testing

@testable import Information

/// Sets whose references are one of some contents in one of four wordings, and whose responses are wrong in a known share of rows.
struct ChannelWorld {
    var generator: SeededGenerator
    let contents: Matrix
    let wordings: Matrix
    let width: Int

    init(seed: UInt64, width: Int = 24, contents: Int = 8) {
        generator = SeededGenerator(seed: seed, stream: "channel world")
        self.width = width
        self.contents = generator.normals(contents, width)
        wordings = generator.normals(4, width).mapElements { 0.6 * $0 }
    }

    /// - Parameters:
    ///   - wrong: the share of rows whose response has the content of another draw.
    ///   - groupSize: rows of one group share their name and their error.
    mutating func set(
        _ name: String, rows: Int, wrong: Double, groupSize: Int = 1, code: (Int) -> Int = { $0 }
    ) -> SampleSet {
        let own = (0..<rows).map { _ in generator.index(below: contents.rowCount) }
        let groupErrors = (0...(rows / groupSize)).map { _ in generator.uniform() < wrong }
        let said = own.enumerated().map { groupErrors[$0 / groupSize] ? generator.index(below: contents.rowCount) : code($1) }
        let query = contents.selectingRows(own).adding(generator.normals(rows, width).mapElements { 0.1 * $0 })
        return SampleSet(
            name: name, modalities: [Modality(name: "text", rows: query.rowsNormalized)], response: answers(said),
            reference: answers(own), groups: (0..<rows).map { "\(name) \($0 / groupSize)" })
    }

    private mutating func answers(_ contents: [Int]) -> Matrix {
        let count = contents.count
        let words = (0..<count).map { _ in generator.index(below: 4) }
        return self.contents.selectingRows(contents).adding(wordings.selectingRows(words))
            .adding(generator.normals(count, width).mapElements { 0.2 * $0 }).rowsNormalized
    }
}

/// The sets of three accuracies.
private func threeSets(seed: UInt64 = 1, groupSize: Int = 1) -> [SampleSet] {
    var world = ChannelWorld(seed: seed)
    return [("clean", 60, 0.05), ("frost", 60, 0.4), ("night", 45, 0.9)].map {
        world.set($0.0, rows: $0.1, wrong: $0.2, groupSize: groupSize)
    }
}

/// The judges of two fits are the same to 1e-10.
private func expectSame(_ a: ChannelFit, _ b: ChannelFit) {
    #expect(a.judges.count == b.judges.count && a.rowCount == b.rowCount && a.ridge == b.ridge)
    for (left, right) in zip(a.judges, b.judges) {
        #expect(left.rowCount == right.rowCount)
        for (x, y) in zip(left.slopes.elements, right.slopes.elements) { #expect(close(x, y, 1e-10)) }
        for (x, y) in zip(left.residuals.elements, right.residuals.elements) { #expect(close(x, y, 1e-10)) }
    }
}

private func close(_ a: Double, _ b: Double, _ tolerance: Double = 1e-9) -> Bool { abs(a - b) <= tolerance * max(1, abs(b)) }

@Suite struct ChannelTests {
    @Test func theMoreAnswersAreWrongTheLowerIsEMI() throws {
        let values = try ReferenceChannel().judged(threeSets()).rows.map(\.estimate.value)
        #expect(values[0] > values[1] && values[1] > values[2])
    }

    @Test func noInformationExceedsWhatSoManyRowsCanShow() throws {
        for rows in try ReferenceChannel().judged(threeSets()).rows {
            let most = Double.log(0.1 + 0.9 * Double(rows.rowCount))
            let (model, reference) = rows.contributions()
            #expect((model + reference).allSatisfy { $0 >= Double.log(0.1) - 1e-12 && $0 <= most + 1e-12 })
        }
    }

    /// Up to the last digits: BLAS kernels add up a row of a product by where it stands.
    @Test func theOrderOfRowsAndSetsMovesNothing() throws {
        let sets = threeSets(groupSize: 3)
        let fit = try ReferenceChannel().fit(sets)
        var generator = SeededGenerator(seed: 3)
        let orders = sets.map { generator.permutation(of: $0.rowCount) }
        let shuffled = zip(sets, orders).map { $0.selectingRows($1) }
        let other = try ReferenceChannel().fit(shuffled.reversed())
        #expect(fit.directions == other.directions && fit.ridge == other.ridge)
        expectSame(fit, other)
        let (left, right) = (try fit.rows(of: sets), try other.rows(of: shuffled))
        for (set, order) in orders.enumerated() {
            let (a, b) = (left[set].contributions().model, right[set].contributions().model)
            for (position, row) in order.enumerated() { #expect(close(a[row], b[position], 1e-10)) }
        }
    }

    @Test func theNumberOfThreadsChangesNoDigit() throws {
        let one = try ReferenceChannel().judged(threeSets(), threadCount: 1)
        let four = try ReferenceChannel().judged(threeSets(), threadCount: 4)
        #expect(one.fit == four.fit)
        #expect(one.rows.map { $0.contributions().model } == four.rows.map { $0.contributions().model })
    }

    /// The oracle: fit anew without each fold, by the formulas as they stand, and judge its rows.
    @Test func everyFoldIsJudgedAsIfItHadNeverBeenThere() throws {
        let sets = threeSets(groupSize: 3)
        let (fit, rows) = try ReferenceChannel().judged(sets)
        let space = fit.space
        let coordinates = sets.map { (space.coordinates($0.reference), space.coordinates($0.response)) }
        let queries = coordinates.map(\.0).reduce(Matrix.zeros(0, fit.componentCount)) { $0.stacked(on: $1) }.withLeadingOnes
        let answers = coordinates.map(\.1).reduce(Matrix.zeros(0, fit.componentCount)) { $0.stacked(on: $1) }
        let judges = rows.flatMap(\.judges)
        let unit = queries.squaredRowNorms.reduce(0) { $0 + $1 - 1 } / Double(fit.componentCount)
        for fold in [0, 7, 20] {
            let kept = judges.indices.filter { judges[$0] != fold }
            let (x, z) = (queries.selectingRows(kept), answers.selectingRows(kept))
            var penalised = x.crossProduct
            for index in 1..<x.columnCount { penalised[index, index] += fit.ridge * unit }
            var targets = z
            for i in 0..<z.rowCount { for j in 0..<z.columnCount { targets[i, j] -= fit.kappa * x[i, j + 1] } }
            var slopes = try penalised.solve(x.transposedTimes(targets))
            for index in 0..<slopes.columnCount { slopes[index + 1, index] += fit.kappa }
            let expected = try ReferenceChannel.oneCode(slopes)
            for (a, b) in zip(fit.judges[fold].slopes.elements, expected.elements) { #expect(close(a, b)) }
        }
    }

    /// The oracle of a row's addition: densities of the Gaussian, one by one.
    @Test func whatARowAddsIsTheLogRatioOfDensities() throws {
        let sets = threeSets()
        let (fit, rows) = try ReferenceChannel().judged(sets)
        let set = rows[1]
        let found = set.contributions()
        for row in [0, 17, 59] {
            let judge = fit.judges[set.judges[row]]
            let noise = try judge.noise(fit.channel, floor: fit.floor)
            func density(_ answer: [Double], _ other: Int) -> Double {
                let mean = set.coordinates.reference.selectingRows([other]).withLeadingOnes.times(judge.slopes).elements
                let difference = Matrix(rowCount: 1, columnCount: mean.count, elements: zip(answer, mean).map { $0 - $1 })
                return Double.exp(-noise.whitening(difference).squaredRowNorms[0] / 2)
            }
            let response = Array(set.coordinates.response.row(row))
            let reference = zip(set.coordinates.reference.row(row), fit.shift).map { $0 + $1 }
            for (answer, value) in [(response, found.model[row]), (reference, found.reference[row])] {
                let mean = (0..<set.rowCount).reduce(0) { $0 + density(answer, $1) } / Double(set.rowCount)
                #expect(close(value, .log(0.1 + 0.9 * density(answer, row) / mean), 1e-7))
            }
        }
    }

    @Test func aModelThatSaysItInACodeOfItsOwnIsNotRewarded() throws {
        var world = ChannelWorld(seed: 5)
        let rotated = (0..<4).map { world.set("set \($0)", rows: 60, wrong: 0, code: { ($0 + 1) % 8 }) }
        let honest = (0..<4).map { world.set("honest \($0)", rows: 60, wrong: 0) }
        let (codeFit, code) = try ReferenceChannel().judged(rotated)
        let honestFit = try ReferenceChannel().fit(honest)
        #expect(code.map(\.estimate.value).max() ?? 0 < -0.5)
        let (isOwn, isHonest) = (ChannelDoubts.hasOwnCode(codeFit), !ChannelDoubts.hasOwnCode(honestFit))
        #expect(isOwn, "\(codeFit.deviance)")
        #expect(isHonest, "\(honestFit.deviance)")
    }

    @Test func aModelThatRepeatsItsReferencesLosesNothing() throws {
        let sets = threeSets().map {
            SampleSet(name: $0.name, modalities: $0.modalities, response: $0.reference, reference: $0.reference, groups: $0.groups)
        }
        for rows in try ReferenceChannel().judged(sets).rows { #expect(abs(rows.estimate.value) < 1e-6) }
    }

    @Test func answersThatSayNothingLeaveNoChannel() throws {
        var world = ChannelWorld(seed: 8)
        let sets = (0..<4).map { world.set("set \($0)", rows: 60, wrong: 1) }
        let rows = try ReferenceChannel().judged(sets).rows
        #expect(ChannelDoubts.carriesNothing(rows))
        #expect(abs(rows.map(\.estimate.modelMutualInformation).reduce(0, +) / 4) < 0.1)
        let carries = !ChannelDoubts.carriesNothing(try ReferenceChannel().judged(threeSets()).rows)
        #expect(carries)
    }

    @Test func rowsOfGroupsThatTheFitHasNotSeenAreJudgedByAll() throws {
        var world = ChannelWorld(seed: 2)
        let fitted = (0..<3).map { world.set("set \($0)", rows: 60, wrong: 0.2) }
        let (fit, _) = try ReferenceChannel().judged(fitted)
        let fresh = try fit.rows(of: [world.set("fresh", rows: 60, wrong: 0.2)])[0]
        #expect(fresh.judges.allSatisfy { $0 == fit.wholeJudge })
        #expect(try fit.rows(of: fitted)[1].judges.allSatisfy { $0 != fit.wholeJudge })
        #expect(abs(fresh.estimate.value - (try fit.estimate(fitted)[0].value)) < 1)
    }

    @Test func aLargeSetIsComparedWithAThousandOfItsRowsWhateverTheirOrder() throws {
        var world = ChannelWorld(seed: 4)
        var channel = ReferenceChannel()
        channel.negativeLimit = 100
        let sets = [world.set("large", rows: 240, wrong: 0.3), world.set("small", rows: 60, wrong: 0.1)]
        let (fit, rows) = try channel.judged(sets)
        #expect(rows[0].negatives.count == 100 && rows[1].negatives.count == 60)
        let values = rows[0].contributions().model
        #expect(values.allSatisfy { $0 <= Double.log(0.1 + 0.9 * 101) + 1e-12 })
        var generator = SeededGenerator(seed: 9)
        let order = generator.permutation(of: 240)
        let shuffled = try fit.rows(of: [sets[0].selectingRows(order)])[0].contributions().model
        for (position, row) in order.enumerated() { #expect(close(shuffled[position], values[row], 1e-10)) }
        let all = try ReferenceChannel().judged(sets).rows[0].estimate.value
        #expect(abs(rows[0].estimate.value - all) < 0.3)
    }

    @Test func aPoolThatIsTooLargeIsFittedToRowsOfTheSmallestHashes() throws {
        var channel = ReferenceChannel()
        channel.fittedRowLimit = 120
        let sets = threeSets()
        let fit = try channel.fit(sets)
        #expect(fit.rowCount == 120)
        var generator = SeededGenerator(seed: 1)
        let shuffled = sets.map { $0.selectingRows(generator.permutation(of: $0.rowCount)) }
        expectSame(fit, try channel.fit(shuffled))
    }

    @Test func badInputIsNamed() throws {
        let sets = threeSets()
        func same(_ set: SampleSet, groups: [String]?, reference: Matrix? = nil) -> SampleSet {
            SampleSet(
                name: set.name, modalities: set.modalities, response: set.response, reference: reference ?? set.reference,
                groups: groups)
        }
        let one = [String](repeating: "one", count: 60)
        #expect(throws: EstimationError.tooFewGroups(found: 1)) { try ReferenceChannel().fit([same(sets[0], groups: one)]) }
        let equal = Matrix(rowCount: 60, columnCount: 24) { _, column in Double(column) / 70 }
        #expect(throws: EstimationError.self) {
            try ReferenceChannel().fit([same(sets[0], groups: sets[0].groups, reference: equal)])
        }
        let fit = try ReferenceChannel().fit(sets)
        var narrow = ChannelWorld(seed: 1, width: 5)
        #expect(throws: EstimationError.self) { try fit.rows(of: [narrow.set("narrow", rows: 20, wrong: 0)]) }
    }
}

@Suite struct ChannelPairTests {
    @Test func theSplitThatWasSeenHasTheGapThatWasSeen() throws {
        let sets = threeSets(groupSize: 3)
        let rows = try ReferenceChannel().judged(sets).rows
        let pair = ChannelPair(rows[0], rows[2])
        let parts = pair.effectiveInformation(of: [Array(0..<60), Array(60..<105)])
        let gap = parts[0] - parts[1]
        #expect(close(gap, rows[0].estimate.value - rows[2].estimate.value))
    }

    /// The oracle: under other labels a part is judged as a set of its own would be.
    @Test func underOtherLabelsNegativesAreThoseOfThePart() throws {
        let sets = threeSets()
        let (fit, rows) = try ReferenceChannel().judged(sets)
        let split = RowSplit(first: Array(stride(from: 0, to: 120, by: 2)), second: Array(stride(from: 1, to: 120, by: 2)))
        let found = ChannelPair(rows[0], rows[1]).effectiveInformation(of: [split.first, split.second])
        let parts = [split.first, split.second].map { pooled -> SampleSet in
            let (own, other) = (pooled.filter { $0 < 60 }, pooled.filter { $0 >= 60 }.map { $0 - 60 })
            let (a, b) = (sets[0].selectingRows(own), sets[1].selectingRows(other))
            return SampleSet(
                name: "part", modalities: [Modality(name: "text", rows: a.modalities[0].rows.stacked(on: b.modalities[0].rows))],
                response: a.response.stacked(on: b.response), reference: a.reference.stacked(on: b.reference),
                groups: (a.groups ?? []) + (b.groups ?? []))
        }
        let estimates = try parts.map { try fit.estimate([$0])[0].value }
        #expect(close(found[0], estimates[0]) && close(found[1], estimates[1]))
    }

    private func permutationPValue(_ first: ChannelRows, _ second: ChannelRows, _ design: ExchangeDesign) throws -> Double {
        let gap = try EMIDEstimate(
            fromForms: (first.estimate, second.estimate), relabellings: design.lazyRelabellings(count: 199, seed: 1),
            intervals: IntervalMethod(), threadCount: 1)
        return try #require(gap?.pValue)
    }

    @Test func aGapThatIsThereIsFoundAndOneThatIsNotIsNot() throws {
        let sets = threeSets(groupSize: 3)
        let rows = try ReferenceChannel().judged(sets).rows
        func pValue(_ a: Int, _ b: Int) throws -> Double {
            let design = ExchangeDesign(sets[a], sets[b])
            return try permutationPValue(rows[a], rows[b], design)
        }
        #expect(try pValue(0, 2) <= 0.01)
        var world = ChannelWorld(seed: 12)
        let same = (0..<4).map { world.set("same \($0)", rows: 60, wrong: 0.3, groupSize: 3) }
        let pair = try ReferenceChannel().judged(same).rows
        #expect(try permutationPValue(pair[0], pair[1], ExchangeDesign(same[0], same[1])) > 0.05)
    }

    @Test func aPairOfLargeSetsIsComputedBlockByBlock() throws {
        var world = ChannelWorld(seed: 6)
        var channel = ReferenceChannel()
        channel.negativeLimit = 50
        let sets = (0..<2).map { world.set("set \($0)", rows: 130, wrong: 0.3) }
        let rows = try channel.judged(sets).rows
        let pair = ChannelPair(rows[0], rows[1])
        let own = pair.effectiveInformation(of: [Array(0..<130), Array(130..<260)])
        #expect(close(own[0], rows[0].estimate.value) && close(own[1], rows[1].estimate.value))
    }

    /// ln(d + (1 - d)/m) of some pooled rows by the densities themselves, against the negatives of its own set or of all sets.
    private func naiveContributions(_ fit: ChannelFit, _ rows: [ChannelRows], kind: ChannelRows.Answers, isOwnOnly: Bool) -> [(
        row: Int, value: Double
    )] {
        func logDensity(_ judge: ChannelJudge, _ answer: [Double], _ reference: ArraySlice<Double>) -> Double {
            let covariance = fit.channel.shrunk(judge.residuals.mapElements { $0 / Double(judge.rowCount) }, floor: fit.floor)
            let expected = Matrix(rows: [[1] + Array(reference)]).times(judge.slopes).elements
            let difference = Matrix(rowCount: answer.count, columnCount: 1, elements: zip(answer, expected).map { $0 - $1 })
            guard let solved = try? covariance.choleskyDecomposition().solve(difference) else { return .nan }
            return -zip(difference.elements, solved.elements).reduce(0) { $0 + $1.0 * $1.1 } / 2
        }
        return zip(rows, [0, rows[0].rowCount]).flatMap { set, first in
            stride(from: 0, to: set.rowCount, by: 41).map { row in
                let judge = fit.judges[set.judges[row]]
                let answer =
                    kind == .model
                    ? Array(set.coordinates.response.row(row)) : zip(set.coordinates.reference.row(row), fit.shift).map { $0 + $1 }
                let own = logDensity(judge, answer, set.coordinates.reference.row(row))
                let means = rows.filter { !isOwnOnly || $0.groups == set.groups }.map { other in
                    let ratios = other.negatives.map { Double.exp(logDensity(judge, answer, other.coordinates.reference.row($0)) - own) }
                    let joins = other.groups == set.groups && !set.negatives.contains(row)
                    return (ratios.reduce(0, +) + (joins ? 1 : 0)) / Double(ratios.count + (joins ? 1 : 0))
                }
                return (first + row, .log(0.1 + 0.9 / (means.reduce(0, +) / Double(means.count))))
            }
        }
    }

    /// As many rows that nothing is kept, judged in blocks that end within a set.
    @Test func contributionsOfLargePairsAreThoseOfTheDensities() throws {
        var world = ChannelWorld(seed: 16, width: 6)
        var channel = ReferenceChannel()
        (channel.negativeLimit, channel.componentLimit) = (20, 3)
        let sets = [world.set("one", rows: 2_100, wrong: 0.3), world.set("two", rows: 1_030, wrong: 0.6)]
        let (fit, rows) = try channel.judged(sets)
        // The estimates of large sets keep the means under their own negatives.
        let pair = ChannelPair(rows[0], rows[1])
        let withMeans = ChannelPair(try #require(rows[0].estimate.channelRows), try #require(rows[1].estimate.channelRows))
        for isOwnOnly in [true, false] {
            let (found, quick) =
                isOwnOnly
                ? (pair.contributionsUnderOwn(), withMeans.contributionsUnderOwn())
                : (pair.contributionsUnderBoth(), withMeans.contributionsUnderBoth())
            for (kind, values) in [(ChannelRows.Answers.model, found.model), (.reference, found.reference)] {
                let expected = naiveContributions(fit, rows, kind: kind, isOwnOnly: isOwnOnly)
                #expect(values.count == 3_130 && expected.count > 70)
                #expect(expected.allSatisfy { close(values[$0.row], $0.value) })
                #expect(zip(values, kind == .model ? quick.model : quick.reference).allSatisfy { close($0, $1, 1e-11) })
            }
        }
    }

    /// The sums of choices that overlap are those of each choice alone.
    @Test(arguments: [(40, 39), (40, 25), (40, 7), (40, 1), (7, 6), (90, 40)])
    func everyChoiceOfGroupsHasTheMeanOfItsRatios(_ groupCount: Int, _ taken: Int) throws {
        var world = ChannelWorld(seed: UInt64(groupCount))
        let sets = [
            world.set("large", rows: 3 * groupCount, wrong: 0.3, groupSize: 3),
            world.set("small", rows: 3 * taken, wrong: 0.3, groupSize: 3),
            world.set("third", rows: 60, wrong: 0.2),
        ]
        let rows = try ReferenceChannel().judged(sets).rows
        #expect(ComparedGroups.count(rows[0]) == groupCount)
        let groups = ComparedGroups(rows[0], taking: taken)
        // One ratio is beyond all others, so that nothing may be subtracted from a sum that held it.
        let ratios = (0..<(3 * groupCount)).map { $0 == 4 ? 1e290 : 1 / Double($0 + 1) }
        let (labels, hashes) = (rows[0].groups, rows[0].hashes)
        func leastHash(_ rows: [Int]) -> UInt64 { rows.map { hashes[$0] }.min() ?? 0 }
        let order: [[Int]] = Dictionary(grouping: labels.indices) { labels[$0] }.values.sorted { leastHash($0) < leastHash($1) }
        for row in [0, 5, 3 * groupCount - 1] {
            let found = groups.means(ratios[...], sum: ratios.reduce(0, +), of: .own(row))
            let position = try #require(order.firstIndex { $0.contains(row) })
            let choices = min(16, taken)
            #expect(found.count == choices)
            for (choice, mean) in found.enumerated() {
                let start = position + groupCount - (taken - 1) + choice * taken / choices
                let places: [Int] = (start..<(start + taken)).flatMap { order[$0 % groupCount] }
                let expected: Double = places.map { ratios[$0] }.reduce(0, +) / Double(places.count)
                #expect(abs(mean - expected) <= 1e-12 * expected)
            }
        }
    }
}
