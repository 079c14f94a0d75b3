import LinearAlgebra
import Statistics

/// A single run of a detector over pairs in canonical order.
struct DetectionRun: Sendable {
    private let detector: MisalignmentDetector
    private let pairs: EmbeddedPairs
    private let folds: [Int]
    private let rowsByFold: [[Int]]
    private let decoys: [FoldDecoys]
    private let background: [Int]

    init(_ detector: MisalignmentDetector, _ pairs: EmbeddedPairs, folds: [Int]) {
        self.detector = detector
        self.pairs = pairs
        self.folds = folds
        let rows = Dictionary(grouping: folds.indices) { folds[$0] }.sorted { $0.key < $1.key }.map(\.value)
        rowsByFold = rows
        decoys = rows.enumerated().map { FoldDecoys(pairs, rows: $1, seed: detector.seed, fold: $0) }
        var generator = SeededGenerator(seed: detector.seed, stream: "background rows")
        background = generator.sample(detector.mostBackgroundRows, below: pairs.rowCount)
    }

    /// The scores of one fold under one ridge, and the fit behind them.
    private struct FoldOutcome: Sendable {
        let ridge: Double
        let scores: FoldScores
        let priorScale: Double
        let head: BilinearHead.Summary?
    }

    /// One pass over all folds under one ridge.
    private struct Pass {
        let ridge: Double
        let scores: [Double]
        let statistics: RelatednessStatistics
        let decoyCount: Int
        let histogram: ScoreHistogram
        let fit: MisalignmentDetection.FitSummary
    }

    /// Small folds run side by side; large ones run one after the other, each with all threads inside.
    private var runsFoldsSideBySide: Bool { pairs.rowCount <= 1_500 }

    private func passes(_ ridges: [Double], without leftOut: Set<Int>) throws -> [Pass] {
        let sideBySide = runsFoldsSideBySide
        let outcomes = try concurrentMap(
            count: rowsByFold.count, threadCount: sideBySide ? detector.threadCount : 1
        ) { fold in
            try score(fold, ridges, without: leftOut, threadCount: sideBySide ? 1 : detector.threadCount)
        }
        return ridges.indices.map { index in pass(outcomes.map { $0[index] }) }
    }

    private func score(_ fold: Int, _ ridges: [Double], without leftOut: Set<Int>, threadCount: Int) throws -> [FoldOutcome] {
        let fit = try HeadTraining(
            pairs, training: training(fold, without: leftOut), rank: detector.rank, seed: detector.seed,
            threadCount: threadCount)
        return try ridges.map { ridge in
            let head = try fit.head(ridge: ridge, tolerance: detector.tolerance)
            let scorer = PairScorer(
                pairs: pairs, basis: fit.basis, weights: head?.weights, priorScale: fit.priorScale, threadCount: threadCount)
            let scores = try FoldScores(
                scorer, rows: rowsByFold[fold], decoys: decoys[fold], background: background,
                sharpening: detector.sharpening, threadCount: threadCount)
            return FoldOutcome(ridge: ridge, scores: scores, priorScale: fit.priorScale, head: head?.summary)
        }
    }

    private func training(_ fold: Int, without leftOut: Set<Int>) -> [Int] {
        let heldOut = Set(rowsByFold[fold])
        let rows = folds.indices.filter { !heldOut.contains($0) && !leftOut.contains($0) }
        var generator = SeededGenerator(seed: detector.seed, stream: "training rows", index: fold)
        return generator.sample(detector.mostTrainingRows, below: rows.count).map { rows[$0] }
    }

    private func pass(_ outcomes: [FoldOutcome]) -> Pass {
        var scores = [Double](repeating: 0, count: pairs.rowCount)
        for (rows, outcome) in zip(rowsByFold, outcomes) {
            for (row, score) in zip(rows, outcome.scores.pairs) { scores[row] = score }
        }
        let wrong = outcomes.flatMap(\.scores.decoys).sorted()
        let heads = outcomes.compactMap(\.head)
        return Pass(
            ridge: outcomes.first?.ridge ?? .infinity, scores: scores,
            statistics: RelatednessStatistics(scores: scores, sortedDecoys: wrong), decoyCount: wrong.count,
            histogram: ScoreHistogram(pairs: scores, sortedDecoys: wrong),
            fit: MisalignmentDetection.FitSummary(
                priorScales: outcomes.map(\.priorScale),
                loss: heads.isEmpty ? nil : heads.reduce(0) { $0 + $1.lossPerRow } / Double(heads.count),
                relativeGradient: heads.map(\.relativeGradient).max(),
                newtonSteps: heads.reduce(0) { $0 + $1.newtonSteps },
                curvatureProducts: heads.reduce(0) { $0 + $1.curvatureProducts },
                trainingRows: heads.map(\.rowCount).max() ?? 0))
    }

    /// Runs pass 1 under every ridge and takes the ridge with the best pair AUROC; runs pass 2 without the pairs that look unrelated; finds
    /// the partners of flagged rows.
    func detection() throws -> MisalignmentDetection {
        let candidates =
            detector.ridge.map { [$0] }
            ?? detector.ridges.filter { $0 < .infinity || pairs.hasCosines }
        let first = try passes(candidates, without: [])
        // The first of equal ridges wins; `max` would take the last.
        guard var best = first.first else { preconditionFailure("a detector without a ridge") }
        for pass in first where pass.statistics.pairAUROC > best.statistics.pairAUROC { best = pass }
        let suspicious = Set(
            best.statistics.unrelated.indices.filter {
                best.statistics.unrelated[$0] >= detector.flagThreshold
            })
        let smallestRest = rowsByFold.indices.map { training($0, without: suspicious).count }.min() ?? 0
        let isSecond =
            !suspicious.isEmpty && best.statistics.pairAUROC >= detector.leastSignal && smallestRest >= MisalignmentDetector.fewestRows
        let last =
            isSecond
            ? try passes([best.ridge], without: suspicious)[0] : best
        let hasNoSignal = last.statistics.pairAUROC < detector.leastSignal
        let isFlagged = last.statistics.unrelated.map { !hasNoSignal && $0 >= detector.flagThreshold }
        let baselines = CosineBaselines(pairs, background: background, threadCount: detector.threadCount)
        return MisalignmentDetection(
            folds: folds, scores: last.scores, statistics: last.statistics,
            shareInterval: RelatednessStatistics.shareInterval(
                pValues: last.statistics.pValues, groups: pairs.groups, confidence: 0.95, seed: detector.seed),
            decoyCount: last.decoyCount, histogram: last.histogram, ridge: best.ridge,
            ridgeTrials: first.map { MisalignmentDetection.RidgeTrial(ridge: $0.ridge, pairAUROC: $0.statistics.pairAUROC) },
            fit: last.fit,
            passCount: isSecond ? 2 : 1, leftOutCount: isSecond ? suspicious.count : 0, hasNoSignal: hasNoSignal,
            isConfirmed: last.statistics.qValues.map { !hasNoSignal && $0 <= detector.alpha }, isFlagged: isFlagged,
            partners: try partners(isFlagged, ridge: best.ridge, without: isSecond ? suspicious : []),
            cosine: baselines?.cosine(), softmaxCosine: try baselines?.softmaxCosine(),
            cosinePairAUROC: baselines.map { cosinePairAUROC($0) })
    }

    private func cosinePairAUROC(_ baselines: CosineBaselines) -> Double {
        let wrong = zip(rowsByFold, decoys).flatMap { rows, decoys in
            baselines.cosines(decoys.pairs.map { rows[$0.left] }, decoys.pairs.map { rows[$0.right] })
        }.sorted()
        return RelatednessStatistics(scores: baselines.cosine(), sortedDecoys: wrong).pairAUROC
    }

    /// For each flagged row, argmax_j S_nj - lse_i S_ij over the other rows of the background, under the head of its fold.
    private func partners(_ isFlagged: [Bool], ridge: Double, without leftOut: Set<Int>) throws
        -> [MisalignmentDetection.Partner?]
    {
        var partners = [MisalignmentDetection.Partner?](repeating: nil, count: pairs.rowCount)
        for (fold, all) in rowsByFold.enumerated() {
            let rows = all.filter { isFlagged[$0] }
            guard !rows.isEmpty else { continue }
            let fit = try HeadTraining(
                pairs, training: training(fold, without: leftOut), rank: detector.rank, seed: detector.seed,
                threadCount: detector.threadCount)
            let head = try fit.head(ridge: ridge, tolerance: detector.tolerance)
            let scorer = PairScorer(
                pairs: pairs, basis: fit.basis, weights: head?.weights, priorScale: fit.priorScale,
                threadCount: detector.threadCount)
            let found = try scorer.bestPartners(rows, among: background, threadCount: detector.threadCount)
            for (row, partner) in zip(rows, found) { partners[row] = partner }
        }
        return partners
    }
}

extension BilinearHead {
    /// The numbers that are kept of a fit.
    struct Summary: Sendable {
        let lossPerRow: Double
        let relativeGradient: Double
        let newtonSteps: Int
        let curvatureProducts: Int
        let rowCount: Int
    }

    var summary: Summary {
        let count = objective.rowCount
        return Summary(
            lossPerRow: loss / Double(max(1, count)), relativeGradient: relativeGradient, newtonSteps: newtonSteps,
            curvatureProducts: curvatureProducts, rowCount: count)
    }
}

extension MisalignmentDetection {
    /// The same detection with row k of this one at place `order[k]`.
    func reordered(_ order: [Int]) -> MisalignmentDetection {
        func restored<Value>(_ values: [Value]) -> [Value] {
            var places = [Int](repeating: 0, count: order.count)
            for (position, row) in order.enumerated() { places[row] = position }
            return places.map { values[$0] }
        }
        return MisalignmentDetection(
            folds: restored(folds), scores: restored(scores),
            statistics: RelatednessStatistics(
                pValues: restored(statistics.pValues), qValues: restored(statistics.qValues), share: statistics.share,
                unrelated: restored(statistics.unrelated), pairAUROC: statistics.pairAUROC),
            shareInterval: shareInterval, decoyCount: decoyCount, histogram: histogram, ridge: ridge, ridgeTrials: ridgeTrials, fit: fit,
            passCount: passCount, leftOutCount: leftOutCount, hasNoSignal: hasNoSignal, isConfirmed: restored(isConfirmed),
            isFlagged: restored(isFlagged),
            partners: restored(partners).map { $0.map { Partner(row: order[$0.row], score: $0.score) } },
            cosine: cosine.map(restored), softmaxCosine: softmaxCosine.map(restored), cosinePairAUROC: cosinePairAUROC)
    }
}
