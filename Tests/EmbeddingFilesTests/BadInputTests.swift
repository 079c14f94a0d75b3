import Testing

@testable import EmbeddingFiles

@Suite("Bad input gets one sentence")
struct BadInputTests {
    @Test("of paths and folders", arguments: BadInput.paths)
    func paths(_ input: BadInput) throws { try check(input) }

    @Test("of npy files", arguments: BadInput.npyFiles)
    func npyFiles(_ input: BadInput) throws { try check(input) }

    @Test("of npz archives", arguments: BadInput.archives)
    func archives(_ input: BadInput) throws { try check(input) }

    @Test("of safetensors files", arguments: BadInput.safetensorsFiles)
    func safetensorsFiles(_ input: BadInput) throws { try check(input) }

    @Test("of JSON lines", arguments: BadInput.jsonLines)
    func jsonLines(_ input: BadInput) throws { try check(input) }

    @Test("of tables", arguments: BadInput.tables)
    func tables(_ input: BadInput) throws { try check(input) }

    @Test("of files that do not go together", arguments: BadInput.joins)
    func joins(_ input: BadInput) throws { try check(input) }

    private func check(_ input: BadInput, _ group: String = #function) throws {
        let folder = try TemporaryFolder()
        let source = try input.source(folder)
        do throws(EmbeddingFileError) {
            let table = try readSampleTable(source)
            Issue.record("no error, but \(table)")
        } catch {
            let message = folder.trimmed(error.description)
            if input.message == "?" { print("@@\(group.prefix { $0 != "(" })@@\(input.condition)@@\(message)@@\(error.hint ?? "")") }
            #expect(message == input.message)
            #expect(error.code == input.code)
            #expect(!message.contains("\n") && message.contains(": expected ") && message.contains(", found "))
        }
    }
}
