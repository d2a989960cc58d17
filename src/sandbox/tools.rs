//! Outside tools: which are there, and asking them.
//!
//! A tool is executed by this program, which confines itself first (`vaguemestre tool`): the file comes as standard input, what it
//! says goes out by a socket that is bounded and timed here.

use std::io::{self, Read};
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use super::process::Hearing;
use super::program::Program;
use super::wire::sealed;
use crate::extract::{Second, SecondReading, Tool};
use crate::model::settings::Sandbox;
use crate::model::{GapReason, Tools};

const PDF_TEXT: &str = "/usr/bin/pdftotext";
const PDF_PICTURES: &str = "/usr/bin/pdftoppm";
const OCR: &str = "/usr/bin/tesseract";

/// Most that a tool may say of one file: text, or the picture of one page.
const MOST: u64 = 64 << 20;

/// The tools wanted that are there, and a remark for each that is not.
pub fn present(wanted: Tools) -> (Tools, Vec<String>) {
    let missing =
        |programs: &[&'static str]| programs.iter().find(|path| !Path::new(path).is_file()).copied();
    let no_pdf = missing(&[PDF_TEXT]).filter(|_| wanted.pdf);
    let no_ocr = missing(&[OCR, PDF_PICTURES]).filter(|_| wanted.ocr);
    let remark = |path: &str, what: &str| format!("{path} is not installed: {what}");
    let remarks = [
        no_pdf.map(|path| remark(path, "PDF files have one reader only")),
        no_ocr.map(|path| remark(path, "letters in pictures are not read")),
    ];
    let there = Tools { pdf: wanted.pdf && no_pdf.is_none(), ocr: wanted.ocr && no_ocr.is_none() };
    (there, remarks.into_iter().flatten().collect())
}

/// Has a tool read a file. What it read before it was ended is kept.
pub fn ask(program: &Program, settings: &Sandbox, asked: &SecondReading, until: Instant) -> Second {
    let call = Call { program, settings, until: until.min(Instant::now() + settings.timeout) };
    let mut pages = Vec::new();
    let read = match asked.tool {
        Tool::PdfText => call.text(&asked.bytes, &mut pages),
        Tool::Ocr => call.letters(&asked.bytes, &mut pages),
        Tool::PdfOcr => call.letters_of_pages(&asked.bytes, &asked.pages, &mut pages),
    };
    Second { pages, rest: read.err() }
}

struct Call<'a> {
    program: &'a Program,
    settings: &'a Sandbox,
    until: Instant,
}

impl Call<'_> {
    fn text(&self, pdf: &[u8], pages: &mut Vec<String>) -> Result<(), GapReason> {
        let text = self.run(PDF_TEXT, &["-enc", "UTF-8", "-", "-"], pdf)?;
        pages.extend(readable(&text).split('\x0C').map(str::to_owned));
        Ok(())
    }

    fn letters(&self, picture: &[u8], pages: &mut Vec<String>) -> Result<(), GapReason> {
        pages.push(readable(&self.run(OCR, &["stdin", "stdout", "-l", "fra+eng"], picture)?));
        Ok(())
    }

    fn letters_of_pages(&self, pdf: &[u8], wanted: &[u32], pages: &mut Vec<String>) -> Result<(), GapReason> {
        for page in wanted {
            let number = page.to_string();
            let wanted = ["-f", &number, "-l", &number, "-r", "200", "-gray", "-"];
            let picture = self.run(PDF_PICTURES, &wanted, pdf)?;
            if picture.is_empty() {
                break;
            }
            self.letters(&picture, pages)?;
        }
        Ok(())
    }

    /// Runs a tool to its end. An exit status is no verdict: what it said counts, unless it was ended by its limits.
    fn run(&self, tool: &str, arguments: &[&str], input: &[u8]) -> Result<Vec<u8>, GapReason> {
        let (socket, child) = self.start(tool, arguments, input).map_err(|failure| {
            tracing::error!(%failure, tool, "a tool cannot be started");
            GapReason::Crashed
        })?;
        let mut child = Ended(child);
        let mut said = Vec::new();
        let hearing = Hearing { socket: &socket, until: self.until };
        match hearing.take(MOST).read_to_end(&mut said) {
            Ok(_) if u64::try_from(said.len()).is_ok_and(|length| length >= MOST) => Err(GapReason::TooLarge),
            Ok(_) if child.was_cut(self.until) => Err(GapReason::TooCostly),
            Ok(_) => Ok(said),
            Err(_late) => Err(GapReason::TooCostly),
        }
    }

    fn start(&self, tool: &str, arguments: &[&str], input: &[u8]) -> io::Result<(UnixStream, Child)> {
        let (socket, its) = UnixStream::pair()?;
        let mut command = Command::new(self.program.path());
        let cpu = self.settings.cpu.max(Duration::from_secs(1)).as_secs();
        command.args(["tool", "--memory", &self.settings.memory.to_string(), "--cpu", &cpu.to_string()]);
        command.arg("--").arg(tool).args(arguments).env_clear().current_dir("/");
        command
            .stdin(Stdio::from(sealed(input)?))
            .stdout(Stdio::from(OwnedFd::from(its)))
            .stderr(Stdio::null());
        let child = command.spawn()?;
        Ok((socket, child))
    }
}

/// Ends a child when dropped.
struct Ended(Child);

impl Ended {
    /// Whether a signal ended it, or it goes on though it says nothing more.
    fn was_cut(&mut self, until: Instant) -> bool {
        loop {
            match self.0.try_wait() {
                Ok(Some(status)) => return status.signal().is_some(),
                Ok(None) if Instant::now() < until => std::thread::sleep(Duration::from_millis(2)),
                _ => return true,
            }
        }
    }
}

impl Drop for Ended {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn readable(text: &[u8]) -> String {
    String::from_utf8_lossy(text).replace("\r\n", "\n")
}

#[cfg(test)]
mod tests {
    use std::process::Command;
    use std::time::{Duration, Instant};

    use super::Ended;

    fn was_cut(script: &str, patience: Duration) -> bool {
        let child = Command::new("/bin/sh").args(["-c", script]).spawn().unwrap();
        Ended(child).was_cut(Instant::now() + patience)
    }

    #[test]
    fn a_tool_that_a_signal_or_the_clock_ends_was_cut_and_one_that_fails_was_not() {
        let long = Duration::from_secs(60);
        assert!(!was_cut("exit 0", long) && !was_cut("exit 3", long));
        assert!(was_cut("kill -XCPU $$", long) && was_cut("kill -KILL $$", long));
        assert!(was_cut("exec sleep 60", Duration::from_millis(20)));
    }
}
