import Attribution

/// With fewer pairs than this, heads are mostly noise.
private let fewPairs = 100
/// A larger share of rows with equal right sides suggests class labels.
private let classLikeShare = 0.05
/// With fewer validation pairs per axis than this, influences are mostly noise.
private let validationPairsPerAxis = 10

/// What the reader of an attribution should know.
func attributionWarnings(
    _ loaded: LoadedPairs, _ detection: MisalignmentDetection, valuation: (value: PairValuation, validation: LoadedPairs)?,
    duplicateRight: Int, settings: AttributionSettings
) -> [RunWarning] {
    var warnings: [RunWarning] = []
    let count = loaded.pairs.rowCount
    func add(_ code: WarningCode, _ message: String) { warnings.append(RunWarning(code, message)) }
    if count < fewPairs {
        add(.fewRows, "\(count) pairs are few: scores of single rows are noisy below about \(fewPairs)")
    }
    if detection.hasNoSignal {
        add(
            .noSignal,
            "pairs do not stand apart from random partners (pair AUROC \(twoDigits(detection.statistics.pairAUROC))): nothing is flagged or confirmed"
        )
    }
    if Double(duplicateRight) > classLikeShare * Double(count) {
        add(
            .classLikeCaptions,
            "\(duplicateRight) of \(count) rows share their '\(loaded.right.name)' with another row, as class labels do: many decoys are true matches, and few rows are confirmed"
        )
    } else if duplicateRight > 0 {
        add(
            .duplicatePartners,
            "\(duplicateRight) rows share their '\(loaded.right.name)' with another row; they are no decoys of each other")
    }
    if detection.isFlagged.contains(true) {
        add(
            .overConfidentPosterior,
            "'unrelated' is about an upper bound: of rows flagged above 0.8 where 97 % were claimed to be mismatched, 84 % were; look at them before removing them"
        )
    }
    if let valuation {
        let size = valuation.validation.pairs.rowCount
        if size < validationPairsPerAxis * settings.rank {
            add(
                .smallValidation,
                "\(size) validation pairs for a head of rank \(settings.rank): influences of single rows are noisy below \(validationPairsPerAxis * settings.rank); a smaller --rank needs fewer"
            )
        }
        add(
            .influenceIsNotADetector,
            "influence says what removing a pair does to the validation loss, not whether the pair is wrong: look for mismatches by score")
    }
    return warnings
}

private func twoDigits(_ value: Double) -> String { "\((value * 100).rounded() / 100)" }
