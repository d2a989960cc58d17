//! One candidate, told in full: what was seen at its place, each evidence with the running sum, its rule, its rivals.

use std::io::Write;

use anyhow::Result;

use crate::detect::trace::Trace;
use crate::detect::{Candidate, Detectors, Origin, masked as masked_value};
use crate::model::Confidence;

/// How much is shown around a candidate, in bytes before and after it.
const AROUND: (usize, usize) = (60, 40);

/// Tells candidates of one message.
#[derive(Debug)]
pub struct Teller<'a> {
    /// The rules.
    pub detectors: &'a Detectors,
    /// What they proposed.
    pub trace: &'a Trace<'a>,
    /// Whether values and text are shown in clear.
    pub reveal: bool,
}

impl Teller<'_> {
    /// Tells one candidate.
    pub fn tell(&self, out: &mut impl Write, candidate: &Candidate) -> Result<()> {
        let kind = candidate.kind.map_or("reference (allowed)", |kind| kind.name());
        let bits = candidate.bits();
        let confidence = Confidence::of(bits).map_or("below the threshold", Confidence::name);
        let value = match (self.reveal, candidate.kind) {
            (true, _) => candidate.value.reveal().to_owned(),
            (false, Some(kind)) => masked_value(kind, candidate.value.reveal()),
            (false, None) => "•••••".to_owned(),
        };
        writeln!(out, "  {kind} {value}  {confidence}, {bits:+.1} bits")?;
        self.place(out, candidate)?;
        self.rule(out, &candidate.rule)?;
        writeln!(out, "    evidence, with the sum so far:")?;
        let mut sum = 0.0;
        for evidence in &candidate.evidence {
            sum += evidence.bits;
            writeln!(out, "      {:+6.1}  {sum:+6.1}  {}", evidence.bits, evidence.reason)?;
        }
        writeln!(
            out,
            "      thresholds: 0 low (possible), 3 medium (probable), 7 high (certain){}",
            distance(bits)
        )?;
        self.rivals(out, candidate)
    }

    fn place(&self, out: &mut impl Write, candidate: &Candidate) -> Result<()> {
        let (segment, span) = self.trace.prepared.locate(candidate.block, &candidate.span);
        writeln!(out, "    in segment #{segment}, bytes {}..{}; as the rules see it:", span.0, span.1)?;
        let text = self.trace.prepared.text(candidate.block);
        let from = text.floor_char_boundary(candidate.span.start.saturating_sub(AROUND.0));
        let to = text.ceil_char_boundary((candidate.span.end + AROUND.1).min(text.len()));
        let shown = |range: std::ops::Range<usize>| self.shown(text.get(range).unwrap_or_default());
        let (before, inside) = (shown(from..candidate.span.start), shown(candidate.span.clone()));
        writeln!(out, "      {before}⟦{inside}⟧{}", shown(candidate.span.end..to))?;
        if let Some(header) = self.trace.prepared.header(candidate.block) {
            writeln!(out, "      under the column header: {}", self.shown(header))?;
        }
        Ok(())
    }

    fn shown(&self, text: &str) -> String {
        let text = text.replace('\n', "⏎");
        if self.reveal { text } else { masked(&text) }
    }

    fn rule(&self, out: &mut impl Write, id: &str) -> Result<()> {
        let Some(rule) = self.detectors.rules().iter().find(|rule| rule.id == id) else {
            return Ok(writeln!(out, "    rule {id}, part of the program: it reads the word lists")?);
        };
        let origin = if rule.origin == Origin::Local { "yours" } else { "shipped" };
        writeln!(out, "    rule {id} ({origin}), {}:{}", rule.file, rule.line)?;
        for change in self.detectors.local().changes.iter().filter(|change| change.rule == *id) {
            writeln!(out, "      changed at {}:{}: {}", change.file, change.line, change.reason)?;
        }
        for reference in &rule.references {
            writeln!(out, "      based on: {reference}")?;
        }
        Ok(())
    }

    fn rivals(&self, out: &mut impl Write, candidate: &Candidate) -> Result<()> {
        let same_place = |other: &&Candidate| {
            other.block == candidate.block
                && other.span.start < candidate.span.end
                && candidate.span.start < other.span.end
        };
        for rival in self.trace.lost.iter().filter(same_place).take(5) {
            let kind = rival.kind.map_or("reference", |kind| kind.name());
            let why = if rival.bits() < candidate.bits() {
                "fewer bits"
            } else if rival.kind.is_none() {
                "a word for a reference does not free a number that is probably a person's"
            } else {
                "no more bits, and read later"
            };
            writeln!(
                out,
                "    rival: {kind} by rule {}, {:+.1} bits, lost: {why}",
                rival.rule,
                rival.bits()
            )?;
        }
        Ok(())
    }
}

/// How far a sum is above or below its threshold.
fn distance(bits: f32) -> String {
    match bits {
        bits if bits < 0.0 => format!("; {:.1} short of low", -bits),
        bits if bits < 3.0 => format!("; {:.1} short of medium", 3.0 - bits),
        bits if bits < 7.0 => format!("; {:.1} short of high", 7.0 - bits),
        _ => String::new(),
    }
}

/// The shape of a text: letters and digits hidden, everything else as it is.
fn masked(text: &str) -> String {
    let hidden = |character: char| match character {
        character if character.is_numeric() => '9',
        character if character.is_uppercase() => 'X',
        character if character.is_alphabetic() => 'x',
        character => character,
    };
    text.chars().map(hidden).collect()
}

#[cfg(test)]
mod tests {
    use super::masked;

    #[test]
    fn a_masked_text_keeps_its_shape_alone() {
        assert_eq!(masked("NAM : Élo 1234-56 Ⅷ"), "XXX : Xxx 9999-99 9");
    }
}
