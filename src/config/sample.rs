//! The annotated sample file, generated from the descriptions of the settings.

use std::fmt::Write;

use super::section::Described;
use super::sections as section;

const HEAD: &str = "\
# Vaguemestre's settings. This file is generated from the program and shows every setting with its default: a line
# left out means the same. Lines that start with `#` are settings that are absent by default.
#
# Durations and sizes carry their unit: \"30s\", \"5 min\", \"2 h\", \"15 days\"; \"512 KiB\", \"25 MiB\", \"1 GiB\". An unknown key is an
# error. `vaguemestre check` verifies this file and all that it names.
";

const MODES: &str = "
# How far single articles may act, by their name: \"observe\", \"warn\" or \"enforce\". Articles that no line names follow
# judging.mode. An article on trial weighs nothing until a line here gives it \"warn\" or \"enforce\".
# Since 0.1.
[modes]
# dir04-6-4-messagerie-publique = \"enforce\"
# dir09-sondage-externe = \"warn\"
";

/// The text of `config/vaguemestre.toml`.
#[must_use]
pub fn sample() -> String {
    let mut text = HEAD.to_owned();
    write_section(
        &mut text,
        section::Establishment::KEY,
        section::Establishment::DOC,
        section::Establishment::SETTINGS,
    );
    write_section(&mut text, section::Milter::KEY, section::Milter::DOC, section::Milter::SETTINGS);
    write_section(&mut text, section::Judging::KEY, section::Judging::DOC, section::Judging::SETTINGS);
    text.push_str(MODES);
    write_section(&mut text, section::Limits::KEY, section::Limits::DOC, section::Limits::SETTINGS);
    write_section(&mut text, section::Sandbox::KEY, section::Sandbox::DOC, section::Sandbox::SETTINGS);
    write_section(&mut text, section::Tools::KEY, section::Tools::DOC, section::Tools::SETTINGS);
    write_section(&mut text, section::Data::KEY, section::Data::DOC, section::Data::SETTINGS);
    write_section(&mut text, section::Roster::KEY, section::Roster::DOC, section::Roster::SETTINGS);
    write_section(&mut text, section::Store::KEY, section::Store::DOC, section::Store::SETTINGS);
    write_section(&mut text, section::Relay::KEY, section::Relay::DOC, section::Relay::SETTINGS);
    write_section(&mut text, section::Review::KEY, section::Review::DOC, section::Review::SETTINGS);
    write_section(&mut text, section::Replies::KEY, section::Replies::DOC, section::Replies::SETTINGS);
    write_section(&mut text, section::Oidc::KEY, section::Oidc::DOC, section::Oidc::SETTINGS);
    write_section(&mut text, section::Log::KEY, section::Log::DOC, section::Log::SETTINGS);
    text
}

fn write_section(text: &mut String, key: &str, doc: &[&str], settings: &[Described]) {
    text.push('\n');
    write_comment(text, doc);
    text.push_str(&format!("[{key}]\n"));
    for setting in settings {
        write_setting(text, setting);
    }
}

fn write_setting(text: &mut String, setting: &Described) {
    text.push('\n');
    write_comment(text, setting.doc);
    let range = if setting.range.is_empty() { String::new() } else { format!("From {}. ", setting.range) };
    // Writing to a String cannot fail.
    let _ = writeln!(text, "# {range}Since {}.", setting.since);
    let _ = match setting.default.strip_prefix("# ") {
        Some(example) => writeln!(text, "# {} = {example}", setting.key),
        None => writeln!(text, "{} = {}", setting.key, setting.default),
    };
}

fn write_comment(text: &mut String, lines: &[&str]) {
    for line in lines {
        text.push('#');
        text.push_str(line);
        text.push('\n');
    }
}
