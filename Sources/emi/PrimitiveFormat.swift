import ArgumentParser

/// How the commands for single quantities write.
enum PrimitiveFormat: String, ExpressibleByArgument, CaseIterable {
    case text
    case json
}
