//! The paths that a Rust file names, in the module where it names them.

use proc_macro2::{Delimiter, TokenStream, TokenTree};

/// One path such as `crate::did::Did`; grouped imports give one for each leaf, and a macro's name ends with `!`.
#[derive(Debug)]
pub(crate) struct Named {
    pub(crate) segments: Vec<String>,
    /// Whether `as` gives it another name.
    pub(crate) renamed: bool,
    /// The inline modules around it, outermost first.
    pub(crate) within: Vec<String>,
    pub(crate) line: usize,
}

/// A module declared in the file, inline or not.
#[derive(Debug)]
pub(crate) struct Declared {
    pub(crate) name: String,
    /// Whether `#[cfg(test)]` stands right before it.
    pub(crate) only_in_tests: bool,
    pub(crate) line: usize,
}

/// What a file names and declares.
#[derive(Debug, Default)]
pub(crate) struct Names {
    pub(crate) paths: Vec<Named>,
    pub(crate) modules: Vec<Declared>,
    within: Vec<String>,
}

impl Names {
    /// Reads a whole file.
    pub(crate) fn of(text: &str) -> Result<Self, String> {
        let stream: TokenStream = text.parse().map_err(|error| format!("{error}"))?;
        let mut names = Self::default();
        names.read(stream);
        Ok(names)
    }

    fn read(&mut self, stream: TokenStream) {
        let tokens: Vec<TokenTree> = stream.into_iter().collect();
        let mut at = 0;
        while let Some(token) = tokens.get(at) {
            match token {
                TokenTree::Ident(word) if *word == "mod" => {
                    at += 1;
                    if let Some(TokenTree::Ident(name)) = tokens.get(at) {
                        self.modules.push(Declared {
                            name: name.to_string(),
                            only_in_tests: follows_cfg_test(&tokens[..at - 1]),
                            line: name.span().start().line,
                        });
                        at += 1;
                        if let Some(body) = group(tokens.get(at), Delimiter::Brace) {
                            self.within.push(name.to_string());
                            self.read(body);
                            self.within.pop();
                            at += 1;
                        }
                    }
                }
                TokenTree::Ident(word) if *word == "extern" && is_word(tokens.get(at + 1), "crate") => {
                    self.note("extern crate", word.span().start().line);
                    at += 2;
                }
                TokenTree::Ident(_) => at = self.path(&tokens, at, &[]),
                TokenTree::Punct(hash) if hash.as_char() == '#' => {
                    if group(tokens.get(at + 1), Delimiter::Bracket).is_some_and(sets_path) {
                        self.note("#[path]", hash.span().start().line);
                    }
                    at += 1;
                }
                TokenTree::Group(inner) => {
                    self.read(inner.stream());
                    at += 1;
                }
                _ => at += 1,
            }
        }
    }

    /// Reads the path that begins at `at`, beneath `prefix`; returns where reading goes on.
    fn path(&mut self, tokens: &[TokenTree], mut at: usize, prefix: &[String]) -> usize {
        let mut segments = prefix.to_vec();
        let mut line = 0;
        while let Some(token) = tokens.get(at) {
            match token {
                TokenTree::Ident(word) => segments.push(word.to_string().trim_start_matches("r#").to_owned()),
                TokenTree::Punct(star) if star.as_char() == '*' => segments.push("*".to_owned()),
                TokenTree::Group(inner) if inner.delimiter() == Delimiter::Brace => {
                    let leaves: Vec<TokenTree> = inner.stream().into_iter().collect();
                    for leaf in leaves.split(|token| is(Some(token), ',')) {
                        self.path(leaf, 0, &segments);
                    }
                    return at + 1;
                }
                _ => break,
            }
            line = token.span().start().line;
            at += 1;
            if is(tokens.get(at), ':') && is(tokens.get(at + 1), ':') {
                at += 2;
            } else {
                break;
            }
        }
        if segments.len() > prefix.len() {
            if let (true, Some(TokenTree::Group(_)), Some(name)) =
                (is(tokens.get(at), '!'), tokens.get(at + 1), segments.last_mut())
            {
                name.push('!');
            }
            let renamed = is_word(tokens.get(at), "as");
            self.paths.push(Named { segments, renamed, within: self.within.clone(), line });
        }
        at
    }

    /// Keeps what is no path, but what a rule asks about, as a path of one segment.
    fn note(&mut self, name: &str, line: usize) {
        self.paths.push(Named { segments: vec![name.to_owned()], renamed: false, within: self.within.clone(), line });
    }
}

fn is(token: Option<&TokenTree>, character: char) -> bool {
    matches!(token, Some(TokenTree::Punct(punct)) if punct.as_char() == character)
}

fn is_word(token: Option<&TokenTree>, expected: &str) -> bool {
    matches!(token, Some(TokenTree::Ident(word)) if *word == expected)
}

fn group(token: Option<&TokenTree>, delimiter: Delimiter) -> Option<TokenStream> {
    match token {
        Some(TokenTree::Group(group)) if group.delimiter() == delimiter => Some(group.stream()),
        _ => None,
    }
}

/// Whether an attribute gives a module's file, by itself or within `cfg_attr`.
fn sets_path(attribute: TokenStream) -> bool {
    let tokens: Vec<TokenTree> = attribute.into_iter().collect();
    tokens.iter().enumerate().any(|(at, token)| match token {
        TokenTree::Group(inner) => sets_path(inner.stream()),
        token => is_word(Some(token), "path") && is(tokens.get(at + 1), '='),
    })
}

/// Whether the tokens end with `#[cfg(test)]`, a visibility after it allowed.
fn follows_cfg_test(tokens: &[TokenTree]) -> bool {
    let is_visibility = |token: &TokenTree| {
        matches!(token, TokenTree::Ident(word) if *word == "pub")
            || group(Some(token), Delimiter::Parenthesis).is_some()
    };
    let end = tokens.iter().rposition(|token| !is_visibility(token));
    group(end.and_then(|end| tokens.get(end)), Delimiter::Bracket)
        .is_some_and(|attribute| attribute.to_string().replace(' ', "") == "cfg(test)")
}
