//! What the demonstration prints, in at most 100 columns.

use std::path::Path;

use super::acts::{Act, Outcome};
use super::support::sink::Delivery;
use super::support::stage::Stage;

const WIDTH: usize = 98;

/// Says what stands where.
pub fn opening(stage: &Stage) {
    println!("\nVaguemestre beside a private Postfix, on this machine only. Every article enforces.");
    println!(
        "mail in 127.0.0.1:{}   milter {}   next hop 127.0.0.1:{}\n",
        stage.postfix.ports.normal, stage.service.milter, stage.sink.port
    );
}

/// Prints every message with what became of it; how many are not as expected.
pub fn table(acts: &[Act], outcomes: &[Outcome]) -> usize {
    println!("     {:<50} {:>4}  {:<32}", "message", "SMTP", "what became of it");
    let rows = acts.iter().zip(outcomes).enumerate();
    rows.filter(|(at, (act, outcome))| !row(at + 1, act, outcome)).count()
}

fn row(number: usize, act: &Act, outcome: &Outcome) -> bool {
    let fine = outcome.is(act.expected);
    println!("{number:3}  {:<50} {:>4}  {}", act.what, outcome.reply.code, became(outcome));
    if outcome.reply.code >= 400 {
        quoted(&outcome.reply.text());
    }
    if !fine {
        println!("     DIFFERS: expected {}, {}", act.expected.code, act.expected.name);
    }
    fine
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

/// Prints a text indented, in lines that fit.
fn quoted(text: &str) {
    let mut line = String::from("       ");
    for word in text.split_whitespace() {
        if line.chars().count() + 1 + word.chars().count() > WIDTH {
            println!("{line}");
            line = String::from("       ");
        }
        line = line + " " + word;
    }
    println!("{line}\n");
}

/// Says how the release went.
pub fn release(act: &Act, case: &str, said: Result<&str, &String>, arrived: Option<&Delivery>, same: bool) {
    println!("\n     $ vaguemestre cases release {case}");
    match said {
        Ok(text) => text.trim().lines().for_each(|line| println!("     {line}")),
        Err(text) => println!("     DIFFERS: {}", text.trim()),
    }
    if let Some(delivery) = arrived {
        let how = if same { "byte for byte" } else { "DIFFERS: changed" };
        println!("     \"{}\" reached {}: {how}", act.what, delivery.to.join(", "));
    }
}

/// Says the total.
pub fn closing(steps: usize, differences: usize) {
    println!("\n{} of {steps} as expected", steps - differences);
}

/// Says how to go on.
pub fn staying(stage: &Stage, mailboxes: &Path) {
    let program = super::support::service::program();
    println!("\nThe service stays up until Ctrl-C. Meanwhile:");
    println!("  send     any SMTP client to 127.0.0.1:{}", stage.postfix.ports.normal);
    println!("  see      {}/*.eml", mailboxes.display());
    println!("  cases    {} cases --config {} list", program.display(), stage.service.config().display());
    println!("  metrics  http://127.0.0.1:{}/metrics", stage.service.review);
}

/// The text of a notice, whatever its transfer encoding.
pub fn readable(message: &[u8]) -> String {
    let message = mail_parser::MessageParser::default().parse(message);
    let text = message.as_ref().and_then(|message| message.body_text(0));
    text.map(|text| text.into_owned()).unwrap_or_default()
}
