/// What became of a row of a file of confidences: it is used, excluded for a reason that is counted, or at fault.
package enum RowState: UInt8, Sendable, CaseIterable {
    /// The row has a confidence and a correctness.
    case used
    // Excluded rows: the cause is the model.
    /// The model declined to answer.
    case abstained
    /// There is an answer, but no confidence in it.
    case noConfidence
    /// There is no answer at all.
    case noAnswer
    /// The text contains no recognisable answer.
    case unparsed
    /// The request failed.
    case failedRequest
    /// The evaluation drew an answer at random.
    case randomAnswer
    /// The model stated an impossible confidence, such as 140 %.
    case statedOutOfRange
    // Rows at fault: the cause is the file.
    case confidenceOutOfRange
    case confidenceNotANumber
    case noCorrectness
    case correctnessOutOfRange
    case duplicateIdentifier
    case oneOption
    case labelOutOfRange
    case mixedSigns
    case scoreNotFinite

    /// The identifier in reports.
    package var code: String {
        switch self {
        case .used: "used"
        case .abstained: "abstained"
        case .noConfidence: "no_confidence"
        case .noAnswer: "no_answer"
        case .unparsed: "unparsed"
        case .failedRequest: "failed_request"
        case .randomAnswer: "random_answer"
        case .statedOutOfRange, .confidenceOutOfRange: "confidence_out_of_range"
        case .confidenceNotANumber: "confidence_not_a_number"
        case .noCorrectness: "no_correctness"
        case .correctnessOutOfRange: "correctness_out_of_range"
        case .duplicateIdentifier: "duplicate_id"
        case .oneOption: "one_option"
        case .labelOutOfRange: "label_out_of_range"
        case .mixedSigns: "mixed_signs"
        case .scoreNotFinite: "score_not_finite"
        }
    }

    /// Whether the file is wrong, rather than only the model's answer unusable.
    package var isFault: Bool { rawValue >= RowState.confidenceOutOfRange.rawValue }

    /// What the row should have had, for messages.
    var expectation: String {
        switch self {
        case .confidenceOutOfRange: "a confidence between 0 and 1"
        case .confidenceNotANumber: "a confidence that is a number"
        case .noCorrectness: "'correct', or 'options' with 'label'"
        case .correctnessOutOfRange: "a correctness between 0 and 1"
        case .duplicateIdentifier: "each id once"
        case .oneOption: "at least two options"
        case .labelOutOfRange: "a label that is the position of an option, from 0"
        case .mixedSigns: "option scores of one sign: log-likelihoods up to 0, losses from 0"
        case .scoreNotFinite: "option scores that are numbers"
        default: "a row that can be used"
        }
    }
}

/// Something worth knowing about a row that is used.
package enum RowRemark: UInt8, Sendable, CaseIterable {
    /// Options that are not among the reported top log-probabilities count as impossible, so the confidence is an upper bound.
    case optionsCut
    /// The row has a single sample, whose share is always 1.
    case oneSample
    /// Several answers or options were equally good, and the first one counts.
    case tie
    /// The answer was drawn: another option is likelier, and it is the likelier one that is judged.
    case sampledAnswer

    /// The identifier in reports.
    package var code: String {
        switch self {
        case .optionsCut: "options_cut"
        case .oneSample: "one_sample"
        case .tie: "tie"
        case .sampledAnswer: "sampled_answer"
        }
    }
}
