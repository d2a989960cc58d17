//! The `vaguemestre` program. All of it is in the library.

fn main() -> std::process::ExitCode {
    vaguemestre::cli::main()
}
