import ArgumentParser
import Reports

/// `emi schema`: prints the JSON Schemas of what the program writes.
struct SchemaCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "schema",
        abstract:
            "The JSON Schema (draft 2020-12) of the report, or of what another command writes.",
        discussion: reflowed(
            """
            EXAMPLES:
              emi schema
              emi schema check
              emi schema compare -o compare.schema.json
            """))

    @Argument(
        help: ArgumentHelp(
            "What the schema is of: \(PublishedSchema.allCases.map(\.rawValue).joined(separator: ", ")).", valueName: "what"))
    var schema = PublishedSchema.report
    @OptionGroup(title: "Output") var output: SingleOutput

    func run() throws {
        try reportingErrors { try output.write(schema.text) }
    }
}

extension PublishedSchema: ExpressibleByArgument {}
