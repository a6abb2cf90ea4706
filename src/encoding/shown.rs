//! Strangers' text in sentences for people: nothing in it disturbs a terminal, hides, or shows as something else.

/// What stands in the place of a character that is not shown.
const REPLACED: char = '\u{fffd}';

/// The text on one line of at most so many characters, and an ellipsis where there were more. Each
/// [deceptive](is_deceptive) character is replaced by U+FFFD.
pub fn shown(text: &str, characters: usize) -> String {
    match text.char_indices().nth(characters) {
        Some((end, _)) => printable(text.get(..end).unwrap_or_default()) + "…",
        None => printable(text),
    }
}

/// The same of a text that is shown whole.
pub fn printable(text: &str) -> String {
    text.chars().map(|character| if is_deceptive(character) { REPLACED } else { character }).collect()
}

/// What [hides](is_hidden), and what says in which direction text runs or where it may break. Joiners are none: scripts
/// need them.
pub fn is_deceptive(character: char) -> bool {
    is_hidden(character) || matches!(character, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200e}' | '\u{200f}')
}

/// Control characters, and those that reorder, break or hide text (Unicode Technical Report 36, section 2.5). Marks that
/// Arabic and Indic scripts need are none of them.
pub fn is_hidden(character: char) -> bool {
    character.is_control()
        || matches!(character,
            '\u{200b}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e0fff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_hides_or_turns_text_is_shown() {
        assert_eq!(shown("A\u{202e}1 talF\u{2066}\u{feff}\u{e0041}", 20), "A\u{fffd}1 talF\u{fffd}\u{fffd}\u{fffd}");
        assert_eq!(
            shown("\u{1b}[2J\r\n\u{7f}\u{85}\u{2028}", 20),
            "\u{fffd}[2J\u{fffd}\u{fffd}\u{fffd}\u{fffd}\u{fffd}"
        );
        assert_eq!(shown("co\u{ad}op \u{200f}x\u{61c}", 20), "co\u{fffd}op \u{fffd}x\u{fffd}");
    }

    #[test]
    fn what_scripts_need_is_shown() {
        for text in ["深水埗 Sham Shui Po", "क्‍ष", "👩‍👩‍👧", "می‌خواهم", "e\u{301}"] {
            assert_eq!(shown(text, 40), text);
        }
    }

    #[test]
    fn a_long_text_is_cut() {
        assert_eq!(shown("深水埗區", 4), "深水埗區");
        assert_eq!(shown("深水埗區", 3), "深水埗…");
    }
}
