// Runs libFuzzer on one decoder check, lists the checks, or writes the samples of the corpus.
//
//   Fuzz list                   names of the checks and bytes of their longest inputs
//   Fuzz samples FOLDER         writes FOLDER/CHECK/FILE for every sample
//   Fuzz CHECK [ARGUMENT...]    libFuzzer with these arguments
import DecoderChecks
import Glibc

@_silgen_name("LLVMFuzzerRunDriver")
func runDriver(
    _ count: UnsafeMutablePointer<CInt>,
    _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>,
    _ callback: @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt
) -> CInt

func complain(_ message: String) {
    let text = Array((message + "\n").utf8)
    _ = Glibc.write(STDERR_FILENO, text, text.count)
}

func stop(_ message: String) -> Never {
    complain(message)
    exit(64)
}

func write(_ sample: Sample, to folder: String) {
    mkdir(folder + "/" + sample.check, 0o755)
    let path = folder + "/" + sample.check + "/" + sample.file
    guard let file = fopen(path, "wb") else { stop("cannot write \(path)") }
    fwrite(sample.bytes, 1, sample.bytes.count, file)
    fclose(file)
}

let words = CommandLine.arguments.dropFirst()
guard let verb = words.first else { stop("Fuzz list | samples FOLDER | CHECK [ARGUMENT...]") }
if verb == "list" {
    for check in DecoderCheck.all { print(check.name, check.mostBytes) }
    exit(0)
}
if verb == "samples" {
    for sample in try Sample.all() { write(sample, to: words.last ?? ".") }
    exit(0)
}
guard let found = DecoderCheck.all.first(where: { $0.name == verb }) else {
    stop("\(verb) is no check; see `Fuzz list`")
}
let chosen = found

var count = CommandLine.argc - 1
var arguments = CommandLine.unsafeArgv + 1
exit(
    runDriver(&count, &arguments) { start, count in
        do {
            _ = try chosen.accepts(Array(UnsafeBufferPointer(start: start, count: count)))
        } catch {
            complain("broken rule: \(error)")
            abort()
        }
        return 0
    })
