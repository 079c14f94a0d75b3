import Testing

@testable import EmbeddingFiles

/// Files that are wrong in one way, and the whole sentence that says so.
struct BadInput: Sendable, CustomTestStringConvertible {
    var condition: String
    var code: String
    var message: String
    var source: @Sendable (TemporaryFolder) throws -> SampleSource
    var testDescription: String { condition }

    init(
        _ condition: String, _ code: String, _ message: String,
        _ source: @escaping @Sendable (TemporaryFolder) throws -> SampleSource
    ) {
        self.condition = condition
        self.code = code
        self.message = message
        self.source = source
    }

    /// A bundle with these bytes.
    init(_ condition: String, _ code: String, file name: String, _ bytes: [UInt8], _ message: String) {
        self.init(condition, code, message) { SampleSource(bundle: try $0.write(name, bytes)) }
    }

    /// A bundle of text.
    init(_ condition: String, _ code: String, file name: String, _ text: String, _ message: String) {
        self.init(condition, code, file: name, Array(text.utf8), message)
    }

    /// An array of a good bundle that is replaced by these bytes.
    init(_ condition: String, _ code: String, response bytes: [UInt8], _ message: String) {
        let array = npy(floats: [[1, 2], [3, 4], [5, 6]])
        let archive = npz(["visual": array, "text": array, "response": bytes, "reference": array])
        self.init(condition, code, file: "clean.npz", archive, message)
    }

    /// A response file of its own with these bytes.
    init(_ condition: String, _ code: String, npy bytes: [UInt8], _ message: String) {
        self.init(condition, code, message) {
            SampleSource(
                bundle: try $0.write("clean.npz", goodBundle()), response: try $0.write("yhat.npy", bytes))
        }
    }
}
