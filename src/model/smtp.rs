//! What an SMTP client is told.

/// What an SMTP client is told: a code, an enhanced code of the same class, and text. The milter makes the text safe
/// for the wire (ASCII, `%` doubled, lines of limited length).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SmtpText {
    /// 4xx or 5xx.
    pub code: u16,
    /// Second and third number of the enhanced code: `(7, 1)` for `x.7.1` (RFC 3463).
    pub detail: (u16, u16),
    /// One entry a line.
    pub lines: Vec<String>,
}
