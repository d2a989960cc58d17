//! A square code (QR, ISO/IEC 18004) of a short text, as one path of an inline SVG and as letters for a terminal.

use qrcode::{Color, EcLevel, QrCode};

/// Light modules around a code: what the standard asks for.
const QUIET: usize = 4;

/// A square code.
pub struct CodeImage {
    /// Modules a side, the quiet zone included.
    pub side: usize,
    dark: Vec<bool>,
}

impl CodeImage {
    /// Draws a text; `None` when it is too long for one (some 2 000 letters).
    #[must_use]
    pub fn of(text: &str) -> Option<Self> {
        let code = QrCode::with_error_correction_level(text, EcLevel::M).ok()?;
        let dark = code.to_colors().into_iter().map(|color| color == Color::Dark).collect();
        Some(Self { side: code.width() + 2 * QUIET, dark })
    }

    fn is_dark(&self, x: usize, y: usize) -> bool {
        let width = self.side.saturating_sub(2 * QUIET);
        let (x, y) = (x.wrapping_sub(QUIET), y.wrapping_sub(QUIET));
        x < width && y < width && self.dark.get(y * width + x).copied().unwrap_or(false)
    }

    /// The dark modules, as the path of an SVG whose view box is `0 0 side side`.
    #[must_use]
    pub fn path(&self) -> String {
        let all = (0..self.side).flat_map(|y| (0..self.side).map(move |x| (x, y)));
        all.filter(|&(x, y)| self.is_dark(x, y)).map(|(x, y)| format!("M{x} {y}h1v1h-1z")).collect()
    }

    /// Lines for a terminal, two rows of modules each, dark on light whatever the terminal's colours.
    #[must_use]
    pub fn lines(&self) -> Vec<String> {
        let half = |x, y| match (self.is_dark(x, y), self.is_dark(x, y + 1)) {
            (true, true) => ' ',
            (true, false) => '▄',
            (false, true) => '▀',
            (false, false) => '█',
        };
        let line =
            |y| format!("\u{1b}[37;40m{}\u{1b}[0m", (0..self.side).map(|x| half(x, y)).collect::<String>());
        (0..self.side).step_by(2).map(line).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::CodeImage;

    /// ISO/IEC 18004, 6.3.3: a finder pattern in three corners, a dark ring of seven around a light one around a square of three.
    #[test]
    fn a_code_has_its_three_corners_and_its_quiet_zone() {
        let text = crate::web::totp::uri("mtremblay", "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
        let code = CodeImage::of(&text).unwrap();
        let finder = |left: usize, top: usize| {
            (0..7).all(|y: usize| {
                (0..7).all(|x: usize| {
                    let ring = x.abs_diff(3).max(y.abs_diff(3_usize));
                    code.is_dark(left + x, top + y) == (ring != 2)
                })
            })
        };
        let far = code.side - 4 - 7;
        assert!(finder(4, 4) && finder(far, 4) && finder(4, far) && !finder(far, far));
        assert!((0..code.side).all(|at| !code.is_dark(at, 3) && !code.is_dark(3, at)));
        assert!(code.path().starts_with("M4 4h1v1h-1zM5 4"));
        assert_eq!(code.lines().len(), code.side.div_ceil(2));
        assert!(CodeImage::of(&"a".repeat(5_000)).is_none());
    }
}
