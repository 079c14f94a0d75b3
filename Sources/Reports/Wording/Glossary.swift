import Statistics

/// The explanations of the numbers on HTML pages.
enum Glossary {
    /// The entries for a report.
    static let entries: [(term: String, meaning: String)] = [
        ("Nats, bits", "Units of information: a bit is ln 2 = 0.693 nats, the answer to one fair yes-or-no question."),
        (
            "I(X;Yθ), I(X;Y)",
            """
            Mutual information of the query X with the model's responses Yθ, and with the references Y. Estimates are never \
            clamped at 0. Under the reference channel they are what can be read through one fitted channel from references to \
            responses: at most ln n, and below 0 where answers contradict the references. Those of CLUB are contrasts under one \
            fitted q, not absolute amounts.
            """
        ),
        (
            "EMI",
            """
            Effective mutual information, I(X;Yθ) − I(X;Y): 0 where the responses tell as much about the queries as the \
            references do, negative where they tell less.
            """
        ),
        (
            "EMID",
            """
            EMI of the ID set less EMI of the shifted one. Positive: the model's answers lost relevance under the shift. \
            Negative: they gained.
            """
        ),
        (
            "Standard error, interval",
            """
            What resampling the rows would do to a number, groups of dependent rows moving together. The interval holds the true \
            value at the stated confidence if the fitted q is taken as given.
            """
        ),
        (
            "p",
            """
            The share of random relabellings of the rows whose result is at least as extreme: small values speak against "no \
            shift". It is never below 1 / (relabellings + 1).
            """
        ),
        (
            "q",
            """
            The p-value after Benjamini and Hochberg's control of false discoveries across scenarios: calling everything with q \
            ≤ 0.05 real leaves about 5 % of these calls wrong.
            """
        ),
        (
            "Result",
            """
            ▼ or ▲ where the interval excludes 0 and q, if there is one, is at most 0.05. Everything else is not resolved: the \
            data do not say whether EMI changed, which is not the same as no change.
            """
        ),
        (
            "Smallest gap",
            """
            The smallest gap that the same comparison would have found in 80 % of repetitions. A gap below it that is not \
            resolved may well be there.
            """
        ),
        (
            "JSD, by chance, excess",
            """
            Jensen-Shannon divergence of the two sets' embeddings, from 0 (alike) to ln 2; what samples of this size give by \
            chance; the difference. Only the excess speaks of a shift.
            """
        ),
        (
            "MMD p",
            """
            A second opinion on "no shift": the p-value of the squared maximum mean discrepancy under the same kernel and the \
            same relabellings. It looks at means where the divergence looks at spectra.
            """
        ),
        (
            "p beside I",
            """
            The test that answers do not depend on queries at all: answers paired anew with queries of other groups.
            """
        ),
        (
            "R²",
            """
            How well the query tells the two sets apart, from 0 (not at all) to 1: the share of the set's label that a held-out \
            regression on the query explains.
            """
        ),
        (
            "Share",
            "What each part of the query adds to R², or to the divergence of the whole query where there is none (Shapley values), in per cent."
        ),
        (
            "Outputs, ID and OOD",
            "The divergence of the model's responses from the references, in the ID set and in the shifted one."
        ),
        (
            "Bound, slack",
            """
            An upper bound on EMID in one of nine forms, and its distance from EMID where both are on one scale. The guarantee beside it says how much of a \
            bound it is: proven, in expectation, plug-in (a theorem whose terms are estimated here), or none.
            """
        ),
        (
            "Terms",
            """
            What the bound adds up: visual, text and other parts of the query; output, the change of the entropies of responses \
            and references; concept, the change of references given the query; interaction, what only the parts together show; \
            normaliser, what comes from comparing each set's answers with its own references.
            """
        ),
        (
            "Cosine",
            "The mean cosine of response and reference: no measure of information, but a strong baseline that EMI has to face."
        ),
        (
            "Whitened",
            """
            The same cosine with every direction of the references weighed alike, so that common words do not drown the others. \
            Nothing is fitted for it to the responses.
            """
        ),
        (
            "Score",
            """
            An external quality of the set (accuracy, a judge's preference), or the mean of the rows' own scores. No estimate \
            has seen it.
            """
        ),
        (
            "Pearson, Spearman, Kendall",
            """
            Correlations across sets: of values, of ranks, and of the order of pairs; with p-values and bootstrap intervals over \
            sets.
            """
        ),
        (
            "Rows, groups",
            """
            Rows of a set, and the number of independent groups among them, for example images with several questions each.
            """
        ),
        ("SHA-256", "A fingerprint of a file's bytes: the same digits mean the same file."),
    ]

    /// The entries for a calibration report.
    static let ofCalibrations: [(term: String, meaning: String)] = [
        ("gap", "Mean confidence less accuracy. Above 0 the model is over-confident."),
        (
            "ECE, chance, excess",
            """
            The expected calibration error: how far accuracy is from confidence in each bin, on average. Even a perfectly calibrated model \
            shows some, more of it the fewer rows there are: 'chance' is how much, and 'excess' the rest. Compare sets of different size by \
            excess, never by ECE.
            """
        ),
        ("ECE interval", "A bracket of the true error: it begins at 0 where chance explains what is seen."),
        ("smECE", "An error without bins, from confidences smoothed as far as the error itself. Like ECE it is above 0 by chance."),
        (
            "Brier = misc. - disc. + unc.",
            """
            The mean squared difference of confidence and outcome, in three exact parts: what isotonic recalibration would gain, what \
            confidence tells about right and wrong, and what the base rate leaves open.
            """
        ),
        ("SKCE p, z", "Tests of perfect calibration, by random signs of groups, and Spiegelhalter's. A large p proves nothing."),
        ("AUROC", "How often a right answer has a higher confidence than a wrong one, ties counting half."),
        (
            "AURC, naurc, cov. at 5 %",
            """
            The mean risk as only the most confident answers are given; where it lies between a random order (0) and the best (1); the share \
            of answers that can be given with at most 5 % wrong.
            """
        ),
        (
            "T, ln ratio, regret",
            """
            The temperature that option scores are divided by for the best likelihood: above 1 the model is over-confident. The logarithm of a \
            shifted set's over the first set's says whether it survives the shift, the regret what it costs to keep it.
            """
        ),
        ("smallest found", "The size of a true change that this design finds in 80 % of repetitions: read it beside every 'not resolved'."),
        (
            "recall, over-abstention, truthful, Phi",
            """
            How often the model abstains where no answer exists, and where one does; the share of rows that are right or rightly abstained \
            from; the mean score where a wrong answer costs 1 or 10.
            """
        ),
    ]

    /// The entries for a comparison: its own, and those of a report whose numbers it shows as well.
    static let ofComparisons: [(term: String, meaning: String)] =
        [
            (
                "A, B, difference",
                """
                Two reports over scenarios of the same names. A difference is the value in B less the value in A; where it is of EMID, one \
                below 0 says that B lost less.
                """
            ),
            (
                "Interval of a scenario's difference",
                """
                From the standard error of independent reports, the root of the sum of both squares. Two models over the same items err \
                together, so that the interval is wider than it has to be.
                """
            ),
            (
                "Result",
                """
                ● or ◆ where the interval of the difference excludes 0 and q is at most 0.05. Everything else is not resolved, which is not \
                the same as no difference.
                """
            ),
            (
                "Sign test",
                "The exact probability of so uneven a count of scenarios in which B is lower and higher, were both equally likely."
            ),
            (
                "Wilcoxon",
                """
                The signed rank test of paired differences over scenarios: besides their signs it looks at how large they are. It takes \
                scenarios as independent.
                """
            ),
            (
                "Joint excess",
                """
                The divergence of the joint query between the sets, less what chance gives at these sizes. It does not depend on the \
                model: models that were asked the same questions have the same, without an error.
                """
            ),
        ] + entries.filter { ["EMI", "EMID", "q", "Nats, bits", "Bound, slack"].contains($0.term) }

    /// The entries for an attribution report.
    static let ofAttributions: [(term: String, meaning: String)] = [
        (
            "Decoy",
            "A left side with the right side of another row of the same held-out fold, of another group: a pair that is known to be wrong."
        ),
        (
            "Score t",
            """
            How far a pair scores above the left side with other partners and the right side with other partners, under a head that was \
            fitted without the pair. Low is suspicious. Scores of different runs are not comparable; p and q are.
            """
        ),
        ("p", "The share of decoys that score at least as high: small means related. A large p is no proof of a mismatch."),
        ("q", "p corrected for the number of pairs. Of the pairs with q ≤ alpha at most a share alpha is expected to be unrelated."),
        (
            "Unrelated",
            """
            About an upper bound of the probability that a pair is no better than a random one. Pairs that are right, but whose relation \
            the embeddings do not show, look unrelated too; near misses look related.
            """
        ),
        (
            "Share no better than random",
            "The share of pairs that look like decoys: about an upper bound of the mismatched. Measured against known shares it was .03 too high on average (-.08 to +.12)."
        ),
        (
            "Pair AUROC",
            "The probability that a pair scores above a decoy. Near 0.5 the embeddings show no relation, and nothing is flagged."
        ),
        (
            "Influence",
            """
            The predicted change of the mean validation loss, in nats a validation pair, when a pair is removed and the head fitted \
            again. Below 0: removing it lowers the loss, so that the pair harms. Whether a pair is wrong is another question.
            """
        ),
        (
            "Measured change",
            "The change after a refit without the rows: what a prediction is held against. The refit keeps the axes of the head and the scale of its prior."
        ),
        (
            "Margin",
            "The score of a wrong answer less that of the right one, in score units. A cause has a negative influence: removing it lowers the margin."
        ),
    ]

    /// The entries for a report of the rows of scenarios.
    static let ofScenarioRows: [(term: String, meaning: String)] =
        [
            (
                "Part of EMID",
                """
                What a row adds to the gap: what the same item adds to EMI in the ID set (the mean, where the items differ) less what it adds \
                in the scenario, over the number of rows. All parts add up to EMID; above 0 the row loses.
                """
            )
        ] + ofAttributions.filter { ["Decoy", "Score t", "Unrelated"].contains($0.term) }
}
