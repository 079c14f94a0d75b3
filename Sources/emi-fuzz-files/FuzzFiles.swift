import Glibc

// libFuzzer over the readers of files: emi-fuzz-files FORMAT [CORPUS …] [-FLAG=VALUE …].

@_silgen_name("LLVMFuzzerRunDriver")
func runFuzzer(
    _ count: UnsafeMutablePointer<Int32>, _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?>,
    _ body: @convention(c) (UnsafePointer<UInt8>?, Int) -> Int32
) -> Int32

/// What is fuzzed.
let target = CommandLine.arguments.dropFirst().first ?? ""

@main
enum FuzzFiles {
    static func main() {
        guard FileInputs.targets.contains(target) else {
            print("emi-fuzz-files FORMAT [CORPUS ...]: \(FileInputs.targets.joined(separator: ", "))")
            exit(64)
        }
        // The fuzzer sees the arguments without the target.
        var count = CommandLine.argc - 1
        var arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = CommandLine.unsafeArgv + 1
        exit(
            runFuzzer(&count, &arguments) { data, size in
                guard let data, size > 0 else { return 0 }
                FileInputs.read(UnsafeRawBufferPointer(start: data, count: size), target: target)
                return 0
            })
    }
}
