import Information

/// Throws if the settings ask for the bound of the reference channel under an estimator that has no channel.
func checkBound(_ settings: StudySettings) throws {
    guard settings.effectiveBound.scale == .channel, settings.scale != .channel else { return }
    let entropyForms = BoundForm.entropyForms.map(\.rawValue).joined(separator: ", ")
    throw RunError(
        code: "bound_of_channel",
        message:
            "--bound \(settings.effectiveBound.rawValue): expected the estimator reference-channel beside it, found \(settings.estimator)",
        hint: "choose \(entropyForms), or leave --bound out")
}
