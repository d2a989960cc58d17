//! What the demonstration prints, in at most 100 columns, and the picture of it.

use std::fmt::Write as _;
use std::path::Path;

use super::acts::{Act, Outcome};
use super::support::service::program;
use super::support::sink::Delivery;
use super::support::stage::Stage;

const WIDTH: usize = 98;

/// Everything printed so far.
#[derive(Default)]
pub struct Page(Vec<String>);

impl Page {
    fn say(&mut self, line: impl Into<String>) {
        let line = line.into();
        println!("{line}");
        self.0.push(line);
    }

    /// Says what stands where.
    pub fn opening(&mut self, stage: &Stage) {
        self.say("Vaguemestre beside a private Postfix, on this machine only. Every article enforces.");
        let (mail, milter, next) = (stage.postfix.ports.normal, &stage.service.milter, stage.sink.port);
        self.say(format!("mail in 127.0.0.1:{mail}   milter {milter}   next hop 127.0.0.1:{next}"));
        self.say("");
    }

    /// Shows every message with what became of it; how many are not as expected.
    pub fn table(&mut self, acts: &[Act], outcomes: &[Outcome]) -> usize {
        self.say(format!("     {:<50} {:>4}  {}", "message", "SMTP", "what became of it"));
        let rows = acts.iter().zip(outcomes).enumerate();
        rows.filter(|(at, (act, outcome))| !self.row(at + 1, act, outcome)).count()
    }

    fn row(&mut self, number: usize, act: &Act, outcome: &Outcome) -> bool {
        let fine = outcome.is(act.expected);
        self.say(format!("{number:3}  {:<50} {:>4}  {}", act.what, outcome.reply.code, became(outcome)));
        if outcome.reply.code >= 400 {
            self.quoted(&outcome.reply.text());
        }
        if !fine {
            self.say(format!("     DIFFERS: expected {}, {}", act.expected.code, act.expected.name));
        }
        fine
    }

    /// Shows a text indented, in lines that fit.
    fn quoted(&mut self, text: &str) {
        let mut line = String::from("       ");
        for word in text.split_whitespace() {
            if line.chars().count() + 1 + word.chars().count() > WIDTH {
                self.say(std::mem::replace(&mut line, String::from("       ")));
            }
            line = line + " " + word;
        }
        self.say(line);
    }

    /// Says how the release went.
    pub fn release(
        &mut self,
        act: &Act,
        case: &str,
        said: Result<&str, &String>,
        arrived: Option<&Delivery>,
        same: bool,
    ) {
        self.say("");
        self.say(format!("     $ vaguemestre cases release {case}"));
        match said {
            Ok(text) => text.trim().lines().for_each(|line| self.say(format!("     {line}"))),
            Err(text) => self.say(format!("     DIFFERS: {}", text.trim())),
        }
        if let Some(delivery) = arrived {
            let how = if same { "byte for byte" } else { "DIFFERS: changed" };
            self.say(format!("     \"{}\": the next hop has it for", act.what));
            self.say(format!("     {}, {how}", delivery.to.join(" and ")));
        }
    }

    /// Says the total.
    pub fn closing(&mut self, steps: usize, differences: usize) {
        self.say("");
        self.say(format!("{} of {steps} as expected", steps - differences));
    }

    /// The page as a picture: plain SVG, so that a browser draws it and a diff shows what changed.
    pub fn picture(&self) -> String {
        let height = 19 * self.0.len() + 36;
        let mut svg = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"860\" height=\"{height}\" font-family=\"ui-monospace, Menlo, \
             Consolas, 'DejaVu Sans Mono', monospace\" font-size=\"13.5\">\n<rect width=\"100%\" height=\"100%\" rx=\"8\" fill=\"#1c2128\"/>\n"
        );
        for (at, line) in self.0.iter().enumerate().filter(|(_, line)| !line.is_empty()) {
            let text = line.replace('&', "&amp;").replace('<', "&lt;");
            let _ = writeln!(
                svg,
                "<text x=\"20\" y=\"{}\" fill=\"{}\" xml:space=\"preserve\" textLength=\"{:.1}\">{text}</text>",
                19 * at + 32,
                colour(line),
                8.13 * f64::from(u32::try_from(line.chars().count()).unwrap_or(0)),
            );
        }
        svg + "</svg>\n"
    }
}

fn became(outcome: &Outcome) -> &'static str {
    match (outcome.delivered, outcome.notice, outcome.unchanged) {
        (true, false, true) => "delivered, byte for byte",
        (true, false, false) => "delivered, changed",
        (true, true, _) => "delivered; its sender is warned",
        (false, true, _) => "held; its sender is told",
        (false, false, _) if outcome.reply.code >= 400 => "not delivered; the sender reads:",
        (false, false, _) => "taken, and gone",
    }
}

fn colour(line: &str) -> &'static str {
    const COLOURS: &[(&str, &str)] = &[
        ("DIFFERS", "#ff7b72"),
        ("delivered; its", "#e3b341"),
        ("held;", "#79c0ff"),
        ("not delivered", "#ffa198"),
        ("byte for byte", "#7ee787"),
    ];
    let known = COLOURS.iter().find(|(words, _)| line.contains(words)).map(|(_, colour)| *colour);
    known.unwrap_or(if line.starts_with("        ") { "#9da7b1" } else { "#e6edf3" })
}

/// Opens an account at the desk, and says how to sign in: each recovery code stands for one code of an application.
fn desk(stage: &Stage) {
    let mut command = stage.service.command("accounts");
    command.args(["--as", "demo", "create", "mtremblay", "--name", "Marie Tremblay", "--role", "archivist"]);
    command.args(["--address", "mtremblay@cissslau.example"]);
    let Ok(output) = command.output() else { return };
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let value = |name: &str| text.lines().find_map(|line| line.strip_prefix(name)?.split_whitespace().next());
    let codes = text.lines().filter_map(|line| line.strip_prefix("recovery")).map(str::trim);
    println!("  desk     http://127.0.0.1:{}/  (to be opened on this machine)", stage.service.review);
    println!("           user mtremblay, password {}", value("password").unwrap_or("?"));
    println!("           codes, one for each sign-in: {}", codes.take(3).collect::<Vec<_>>().join("  "));
}

/// Says how to go on.
pub fn staying(stage: &Stage, mailboxes: &Path) {
    println!("\nThe service stays up until Ctrl-C. Meanwhile:");
    println!("  send     any SMTP client to 127.0.0.1:{}", stage.postfix.ports.normal);
    println!("  see      {}/*.eml", mailboxes.display());
    println!("  cases    {} cases --config {} list", program().display(), stage.service.config().display());
    desk(stage);
    println!("  metrics  http://127.0.0.1:{}/metrics", stage.service.review);
}
