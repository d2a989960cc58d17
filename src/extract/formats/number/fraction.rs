//! Numbers as fractions: `# ?/?`, `# ??/8`.

use super::section::literally;

/// Most digits of a denominator.
const MOST: usize = 4;
/// Most steps towards the nearest fraction.
const STEPS: usize = 40;

/// A number without sign by the code of a fraction; `None` for a code that is none.
pub fn show(code: &str, size: f64) -> Option<String> {
    let (before, behind) = code.split_once('/')?;
    let place = |c: char| "0#?".contains(c);
    let head = before.trim_end_matches(place);
    let is_mixed = head.contains(place);
    let below: String = behind.chars().take_while(|c| c.is_ascii_digit() || place(*c)).collect();
    let (denominator, most) = match below.parse::<f64>().ok().filter(|fixed| *fixed > 0.0) {
        Some(fixed) => (Some(fixed), fixed),
        None => (None, 10f64.powi(i32::try_from(below.len().clamp(1, MOST)).ok()?) - 1.0),
    };
    let whole = if is_mixed { size.trunc() } else { 0.0 };
    let (over, under) = match denominator {
        Some(under) => (((size - whole) * under).round(), under),
        None => nearest(size - whole, most),
    };
    // A fraction that is rounded up to one belongs to the whole.
    let (whole, over) = if is_mixed && over >= under { (whole + 1.0, 0.0) } else { (whole, over) };
    let part = if over > 0.0 || !is_mixed { format!("{over:.0}/{under:.0}") } else { String::new() };
    let number = match (whole > 0.0, part.is_empty()) {
        (true, false) => format!("{whole:.0} {part}"),
        (false, false) => part,
        _ => format!("{whole:.0}"),
    };
    let first = literally(head.split(place).next().unwrap_or_default());
    let last = literally(behind.get(below.len()..).unwrap_or_default());
    Some(format!("{}{number}{last}", if is_mixed { first.as_str() } else { "" }).trim().to_owned())
}

/// The nearest fraction whose denominator is at most this, by continued fractions.
fn nearest(value: f64, most: f64) -> (f64, f64) {
    let (mut over, mut under) = ((1.0, value.floor()), (0.0, 1.0));
    let mut rest = value;
    for _ in 0..STEPS {
        let left = rest - rest.floor();
        if left < 1e-9 {
            break;
        }
        rest = 1.0 / left;
        let more = rest.floor();
        let next = (more * over.1 + over.0, more * under.1 + under.0);
        if next.1 > most {
            break;
        }
        over = (over.1, next.0);
        under = (under.1, next.1);
    }
    (over.1, under.1)
}
