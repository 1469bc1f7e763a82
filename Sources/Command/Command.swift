// The one executable: `althing`.
@main
enum Command {
    static func main() {}
}
