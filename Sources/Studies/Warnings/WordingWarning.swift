import EmbeddingFiles
import Statistics

/// Beyond this factor between the median lengths of responses and references, length and wording are part of every
/// measure: LLaVA-1.6 (125 words an answer, references 69) has 1.8, LLaVA-1.5 (70 words) 1.0.
private let noticeableLengthRatio = 1.5

/// With fewer texts than this, their median length says little.
private let fewestTexts = 20

/// Warns when responses are much longer or shorter than the references, if both are texts.
func wordingWarning(_ table: SampleTable) -> RunWarning? {
    guard case .texts(let responses) = table.response.values, case .texts(let references) = table.reference.values,
        responses.count >= fewestTexts, let own = median(responses.map(length)),
        let other = median(references.map(length)), other > 0,
        own > 0
    else { return nil }
    let ratio = own / other
    guard max(ratio, 1 / ratio) > noticeableLengthRatio else { return nil }
    return RunWarning(
        .wordingDiffers,
        "responses have a median of \(Int(own)) characters, references \(Int(other)): EMI and the cosine count length and wording as well "
            + "as content, and compare models only where they answer alike")
}

/// The length in characters, because words do not compare across languages.
private func length(_ text: String) -> Double { Double(text.count) }
