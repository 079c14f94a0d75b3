import ArgumentParser

/// The output formats of commands that compute a single quantity.
enum ArrayFormat: String, ExpressibleByArgument, CaseIterable {
    case text
    case json
}
