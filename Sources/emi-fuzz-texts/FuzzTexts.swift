import Glibc

// libFuzzer over texts: emi-fuzz-texts TARGET [CORPUS …] [-FLAG=VALUE …].

@_silgen_name("LLVMFuzzerRunDriver")
func runFuzzer(
    _ count: UnsafeMutablePointer<Int32>, _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?>,
    _ body: @convention(c) (UnsafePointer<UInt8>?, Int) -> Int32
) -> Int32

/// What is fuzzed: the first argument. libFuzzer starts the program again to merge corpora, without it; the environment then has it.
let target: String = {
    let first = CommandLine.arguments.dropFirst().first ?? ""
    return first.hasPrefix("-") ? getenv("EMI_FUZZ_TARGET").map { String(cString: $0) } ?? "" : first
}()

@main
enum FuzzTexts {
    static func main() {
        guard TextInputs.targets.contains(target) else {
            print("emi-fuzz-texts TARGET [CORPUS ...]: \(TextInputs.targets.joined(separator: ", "))")
            exit(64)
        }
        setenv("EMI_FUZZ_TARGET", target, 1)
        // The fuzzer sees the arguments without the target.
        let given = CommandLine.arguments.dropFirst().first == target
        var count = CommandLine.argc - (given ? 1 : 0)
        var arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = CommandLine.unsafeArgv + (given ? 1 : 0)
        arguments?[0] = CommandLine.unsafeArgv[0]
        exit(
            runFuzzer(&count, &arguments) { data, size in
                guard let data, size > 0, let text = String(validating: UnsafeBufferPointer(start: data, count: size), as: UTF8.self)
                else { return 0 }
                TextInputs.read(text, target: target)
                return 0
            })
    }
}
