import Testing

@Suite struct WrongUsageTests {
    @Test func whatDoesNotGoTogetherIsRefused() throws {
        let manifest = "Fixtures/digits/manifest.yaml"
        for (arguments, expected) in [
            (["batch", manifest, "-o", "Fixtures/digits/frost_3.npz"], "expected a file that is not an input"),
            (["batch", manifest, "-o", manifest], "expected a file that is not an input"),
            (["batch", manifest, "--divergence", "debiased", "--permutations", "0"], "expected --permutations above 0"),
            (["batch", manifest, "--divergence", "debiased", "--compat", "paper"], "expected no --compat paper"),
            (
                ["batch", manifest, "--estimator", "gaussian", "--fit", "id"],
                "expected --estimator reference-channel or club-kernel or club-ridge"
            ),
            (["estimate", "--id", "Fixtures/digits/clean.npz", "-o", "Fixtures/digits/clean.npz"], "expected a file that is not an input"),
            (["batch"], "Missing expected argument"),
        ] {
            let outcome = try Program.run(arguments)
            #expect(outcome.status == 64 && outcome.errors.contains(expected), "\(arguments): \(outcome.errors)")
        }
    }
}
