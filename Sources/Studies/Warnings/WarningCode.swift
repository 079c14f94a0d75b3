/// The names of all warnings; `Sources/Reports/Warnings.md`, which `emi explain` prints, has a section on each.
package enum WarningCode: String, Sendable, CaseIterable {
    // Rows of one set.
    case fewGroups = "few_groups"
    case repeatedIdentifiers = "repeated_ids"
    case duplicateRows = "duplicate_rows"
    case constantModality = "constant_modality"
    case constantArray = "constant_array"
    case constantResponse = "constant_response"
    case repeatedResponse = "repeated_response"
    case emptyText = "empty_text"
    case inputNote = "input_note"
    case outsideRange = "outside_range"
    case bracketCrossed = "bracket_crossed"

    case reviewCoverage = "review_coverage"
    case repeatedQuery = "repeated_query"
    case fewAnswers = "few_answers"
    case wordingDiffers = "wording_differs"
    case saturated = "saturated"
    case referencesFromModel = "references_from_model"

    // The channel of a run.
    case noChannel = "no_channel"
    case ownCode = "own_code"
    case fewRows = "few_rows"

    // Two sets.
    case pairedByReference = "paired_by_reference"
    case sharedRows = "shared_rows"
    case unlikeSizes = "unlike_sizes"
    case normalisationDiffers = "normalisation_differs"
    case fewRelabellings = "few_relabellings"
    case discrepancyUnresolved = "discrepancy_unresolved"
    case sampledShares = "sampled_shares"
    case smallSample = "small_sample"
    case approximateKernel = "approximate_kernel"
    case sampledRows = "sampled_rows"
    case relabelledBuckets = "relabelled_buckets"
    case intervalAndTestDisagree = "interval_and_test_disagree"
    case boundUndefined = "bound_undefined"
    case boundBelowGap = "bound_below_gap"

    // Confidences.
    case excludedRows = "excluded_rows"
    case constantConfidence = "constant_confidence"
    case certainAndWrong = "certain_and_wrong"
    case oneOutcome = "one_outcome"
    case optionsCut = "options_cut"
    case oneSample = "one_sample"
    case sampledAnswer = "sampled_answer"
    case scoreTies = "score_ties"
    case temperatureLimit = "temperature_limit"
    case scoresDisagree = "scores_disagree"
    case unpairedSets = "unpaired_sets"
    case partlyPaired = "partly_paired"

    // Pairs of an attribution.
    case noSignal = "no_signal"
    case duplicatePartners = "duplicate_partners"
    case classLikeCaptions = "class_like_captions"
    case smallValidation = "small_validation"
    case influenceIsNotADetector = "influence_is_not_a_detector"
    case overConfidentPosterior = "over_confident_posterior"

    // A report that is read.
    case newerReport = "newer_report"

    /// Whether the warning is about the rows of one set, whatever the set is compared with.
    package var isAboutOneSet: Bool {
        switch self {
        case .fewGroups, .repeatedIdentifiers, .duplicateRows, .constantModality, .constantArray, .constantResponse, .repeatedResponse,
            .emptyText, .inputNote, .outsideRange, .bracketCrossed, .reviewCoverage, .repeatedQuery, .fewAnswers, .wordingDiffers,
            .saturated,
            .referencesFromModel:
            true
        default: false
        }
    }
}

/// Something that a reader of the numbers should know.
package struct RunWarning: Sendable, Equatable {
    /// The name of the warning.
    package let code: WarningCode
    /// The warning in one sentence.
    package let message: String

    /// A warning with this name and sentence, which may quote names from files.
    package init(_ code: WarningCode, _ message: String) {
        self.code = code
        self.message = message.withoutControls
    }
}
