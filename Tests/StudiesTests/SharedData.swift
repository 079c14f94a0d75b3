import EmbeddingFiles
import Foundation
import Studies

/// Paths of the project and of the data beside it.
enum Paths {
    static let project = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..").standardizedFileURL
    static let fixtures = project.appending(path: "Fixtures/digits")
    static let shared = project.appending(path: "../shared").standardizedFileURL

    static func exists(_ url: URL) -> Bool { FileManager.default.fileExists(atPath: url.path) }
}

/// Loads sets as the command line does.
func load(_ files: [URL], settings: StudySettings = StudySettings(), modalities: [String]? = nil, reference: URL? = nil) throws
    -> [LoadedSet]
{
    try loadSampleSets(
        files.map { SampleSource(bundle: $0.path, reference: reference?.path, selectedModalities: modalities) },
        settings: settings, threadCount: 2)
}
