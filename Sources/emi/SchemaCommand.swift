import ArgumentParser
import Reports

/// `emi schema`: the JSON Schema of the report.
struct SchemaCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "schema",
        abstract: "The JSON Schema (draft 2020-12) of the report.",
        discussion: """
            EXAMPLES:
              emi schema
              emi schema -o report.schema.json
            """)

    @OptionGroup(title: "Output") var output: SingleOutput
    @OptionGroup(title: "Common") var common: CommonOptions

    func run() throws {
        try reportingErrors { try output.write(reportSchema) }
    }
}
