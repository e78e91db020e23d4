//! Rust source without its comments and strings, and the functions in it: enough structure for
//! checks by line, without a parser.

use std::ops::Range;

/// Source whose comments and literals are replaced by blanks; every other byte, and every line end,
/// is where it was.
#[derive(Clone, Debug)]
pub struct Code {
    bytes: Vec<u8>,
    /// Where each line starts.
    starts: Vec<usize>,
    /// Lines, from 0, on which a literal lies: they are code even where nothing else is on them.
    literal: Vec<bool>,
}

/// A function with a body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Function {
    /// Its name.
    pub name: String,
    /// The line of its `fn`, from 1.
    pub line: usize,
    /// Lines from its `fn` to its last brace that hold code.
    pub code_lines: usize,
}

impl Code {
    /// Blanks the comments and literals of a source.
    pub fn new(source: &str) -> Code {
        let mut starts = vec![0];
        starts.extend(source.match_indices('\n').map(|(at, _)| at + 1));
        let mut code = Code {
            bytes: source.as_bytes().to_vec(),
            literal: vec![false; starts.len()],
            starts,
        };
        let mut at = 0;
        while at < code.bytes.len() {
            at = match span_at(&code.bytes, at) {
                Some(Span::Comment(end)) => code.blank(at..end, false),
                Some(Span::Literal(end)) => code.blank(at..end, true),
                None => at + word_length(&code.bytes, at).max(1),
            };
        }
        code
    }

    /// The text that is left.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }

    /// The line of a byte, from 1.
    pub fn line_of(&self, at: usize) -> usize {
        self.starts.partition_point(|start| *start <= at)
    }

    /// How many lines of a range (from 1) hold code.
    pub fn code_lines(&self, lines: Range<usize>) -> usize {
        let lines = lines.start - 1..(lines.end - 1).min(self.starts.len());
        lines.filter(|line| self.is_code(*line)).count()
    }

    /// How many lines of the file hold code.
    pub fn all_code_lines(&self) -> usize {
        self.code_lines(1..self.starts.len() + 1)
    }

    /// The functions with a body, inner ones too.
    pub fn functions(&self) -> Vec<Function> {
        let mut found = Vec::new();
        for at in self.words("fn") {
            let name_at = skip_blanks(&self.bytes, at + 2);
            let name_end = name_at + word_length(&self.bytes, name_at);
            let Some(body) = self.body(name_end).filter(|_| name_end > name_at) else {
                continue;
            };
            let line = self.line_of(at);
            found.push(Function {
                name: String::from_utf8_lossy(&self.bytes[name_at..name_end]).into_owned(),
                line,
                code_lines: self.code_lines(line..self.line_of(body.end - 1) + 1),
            });
        }
        found
    }

    /// The items under `#[cfg(test)]`: the bytes of those with a body, and the names of modules that
    /// are files of their own.
    pub fn test_items(&self) -> (Vec<Range<usize>>, Vec<String>) {
        let (mut bodies, mut modules) = (Vec::new(), Vec::new());
        let text = self.text();
        for (at, attribute) in text.match_indices("#[cfg(test)]") {
            let after = at + attribute.len();
            if let Some(body) = self.body(after) {
                bodies.push(at..body.end);
            } else if let Some(end) = text[after..].find(';') {
                let mut words = text[after..after + end].split_whitespace();
                if words.any(|word| word == "mod") {
                    modules.extend(words.next().map(str::to_owned));
                }
            }
        }
        (bodies, modules)
    }

    /// Where a word stands alone.
    pub fn words<'a>(&'a self, word: &'a str) -> impl Iterator<Item = usize> + 'a {
        let mut at = 0;
        std::iter::from_fn(move || {
            while at < self.bytes.len() {
                let start = at;
                let length = word_length(&self.bytes, start);
                at = start + length.max(1);
                if &self.bytes[start..start + length] == word.as_bytes() {
                    return Some(start);
                }
            }
            None
        })
    }

    /// The braces of an item from its name on; `None` for one that ends with a semicolon.
    fn body(&self, from: usize) -> Option<Range<usize>> {
        let (mut depth, mut inner, mut open) = (0_usize, 0_usize, None);
        for at in from..self.bytes.len() {
            match self.bytes[at] {
                b'(' | b'[' if open.is_none() => inner += 1,
                b')' | b']' if open.is_none() => inner = inner.saturating_sub(1),
                b';' if open.is_none() && inner == 0 => return None,
                b'{' if inner == 0 => {
                    open.get_or_insert(at);
                    depth += 1;
                }
                b'}' if open.is_some() => {
                    depth -= 1;
                    if depth == 0 {
                        return open.map(|open| open..at + 1);
                    }
                }
                _ => (),
            }
        }
        None
    }

    fn is_code(&self, line: usize) -> bool {
        let end = self.starts.get(line + 1).copied();
        let bytes = &self.bytes[self.starts[line]..end.unwrap_or(self.bytes.len())];
        self.literal[line] || bytes.iter().any(|byte| !byte.is_ascii_whitespace())
    }

    fn blank(&mut self, range: Range<usize>, literal: bool) -> usize {
        if literal {
            let lines = self.line_of(range.start) - 1..self.line_of(range.end - 1);
            self.literal[lines].fill(true);
        }
        for byte in &mut self.bytes[range.clone()] {
            if *byte != b'\n' {
                *byte = b' ';
            }
        }
        range.end
    }
}

/// What is blanked, and where it ends.
enum Span {
    Comment(usize),
    Literal(usize),
}

fn span_at(bytes: &[u8], at: usize) -> Option<Span> {
    let rest = &bytes[at..];
    if rest.starts_with(b"//") {
        let length = rest.iter().position(|byte| *byte == b'\n');
        return Some(Span::Comment(at + length.unwrap_or(rest.len())));
    }
    if rest.starts_with(b"/*") {
        return Some(Span::Comment(block_comment_end(bytes, at)));
    }
    match rest[0] {
        b'"' => Some(Span::Literal(quoted_end(bytes, at, b'"'))),
        b'\'' => character_end(bytes, at).map(Span::Literal),
        b'b' | b'c' | b'r' => prefixed_end(bytes, at).map(Span::Literal),
        _ => None,
    }
}

/// Block comments nest.
fn block_comment_end(bytes: &[u8], from: usize) -> usize {
    let (mut at, mut depth) = (from, 0_usize);
    while at < bytes.len() {
        if bytes[at..].starts_with(b"/*") {
            depth += 1;
            at += 2;
        } else if bytes[at..].starts_with(b"*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                return at;
            }
        } else {
            at += 1;
        }
    }
    bytes.len()
}

/// The end of a literal with escapes that opens at `open`.
fn quoted_end(bytes: &[u8], open: usize, quote: u8) -> usize {
    let mut at = open + 1;
    while at < bytes.len() {
        match bytes[at] {
            b'\\' => at += 2,
            byte if byte == quote => return at + 1,
            _ => at += 1,
        }
    }
    bytes.len()
}

/// The end of a character; `None` for a lifetime or a label.
fn character_end(bytes: &[u8], open: usize) -> Option<usize> {
    let first = *bytes.get(open + 1)?;
    if first == b'\\' {
        return Some(quoted_end(bytes, open, b'\''));
    }
    let length = match first {
        0..0x80 => 1,
        0x80..0xE0 => 2,
        0xE0..0xF0 => 3,
        _ => 4,
    };
    (bytes.get(open + 1 + length) == Some(&b'\'')).then_some(open + 2 + length)
}

/// The end of a literal with a prefix: `b"…"`, `b'…'`, `c"…"`, `r#"…"#`, `br"…"`.
fn prefixed_end(bytes: &[u8], at: usize) -> Option<usize> {
    let letters = bytes[at..].iter().take_while(|byte| b"bcr".contains(byte));
    let open = at + letters.count();
    let raw = bytes[at..open].contains(&b'r');
    match bytes.get(open)? {
        b'"' if !raw => Some(quoted_end(bytes, open, b'"')),
        b'\'' if !raw => character_end(bytes, open),
        b'"' | b'#' if raw => raw_end(bytes, open),
        _ => None,
    }
}

/// The end of a raw string whose hashes begin at `open`; `None` for a raw identifier.
fn raw_end(bytes: &[u8], open: usize) -> Option<usize> {
    let hashes = bytes[open..]
        .iter()
        .take_while(|byte| **byte == b'#')
        .count();
    if bytes.get(open + hashes) != Some(&b'"') {
        return None;
    }
    let mut close = vec![b'"'];
    close.resize(hashes + 1, b'#');
    let inner = open + hashes + 1;
    let found = bytes[inner..]
        .windows(close.len())
        .position(|window| window == close);
    Some(found.map_or(bytes.len(), |place| inner + place + close.len()))
}

/// The length of the identifier or number that begins here; 0 where none does.
fn word_length(bytes: &[u8], at: usize) -> usize {
    let part = |byte: &&u8| byte.is_ascii_alphanumeric() || **byte == b'_' || **byte >= 0x80;
    bytes[at..].iter().take_while(part).count()
}

fn skip_blanks(bytes: &[u8], from: usize) -> usize {
    let blank = |byte: &&u8| byte.is_ascii_whitespace();
    from + bytes[from..].iter().take_while(blank).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_and_literals_are_blank() {
        let source =
            "let a = \"fn {\"; // fn {\nlet b = 'x'; /* { /* } */ } */ let c = r#\"\"fn\"#;";
        let code = Code::new(source);
        assert_eq!(code.text().len(), source.len());
        assert_eq!(code.words("fn").count(), 0);
        assert!(!code.text().contains('{') && !code.text().contains('}'));
        assert_eq!(code.words("let").count(), 3);
    }

    #[test]
    fn lifetimes_and_characters_differ() {
        let code = Code::new("fn f<'a>(x: &'a str) -> char { '\\'' } fn g() { b'}'; '县'; }");
        let names: Vec<String> = code.functions().into_iter().map(|f| f.name).collect();
        assert_eq!(names, ["f", "g"]);
    }

    #[test]
    fn lines_are_counted_without_comments() {
        let source = "//! Doc.\n\nfn f() {\n    // why\n    let s = \"a\n    b\";\n\n}\n";
        let code = Code::new(source);
        assert_eq!(code.all_code_lines(), 4);
        let expected = Function {
            name: "f".to_owned(),
            line: 3,
            code_lines: 4,
        };
        assert_eq!(code.functions(), [expected]);
    }

    #[test]
    fn declarations_and_pointers_are_no_functions() {
        let code =
            Code::new("trait T { fn a(&self, x: [u8; 2]); fn b() {} }\ntype F = fn(u8) -> u8;");
        let names: Vec<String> = code.functions().into_iter().map(|f| f.name).collect();
        assert_eq!(names, ["b"]);
    }

    #[test]
    fn test_items_are_found() {
        let code =
            Code::new("#[cfg(test)]\nmod tests;\n#[cfg(test)]\nmod inner { fn x() {} }\nfn y() {}");
        let (bodies, modules) = code.test_items();
        assert_eq!(modules, ["tests"]);
        assert_eq!(bodies.len(), 1);
        assert!(!code.text()[bodies[0].clone()].contains('y'));
    }
}
