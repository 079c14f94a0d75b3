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

/// Sets in files, as the command line names them.
func studySets(_ files: [URL], modalities: [String]? = nil, reference: URL? = nil) -> [StudySet] {
    files.map {
        StudySet(source: SampleSource(bundle: $0.path, reference: reference?.path, selectedModalities: modalities))
    }
}

/// The rows of sets, the ID set first.
func load(_ sets: [StudySet], settings: StudySettings = StudySettings()) throws -> [LoadedSet] {
    let loader = try SetLoader(id: sets[0], settings: settings, threadCount: 2)
    return [loader.id] + (try sets.dropFirst().map { try loader.load($0) })
}

/// What a study of an ID set, and a shift where there is one, shows.
struct Analysed {
    let id: SetResult
    let shift: ShiftResult?
    let prepared: PreparedStudy
}

func analyse(_ sets: [StudySet], settings: StudySettings = StudySettings(), threadCount: Int = 2) throws -> Analysed {
    let prepared = try Study(id: sets[0], shifts: Array(sets.dropFirst()), settings: settings, threadCount: threadCount).prepared()
    return Analysed(
        id: prepared.id, shift: sets.count > 1 ? try prepared.result(of: 0, threadCount: threadCount).get() : nil,
        prepared: prepared)
}
