import EmbeddingFiles
import Foundation
import Information
import Reports
import Studies
import Testing

@testable import emi

/// A setting has one name: of the property, the flag, the manifest's key and the report's.
@Suite struct SettingsTests {
    private let properties = Mirror(reflecting: StudySettings()).children.compactMap(\.label)

    private func inSnakeCase(_ name: String) -> String {
        name.map { $0.isUppercase ? "_" + $0.lowercased() : String($0) }.joined()
    }

    @Test func theSchemaHasEverySetting() throws {
        let schema = try #require(
            try JSONSerialization.jsonObject(with: Data(PublishedSchema.report.text.utf8)) as? [String: Any])
        let all = try #require(schema["properties"] as? [String: Any])
        let settings = try #require((all["settings"] as? [String: Any])?["properties"] as? [String: Any])
        #expect(Set(settings.keys) == Set(properties.map(inSnakeCase)))
    }

    @Test func everySettingIsAFlagAndAKeyOfManifests() throws {
        let help = StudyFlags.helpMessage(columns: 500)
        for name in StudySettings.names { #expect(help.contains("--\(name)"), "no flag --\(name)") }
        #expect(StudySettings.names.count == properties.count - 1)
    }

    @Test func flagsWinOverAManifestByValue() throws {
        let setting = { Manifest.Setting(name: $0, value: $1, place: "m.yaml:1") }
        let manifest = Manifest(
            path: "m.yaml",
            settings: [
                setting("permutations", "20"), setting("seed", "3"), setting("no-normalize", "true"), setting("units", "bits"),
                setting("fit", "q.safetensors"),
            ],
            id: StudySet(source: SampleSource(bundle: "a.npz")), scenarios: [])
        let flags = try StudyFlags.parse(["--permutations", "7", "--confidence", "0.9"])
        let settings = try StudySettings(manifest)
            .overridden(by: flags.estimator, flags.divergence, flags.bound, flags.common)
        #expect(settings.permutations == 7 && settings.seed == 3 && settings.confidence == 0.9)
        #expect(!settings.normalize && settings.units == .bits && settings.fit == .file("q.safetensors"))
        #expect(settings.estimator == StudySettings().estimator)
    }

    @Test func settingsSurviveAReport() throws {
        var settings = StudySettings()
        settings.fit = .id
        settings.entropyScale = .draws(4)
        settings.fuse = .concat
        settings.compat = .paper
        let resolved = settings.resolved
        let read = try JSONDecoder().decode(StudySettings.self, from: JSONEncoder().encode(resolved))
        #expect(read == resolved)
        #expect(resolved.bound == "scale-adjusted" && resolved.divergence == .plugin && resolved.alpha == nil)
    }
}
