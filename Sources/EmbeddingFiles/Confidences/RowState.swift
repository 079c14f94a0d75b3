/// What became of a row of a file of confidences: used, excluded for a reason that is counted, or at fault.
package enum RowState: UInt8, Sendable, CaseIterable {
    /// It has a confidence and a correctness.
    case used
    // Excluded: the model's doing.
    /// The model declined to answer.
    case abstained
    /// There is an answer and no confidence in it.
    case noConfidence
    /// There is no answer at all.
    case noAnswer
    /// No answer could be made out in the text.
    case unparsed
    /// The request failed.
    case failedRequest
    /// The evaluation drew an answer at random.
    case randomAnswer
    /// The model stated a confidence that cannot be, such as 140 %.
    case statedOutOfRange
    // At fault: the file's doing.
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

    /// Whether the file is wrong, and not merely the model's answer unusable.
    package var isFault: Bool { rawValue >= RowState.confidenceOutOfRange.rawValue }

    /// What was expected of the row, for messages.
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

/// What is worth knowing of a row that is used.
package enum RowRemark: UInt8, Sendable, CaseIterable {
    /// Options beyond the reported top log-probabilities count as impossible: the confidence is an upper bound.
    case optionsCut
    /// A share of one answer is always 1.
    case oneSample
    /// Several answers or options were equally good: the first one counts.
    case tie

    /// The identifier in reports.
    package var code: String {
        switch self {
        case .optionsCut: "options_cut"
        case .oneSample: "one_sample"
        case .tie: "tie"
        }
    }
}
