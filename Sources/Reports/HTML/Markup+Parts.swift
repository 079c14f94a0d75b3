/// Tables, figures and lists for pages.
extension Markup {
    /// A table without controls.
    static func plainTable(_ table: TextTable, caption: String) -> Markup {
        let header = table.header.enumerated().map { index, text -> Markup in
            index == 0 ? "<th scope=\"col\" class=\"t\">\(text)" : "<th scope=\"col\">\(text)"
        }
        let rows = table.rows.map { row -> Markup in
            "<tr><th scope=\"row\">\(row.first ?? "")\(row.dropFirst().map { cell($0) })\n"
        }
        return """
            <div class="scroll" tabindex="0" role="region" aria-label="\(caption)"><table>
            <thead><tr>\(header)</thead>
            <tbody>
            \(rows)</tbody></table></div>

            """
    }

    /// A table that the page's script makes sortable, filterable and paged; `filters` names the columns with few values.
    ///
    /// - Parameter texts: columns from this one on hold texts; nil for none.
    static func table(_ header: [String], _ rows: [Markup], id: String, filters: String, texts: Int? = nil, caption: String) -> Markup {
        let columns = header.enumerated().map { index, text -> Markup in
            let isText = index == 0 || filters.split(separator: " ").contains("\(index)") || index >= (texts ?? header.count)
            return isText ? "<th scope=\"col\" class=\"t\">\(text)" : "<th scope=\"col\">\(text)"
        }
        return """
            <div class="scroll" tabindex="0" role="region" aria-label="\(caption)">
            <table class="data" id="\(id)" data-filters="\(filters)"><caption>\(caption)</caption>
            <thead><tr>\(columns)</thead>
            <tbody>
            \(rows)</tbody></table></div>

            """
    }

    /// A cell with a number, or with a dash for none; in italics what is open, marked what is not as it should be.
    //
    // End tags of cells and rows and quotes of simple attributes are left out, as HTML allows: they would be a third of a large table.
    static func cell(_ text: String?, isOpen: Bool = false, isBroken: Bool = false) -> Markup {
        guard let text, text != "-" else { return "<td>–" }
        if isBroken { return "<td class=broken>\(text.withMinusSigns)" }
        return isOpen ? "<td class=unresolved>\(text.withMinusSigns)" : "<td>\(text.withMinusSigns)"
    }

    /// The place where the page's script draws a chart, with a description of what it shows.
    ///
    /// - Parameter legend: the entries, with their style classes, that explain the colours.
    static func figure(
        _ chart: String, _ title: String, _ reading: String, description: String, legend: [(style: String, label: String)] = []
    ) -> Markup {
        let entries = legend.map { entry -> Markup in "<li class=\"\(entry.style)\">\(entry.label)</li>" }
        let list: Markup = legend.isEmpty ? "" : "<ul class=\"legend\">\(entries)</ul>"
        return """
            <figure id="chart-\(chart)">
            <figcaption><h3>\(title)</h3><p>\(reading)</p>\(list)</figcaption>
            <div class="plot" data-chart="\(chart)" data-description="\(description)"><p class="pending">Charts need a browser that runs \
            scripts. The tables have all numbers.</p></div>
            </figure>

            """
    }

    /// A collapsed list of files with their digests; empty if there are none.
    static func fileTable(_ inputs: [Report.Input], title: String, more: Markup = "") -> Markup {
        guard !inputs.isEmpty else { return "" }
        let files = inputs.map { input -> Markup in
            let digest = input.sha256 ?? "none: not a regular file, or not readable"
            return "<tr><th scope=\"row\">\(input.path)<td class=\"t\"><code>\(digest)</code>\n"
        }
        return """
            <details><summary>\(title)</summary>
            <div class="scroll" tabindex="0" role="region" aria-label="\(title)"><table>
            <thead><tr><th scope="col" class="t">File<th scope="col" class="t">SHA-256</thead>
            <tbody>
            \(files)</tbody></table></div>\(more)
            </details>

            """
    }

    /// Names with their values; names without a value are left out.
    static func facts(_ rows: [(String, String?)]) -> Markup {
        let items = rows.compactMap { name, value in
            value.map { value -> Markup in "<div><dt>\(name)</dt><dd>\(value)</dd></div>\n" }
        }
        return "<dl class=\"facts\">\n\(items)</dl>\n"
    }

    /// Terms with their meanings.
    static func glossary(_ entries: [(term: String, meaning: String)]) -> Markup {
        let items = entries.map { entry -> Markup in "<div><dt>\(entry.term)</dt><dd>\(entry.meaning)</dd></div>\n" }
        return "<dl class=\"glossary\">\n\(items)</dl>\n"
    }
}
