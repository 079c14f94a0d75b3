extension Report {
    /// The places of the charts, which the page's script draws, each with a description; nil if nothing was compared.
    func chartSection(_ data: ChartData) -> PageSection? {
        let measured = data.scenarios.filter { $0.emid != nil }
        guard !measured.isEmpty else { return nil }
        var figures = [gapFigure(measured)]
        if measured.count > ChartData.barLimit { figures.append(distributionFigure(measured)) }
        figures += data.grids.enumerated().map { index, grid in
            Markup.figure(
                "grid-\(index)", "EMID by \(grid.title)",
                """
                Down and across. Orange where EMI fell, blue where it rose, the deeper the more. Pale cells with numbers in \
                parentheses are not resolved.
                """,
                description: """
                    Heat map of EMID over \(grid.rows.count) by \(grid.columns.count) conditions; the table of scenarios has its numbers.
                    """)
        }
        if measured.count(where: { $0.bound != nil }) > 1 { figures.append(boundFigure(measured)) }
        if !data.stack.isEmpty { figures.append(stackFigure(data)) }
        if ([data.id] + measured).count(where: { $0.score != nil && $0.emi != nil }) > 2 { figures.append(scoreFigure) }
        return PageSection(id: "charts", title: "Charts", body: Markup(figures))
    }

    private func gapFigure(_ measured: [ChartData.Point]) -> Markup {
        let counts = Dictionary(grouping: measured, by: \.result).mapValues(\.count)
        let shown = measured.count > ChartData.barLimit ? " Shown are the 40 largest losses and the 15 largest gains." : ""
        return Markup.figure(
            "gap", "The gap by scenario",
            """
            EMID with its \(Numbers.confidence(settings.confidence)) interval, the largest loss first. Right of 0 the \
            model's answers lost relevance under the shift. Hollow points are not resolved: their interval holds 0, or they \
            do not pass the control of false discoveries.\(shown)
            """,
            description: """
                EMID of \(measured.count) scenarios with intervals: \(counts[.fell] ?? 0) fell, \(counts[.rose] ?? 0) rose, the \
                others are not resolved.
                """,
            legend: legend(measured))
    }

    private func distributionFigure(_ measured: [ChartData.Point]) -> Markup {
        Markup.figure(
            "distribution", "All gaps", "How many scenarios have an EMID of which size.",
            description: "Histogram of EMID over \(measured.count) scenarios.", legend: legend(measured))
    }

    private func boundFigure(_ measured: [ChartData.Point]) -> Markup {
        let above = scenarios.count { $0.bound?.holds == false }
        let correlation =
            summary.emidVsBound.map {
                " Pearson \(Numbers.decimal($0.pearson)) \(Numbers.interval($0.pearsonInterval)) over \($0.count) scenarios.".withMinusSigns
            } ?? ""
        let isComparable = scenarios.contains { $0.bound?.holds != nil }
        let reading =
            isComparable
            ? "Points above the diagonal (\(above) of \(measured.count)) exceed it\(above > 0 ? ", and have a ring" : "")."
            : "EMID and bound are on two scales: only their order can be compared."
        return Markup.figure(
            "bound", "EMID against the bound",
            "\(boundStatement ?? "") \(reading)\(correlation)",
            description: """
                Scatter of EMID against the \(settings.boundName) bound for \(measured.count) scenarios. \(reading)
                """)
    }

    private func stackFigure(_ data: ChartData) -> Markup {
        let what = data.isStackByKind ? "means over the scenarios of a kind" : "scenarios in the order of the first chart"
        return Markup.figure(
            "stack", "What the bound is made of",
            """
            The terms of the \(settings.boundName) bound, \(what): what each part of the query adds, and what the outputs add. \
            The line across a bar is EMID.
            """,
            description: "Stacked bars of the bound's terms; the JSON report has their values.")
    }

    private var scoreFigure: Markup {
        func words(_ found: Correlations?, _ name: String) -> String {
            found.map { found in
                let reach = Numbers.interval(found.pearsonInterval)
                return " \(name): Pearson \(Numbers.decimal(found.pearson)) \(reach) over \(found.count) sets.".withMinusSigns
            } ?? ""
        }
        let baseline =
            words(summary.responseSimilarityVsScore, "The plain cosine, for comparison")
            + words(summary.whitenedSimilarityVsScore, "The whitened cosine")
        return Markup.figure(
            "score", "EMI against the score",
            "The score comes from outside; no estimate has seen it.\(words(summary.emiVsScore, "EMI"))\(baseline)",
            description: "Scatter of EMI against the external score of each set.")
    }

    private func legend(_ measured: [ChartData.Point]) -> [(style: String, label: String)] {
        let found = Set(measured.compactMap(\.result))
        return ScenarioResult.allCases.filter(found.contains).map { ($0.rawValue, $0.label) }
    }
}
