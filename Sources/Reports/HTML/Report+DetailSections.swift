extension Report {
    /// The failures of the run and the warnings for the reader.
    var noteSection: PageSection {
        let items =
            failures.map { text -> Markup in "<li class=\"failed\">\(text)</li>\n" }
            + notes.map { note -> Markup in "<li><code>\(note.code)</code> \(note.text)</li>\n" }
        let assumptions = Set(scenarios.flatMap { $0.bound?.assumptions ?? [] }).sorted()
            .map { text -> Markup in "<li>\(text)</li>\n" }
        let body: Markup = items.isEmpty ? "<p>No warnings.</p>\n" : "<ul>\n\(items)</ul>\n"
        let taken: Markup =
            assumptions.isEmpty
            ? "" : "<h3>What the bound takes for granted</h3>\n<ul>\n\(assumptions)</ul>\n"
        return PageSection(id: "notes", title: "Warnings and assumptions", link: "Warnings", body: "\(body)\(taken)")
    }

    /// The settings that decided the numbers.
    var settingSection: PageSection {
        let rows: [(String, String?)] = [
            ("estimator", settings.estimator), ("bound", settings.boundName), ("divergence", settings.effectiveDivergence.rawValue),
            ("kernel", settings.kernel), ("bandwidth", settings.bandwidth.map { "\($0)" }), ("alpha", settings.alpha.map { "\($0)" }),
            ("entropy scale", entropyWords), ("fit", settings.fit?.text), ("fuse", settings.fuse?.rawValue),
            ("permutations", "\(settings.permutations)"), ("confidence", Numbers.confidence(settings.confidence)),
            ("rows divided by their norms", settings.normalize ? "yes" : "no"),
            ("n-grams weighed by rarity", settings.textIdf ? "yes" : "no"), ("compat", settings.compat?.rawValue),
            ("units", settings.units.rawValue),
            ("seed", "\(settings.seed)"),
        ]
        return PageSection(id: "settings", title: "Settings", body: Markup.facts(rows))
    }

    /// The program, the machine and the files.
    var provenanceSection: PageSection {
        let shownCount = 1000
        let inputs = provenance?.inputs ?? []
        let rows: [(String, String?)] = [
            ("program", "\(tool.name) \(tool.version)"), ("schema version", schemaVersion),
            ("made", environment?.date), ("command", environment?.command), ("BLAS", environment?.blas),
            ("platform", environment?.platform), ("threads", environment.map { "\($0.threads)" }), ("seed", "\(settings.seed)"),
            ("inputs", provenance == nil ? "not recorded" : "\(inputs.count) files"),
        ]
        let more: Markup = inputs.count > shownCount ? "<p>The JSON report has the other \(inputs.count - shownCount).</p>" : ""
        let table = Markup.fileTable(Array(inputs.prefix(shownCount)), title: "SHA-256 of the inputs", more: more)
        return PageSection(id: "provenance", title: "Provenance", body: "\(Markup.facts(rows))\(table)")
    }

    /// The meaning of every number.
    var glossarySection: PageSection {
        PageSection(id: "glossary", title: "What the numbers mean", link: "Glossary", body: Markup.glossary(Glossary.entries))
    }
}
