//! What the Postfix of this machine does with mail when its milter is away.

use std::process::{Command, Stdio};

use crate::model::settings;

/// Postfix' `milter_default_action`, when it is not to put mail off: it then decides alone about mail that we have not read. `None` too where
/// no Postfix is to be asked.
#[must_use]
pub fn careless_default(settings: &settings::Relay) -> Option<String> {
    let mut command = Command::new("postconf");
    if let Some(config) = &settings.postfix_config {
        command.arg("-c").arg(config);
    }
    let asked = command.args(["-h", "milter_default_action"]).stdin(Stdio::null()).stderr(Stdio::null());
    let answer = asked.output().ok().filter(|answer| answer.status.success())?;
    careless(&String::from_utf8_lossy(&answer.stdout))
}

/// `shutdown`, the default from Postfix 3.11 on, puts off as well.
fn careless(answer: &str) -> Option<String> {
    let action = answer.trim();
    let puts_off = matches!(action, "tempfail" | "shutdown" | "");
    (!puts_off).then(|| action.to_owned())
}

#[cfg(test)]
mod tests {
    use super::careless;

    #[test]
    fn only_what_puts_mail_off_is_safe() {
        for (answer, told) in
            [("tempfail\n", None), ("shutdown\n", None), ("\n", None), ("accept\n", Some("accept"))]
        {
            assert_eq!(careless(answer).as_deref(), told, "{answer}");
        }
    }
}
