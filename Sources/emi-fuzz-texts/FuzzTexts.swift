import Glibc

// libFuzzer over texts: emi-fuzz-texts TARGET [CORPUS …] [-FLAG=VALUE …].

@_silgen_name("LLVMFuzzerRunDriver")
func runFuzzer(
    _ count: UnsafeMutablePointer<Int32>, _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?>,
    _ body: @convention(c) (UnsafePointer<UInt8>?, Int) -> Int32
) -> Int32

/// What is fuzzed.
let target = CommandLine.arguments.dropFirst().first ?? ""

@main
enum FuzzTexts {
    static func main() {
        guard TextInputs.targets.contains(target) else {
            print("emi-fuzz-texts TARGET [CORPUS ...]: \(TextInputs.targets.joined(separator: ", "))")
            exit(64)
        }
        // The fuzzer sees the arguments without the target.
        var count = CommandLine.argc - 1
        var arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = CommandLine.unsafeArgv + 1
        exit(
            runFuzzer(&count, &arguments) { data, size in
                guard let data, size > 0, let text = String(validating: UnsafeBufferPointer(start: data, count: size), as: UTF8.self)
                else { return 0 }
                TextInputs.read(text, target: target)
                return 0
            })
    }
}
