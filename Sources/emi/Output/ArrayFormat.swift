import ArgumentParser

/// How the commands for single quantities write.
enum ArrayFormat: String, ExpressibleByArgument, CaseIterable {
    case text
    case json
}
