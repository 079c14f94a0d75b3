/// A self-contained HTML file.
struct HTMLPage {
    let sort: PageAssets.Sort
    /// The title of the window.
    let title: String
    let heading: Markup
    /// One line below the heading.
    let facts: String
    /// The sections of the page; readers with a keyboard or a screen reader start at the first.
    let sections: [PageSection]
    /// The data of the charts, as `scriptJSON` makes it.
    let data: String
    /// When and by which command the report was made, where that is known.
    var origin: String?

    /// The HTML source of the page.
    var source: String {
        let assets = PageAssets(sort)
        let made: Markup = origin.map { "<p class=\"facts origin\">\($0)</p>\n" } ?? ""
        let links = sections.map { section -> Markup in "<li><a href=\"#\(section.id)\">\(section.link ?? section.title)</a></li>" }
        let bodies = sections.map { section -> Markup in
            """
            <section id="\(section.id)" aria-labelledby="\(section.id)-title">
            <h2 id="\(section.id)-title">\(section.title)</h2>
            \(section.body)</section>

            """
        }
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
            <a class="skip" href="#\(sections.first?.id ?? "")">Skip to the report</a>
            <header>
            <div class="bar"><p class="brand">emi <span>\(sort.name)</span></p>\
            <button type="button" id="theme" hidden>Dark</button></div>
            <h1>\(heading)</h1>
            <p class="facts">\(facts)</p>
            \(made)\
            <nav aria-label="Sections"><ul>\(links)</ul></nav>
            </header>
            <main>
            \(bodies)</main>
            <footer><p>Written by emi \(emiVersion). Effective mutual information: <cite>Oh et al., ICML 2025</cite> (arXiv 2502.00577). \
            Charts by Vega-Lite.</p></footer>
            <script type="application/json" id="data">\(Markup(raw: data))</script>
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

/// A part of the page with a heading; the links at the top of the page lead to it.
struct PageSection {
    let id: String
    let title: String
    /// The text of the link, if the title is too long for it.
    var link: String?
    let body: Markup
}

extension PageSection {
    /// A number in large type, with its name.
    struct Tile {
        let name: String
        let value: String
        let detail: String
        var style = ""
    }

    /// The first section of a page: sentences, and a few large numbers.
    init(sentences: [String], remark: String? = nil, tiles: [Tile]) {
        let verdicts = sentences.map { sentence -> Markup in "<p class=\"verdict\">\(sentence.withMinusSigns)</p>\n" }
        let remarks = [remark].compactMap { $0 }.map { text -> Markup in "<p>\(text)</p>\n" }
        let items = tiles.map { tile -> Markup in
            "<div class=\"tile \(tile.style)\"><dt>\(tile.name)</dt><dd>\(tile.value.withMinusSigns)<small>\(tile.detail.withMinusSigns)</small></dd></div>\n"
        }
        self.init(
            id: "summary", title: "What it shows", link: "Summary", body: "\(verdicts)\(remarks)<dl class=\"tiles\">\n\(items)</dl>\n")
    }
}

extension PageAssets.Sort {
    /// The words beside the program's name in the page's header.
    fileprivate var name: String {
        switch self {
        case .report: "report"
        case .comparison: "comparison"
        case .attribution: "attribution"
        case .bottleneck: "bottleneck"
        case .calibration: "calibration"
        }
    }
}
