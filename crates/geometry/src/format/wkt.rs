//! Well-Known Text (OGC 06-103r4, clause 7) into drafts.

use geo::Coord;

use crate::draft::Draft;
use crate::error::{GeometryError, Place};
use crate::shape::MAXIMUM_DEPTH;

type Read<T> = Result<T, GeometryError>;

pub(crate) fn read(text: &str) -> Read<Draft> {
    let mut reader = Reader { text, offset: 0 };
    let draft = reader.geometry(0)?;
    reader.skip_space();
    if reader.offset < text.len() {
        return Err(reader.expected("the end"));
    }
    Ok(draft)
}

struct Reader<'a> {
    text: &'a str,
    /// In bytes.
    offset: usize,
}

impl<'a> Reader<'a> {
    fn expected(&self, expected: &'static str) -> GeometryError {
        GeometryError::Expected {
            place: Place::Text(self.offset),
            expected,
        }
    }

    fn rest(&self) -> &'a str {
        &self.text[self.offset..]
    }

    fn skip_space(&mut self) {
        self.offset = self.text.len() - self.rest().trim_start().len();
    }

    /// Takes the mark if it is next.
    fn takes(&mut self, mark: char) -> bool {
        self.skip_space();
        let is_next = self.rest().starts_with(mark);
        if is_next {
            self.offset += mark.len_utf8();
        }
        is_next
    }

    fn open(&mut self) -> Read<()> {
        self.takes('(')
            .then_some(())
            .ok_or_else(|| self.expected("an opening bracket"))
    }

    fn close(&mut self) -> Read<()> {
        self.takes(')')
            .then_some(())
            .ok_or_else(|| self.expected("a comma or a closing bracket"))
    }

    /// The letters that are next, if any, without taking them.
    fn peek_word(&mut self) -> &'a str {
        self.skip_space();
        let rest = self.rest();
        let end = rest
            .find(|character: char| !character.is_ascii_alphabetic())
            .unwrap_or(rest.len());
        &rest[..end]
    }

    /// Takes the word if it is next, whatever its case.
    fn takes_word(&mut self, word: &str) -> bool {
        let next = self.peek_word();
        let is_next = next.eq_ignore_ascii_case(word);
        if is_next {
            self.offset += next.len();
        }
        is_next
    }

    fn geometry(&mut self, depth: usize) -> Read<Draft> {
        let word = self.peek_word();
        let start = self.offset;
        self.offset += word.len();
        let kind = word.to_ascii_uppercase();
        // The dimension may stand apart or be joined to the type: POINT Z, POINTZ.
        let kind = ["ZM", "Z", "M"]
            .iter()
            .find_map(|dimension| kind.strip_suffix(dimension))
            .unwrap_or(&kind);
        let _ = self.takes_word("ZM") || self.takes_word("Z") || self.takes_word("M");
        let empty_at = self.offset;
        if self.takes_word("EMPTY") {
            return Err(GeometryError::Empty {
                place: Place::Text(empty_at),
            });
        }
        match kind {
            "POINT" => self.bracketed_position().map(Draft::Point),
            "LINESTRING" => self.positions().map(Draft::Line),
            "POLYGON" => self.list(Self::positions).map(Draft::Polygon),
            "MULTIPOINT" => self.list(Self::part_point).map(Draft::MultiPoint),
            "MULTILINESTRING" => self.list(Self::positions).map(Draft::MultiLine),
            "MULTIPOLYGON" => self.list(Self::rings).map(Draft::MultiPolygon),
            "GEOMETRYCOLLECTION" if depth >= MAXIMUM_DEPTH => Err(GeometryError::TooDeep {
                place: Place::Text(start),
            }),
            "GEOMETRYCOLLECTION" => self
                .list(|reader| reader.geometry(depth + 1))
                .map(Draft::Collection),
            _ => Err(GeometryError::UnknownType {
                place: Place::Text(start),
                found: word.to_owned(),
            }),
        }
    }

    /// A bracketed list of at least one element.
    fn list<T>(&mut self, mut element: impl FnMut(&mut Self) -> Read<T>) -> Read<Vec<T>> {
        self.open()?;
        let mut elements = Vec::new();
        loop {
            elements.push(element(self)?);
            if !self.takes(',') {
                break;
            }
        }
        self.close()?;
        Ok(elements)
    }

    fn rings(&mut self) -> Read<Vec<Vec<Coord<f64>>>> {
        self.list(Self::positions)
    }

    fn positions(&mut self) -> Read<Vec<Coord<f64>>> {
        self.list(Self::position)
    }

    fn bracketed_position(&mut self) -> Read<Coord<f64>> {
        self.open()?;
        let coord = self.position()?;
        self.close()?;
        Ok(coord)
    }

    /// A point of a multipoint, with its brackets or without.
    fn part_point(&mut self) -> Read<Coord<f64>> {
        self.skip_space();
        if self.rest().starts_with('(') {
            self.bracketed_position()
        } else {
            self.position()
        }
    }

    /// Two to four numbers, of which the first two count.
    fn position(&mut self) -> Read<Coord<f64>> {
        let coord = Coord {
            x: self.number()?,
            y: self.number()?,
        };
        for _ in 0..2 {
            self.skip_space();
            if self.rest().starts_with([',', ')']) {
                break;
            }
            self.number()?;
        }
        Ok(coord)
    }

    fn number(&mut self) -> Read<f64> {
        self.skip_space();
        let rest = self.rest();
        let end = rest
            .find(|character: char| {
                !(character.is_ascii_digit() || matches!(character, '.' | '-' | '+' | 'e' | 'E'))
            })
            .unwrap_or(rest.len());
        let number = rest[..end].parse().map_err(|_| self.expected("a number"))?;
        self.offset += end;
        Ok(number)
    }
}
