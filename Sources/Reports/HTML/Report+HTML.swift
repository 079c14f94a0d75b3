extension Report {
    /// The report as one HTML file that needs nothing else: charts, tables, settings, warnings, provenance and a glossary.
    ///
    /// - Throws: `EncodingError` for a number that is not finite, which no report may hold.
    public func html() throws -> String {
        let data = ChartData(self)
        let assets = PageAssets()
        let sections = [summarySection, chartSection(data), scenarioSection, discrepancySection, overviewSection]
            .compactMap { $0 } + [noteSection, settingSection, provenanceSection, glossarySection]
        let links = sections.map { section -> Markup in "<li><a href=\"#\(section.id)\">\(section.link ?? section.title)</a></li>" }
        let bodies = sections.map { section -> Markup in
            """
            <section id="\(section.id)" aria-labelledby="\(section.id)-title">
            <h2 id="\(section.id)-title">\(section.title)</h2>
            \(section.body)</section>

            """
        }
        let shift = scenarios.count == 1 ? scenarios[0].name : "\(scenarios.count) scenarios"
        let heading: Markup = scenarios.isEmpty
            ? "EMI of <span class=\"name\">\(id.name)</span>"
            : "EMI of <span class=\"name\">\(id.name)</span> → <span class=\"name\">\(shift)</span>"
        let page: Markup = """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta http-equiv="Content-Security-Policy" content="\(Markup(raw: assets.contentSecurityPolicy))">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <meta name="generator" content="emi \(emiVersion)">
            <title>\(title)</title>
            <link rel="icon" href="data:,">
            <style>\(Markup(raw: assets.style))</style>
            </head>
            <body>
            <a class="skip" href="#summary">Skip to the report</a>
            <header>
            <div class="bar"><p class="brand">emi <span>report</span></p><button type="button" id="theme" hidden>Dark</button></div>
            <h1>\(heading)</h1>
            <p class="facts">\(settings.estimator) · \(settings.units) · seed \("\(settings.seed)") · emi \(tool.version)</p>
            <nav aria-label="Sections"><ul>\(links)</ul></nav>
            </header>
            <main>
            \(bodies)</main>
            <footer><p>Written by emi \(emiVersion). Effective mutual information: <cite>Oh et al., ICML 2025</cite> (arXiv 2502.00577). \
            Charts by Vega-Lite.</p></footer>
            <script type="application/json" id="data">\(Markup(raw: try data.json()))</script>
            <!--
            \(Markup(raw: assets.licenses))-->
            <script>\(Markup(raw: assets.vega))</script>
            <script>\(Markup(raw: assets.script))</script>
            </body>
            </html>

            """
        return page.source
    }
}

/// A part of the page with a heading, to which the page's top links.
struct PageSection {
    let id: String
    let title: String
    /// What the link says, where the title is long.
    var link: String?
    let body: Markup
}
