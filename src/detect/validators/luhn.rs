//! The Luhn check (as python-stdnum has it, `stdnum/luhn.py`).

/// Whether digits satisfy the Luhn check, the last being the check digit.
pub(super) fn holds(digits: &[u32]) -> bool {
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(index, digit)| if index % 2 == 1 { doubled(*digit) } else { *digit })
        .sum();
    !digits.is_empty() && sum.is_multiple_of(10)
}

fn doubled(digit: u32) -> u32 {
    if digit > 4 { digit * 2 - 9 } else { digit * 2 }
}

#[cfg(test)]
mod tests {
    use super::super::digits;

    #[test]
    fn numbers_with_a_right_last_digit_hold_and_others_do_not() {
        for (number, right) in [
            ("130692544", true),
            ("046454286", true),
            ("9876543217", true),
            ("130692545", false),
            ("", false),
        ] {
            assert_eq!(super::holds(&digits(number)), right, "{number}");
        }
    }
}
