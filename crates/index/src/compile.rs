//! Predicates become tantivy queries. What no index answers is an expression, asked of the candidates
//! that the other conditions leave.

use std::ops::Bound;
use std::sync::Arc;

use record::{
    CompactString, Comparison, Expression, FieldNumber, Function, IdSet, Places, Predicate, Value,
};
use schema::FieldType;
use tantivy::Term;
use tantivy::query::{
    AllQuery, BooleanQuery, EmptyQuery, ExistsQuery, InvertedIndexRangeQuery, Occur, Query,
    RangeQuery, TermQuery, TermSetQuery,
};
use tantivy::schema::{Field, IndexRecordOption};

use crate::error::IndexError;
use crate::exact::query::ExactQuery;
use crate::hash::key_hash;
use crate::layout::{ColumnKind, ColumnLayout, FieldLayout, Layout, ORDERED_KEY, ORDERED_NUMBER};
use crate::like::Pattern;
use crate::order::checked::CheckedQuery;
use crate::order::query::{ConfirmedQuery, NumberQuery};
use crate::order::text::{Sought, TextQuery};
use crate::segments::Segments;
use crate::spatial::query::{Area, SpatialQuery};
use crate::time::Deadline;

mod character;
pub mod exclusion;
mod text_match;

use exclusion::excluded;

/// Turns predicates over one collection into queries.
pub struct Compiler<'a> {
    layout: &'a Arc<Layout>,
    segments: &'a Segments,
    deadline: Deadline,
}

type Compiled = Result<Box<dyn Query>, IndexError>;

impl<'a> Compiler<'a> {
    /// A compiler for one collection, over the segments of one snapshot.
    pub fn new(layout: &'a Arc<Layout>, segments: &'a Segments) -> Compiler<'a> {
        Compiler {
            layout,
            segments,
            deadline: Deadline::NONE,
        }
    }

    /// What evaluates records, or reads geometries, stops at the deadline.
    pub fn until(self, deadline: Deadline) -> Compiler<'a> {
        Compiler { deadline, ..self }
    }

    /// The query of a predicate.
    pub fn compile(&self, predicate: &Predicate) -> Compiled {
        match predicate {
            Predicate::All => Ok(Box::new(AllQuery)),
            Predicate::And(all) => self.every(all),
            Predicate::Or(any) => Ok(union(
                any.iter()
                    .map(|one| self.compile(one))
                    .collect::<Result<_, _>>()?,
            )),
            Predicate::Not(one) => Ok(complement(self.compile(one)?)),
            Predicate::Compare {
                field,
                comparison,
                value,
            } => self.compare(field, *comparison, value),
            Predicate::In { field, values } => self.among(field, values),
            Predicate::IsNull { field } => {
                let (_, layout) = self.field(field)?;
                Ok(complement(self.exists(field, layout)?))
            }
            Predicate::Like { field, pattern } => self.like(field, pattern),
            Predicate::Text { fields, query } => self.text(fields, query),
            Predicate::WithinDivision { field, code } => self.within_division(field, code),
            Predicate::Box(corners) => self.within_box(corners),
            Predicate::Intersects(wkb) => {
                let shape = geometry::Shape::from_wkb(wkb)
                    .map_err(|reason| IndexError::BadGeometry(reason.to_string()))?;
                self.spatial(vec![Area::of(shape)])
            }
            Predicate::Near { lon, lat, metres } => {
                let centre = geometry::Position::from_degrees(*lon, *lat).ok_or_else(|| {
                    IndexError::BadGeometry(format!("there is no place at {lon}, {lat}"))
                })?;
                self.spatial(vec![Area::Disc {
                    centre,
                    metres: *metres,
                }])
            }
            Predicate::Ids(ids) => {
                let register = self.layout.collection.register;
                let own = ids.iter().filter(|id| id.register() == register);
                let numbers = own.map(|id| id.number()).collect();
                Ok(Box::new(self.numbers(ORDERED_NUMBER, numbers)))
            }
            Predicate::Key(values) => self.key(values),
            Predicate::Among { field, ids } => self.among_ids(field, ids),
            Predicate::NearAny { places, metres } => self.near_any(places, *metres),
            Predicate::Exact(expression) => {
                Ok(self.exact(Box::new(AllQuery), std::slice::from_ref(&**expression)))
            }
            Predicate::Narrowed { by, expression } => {
                Ok(self.exact(self.compile(by)?, std::slice::from_ref(&**expression)))
            }
            Predicate::Marked(mark) => Ok(Box::new(TermQuery::new(
                Term::from_field_text(self.layout.system.marks, mark),
                IndexRecordOption::Basic,
            ))),
        }
    }

    fn every(&self, all: &[Predicate]) -> Compiled {
        let mut clauses = Vec::with_capacity(all.len());
        let mut texts = Vec::new();
        let mut expressions = Vec::new();
        for one in all {
            match one {
                Predicate::Exact(expression) => expressions.push((**expression).clone()),
                Predicate::Narrowed { by, expression } => {
                    clauses.push((Occur::Must, self.compile(by)?));
                    expressions.push((**expression).clone());
                }
                // An exclusion beside other conditions needs no complement of its own.
                Predicate::Not(inner) => {
                    clauses.push((Occur::MustNot, excluded(self.compile(inner)?)));
                }
                other => {
                    let query = self.compile(other)?;
                    match query.downcast_ref::<TextQuery>() {
                        Some(text) => texts.push(text.clone()),
                        None => clauses.push((Occur::Must, query)),
                    }
                }
            }
        }
        let query = self.narrowed(clauses, texts);
        Ok(if expressions.is_empty() {
            query
        } else {
            self.exact(query, &expressions)
        })
    }

    /// All conditions that indexes answer.
    fn narrowed(
        &self,
        mut clauses: Vec<(Occur, Box<dyn Query>)>,
        texts: Vec<TextQuery>,
    ) -> Box<dyn Query> {
        if let ([], [text]) = (clauses.as_slice(), texts.as_slice()) {
            return Box::new(text.clone());
        }
        if let ([(Occur::Must, _)], []) = (clauses.as_slice(), texts.as_slice()) {
            return clauses.remove(0).1;
        }
        if clauses.iter().all(|(occur, _)| *occur == Occur::MustNot) {
            clauses.push((Occur::Must, Box::new(AllQuery)));
        }
        let query = Box::new(BooleanQuery::new(clauses));
        if texts.is_empty() {
            query
        } else {
            Box::new(CheckedQuery::new(query, texts))
        }
    }

    /// The candidates of which all expressions are true.
    fn exact(&self, candidates: Box<dyn Query>, expressions: &[Expression]) -> Box<dyn Query> {
        let expression = match expressions {
            [one] => one.clone(),
            several => Expression::Call(Function::And, several.to_vec()),
        };
        Box::new(ExactQuery::new(
            candidates,
            expression,
            self.layout.clone(),
            self.segments.clone(),
            self.deadline,
        ))
    }

    fn among_ids(&self, name: &str, ids: &IdSet) -> Compiled {
        let place = if name.is_empty() {
            ORDERED_NUMBER
        } else {
            let (_, layout) = self.field(name)?;
            let column = layout.column.as_ref();
            layout
                .order
                .filter(|_| column.is_some_and(|column| column.kind == ColumnKind::Entity))
                .ok_or_else(|| not_searchable(name, "it is no reference"))?
        };
        Ok(Box::new(NumberQuery::new(
            self.segments.clone(),
            self.layout.ordered.clone(),
            place,
            ids.numbers().clone(),
        )))
    }

    fn near_any(&self, places: &Places, metres: f64) -> Compiled {
        let areas = places.0.iter().map(|wkb| {
            let shape = geometry::Shape::from_wkb(wkb)
                .map_err(|reason| IndexError::BadGeometry(reason.to_string()))?;
            Ok(Area::around(shape, metres))
        });
        self.spatial(areas.collect::<Result<_, IndexError>>()?)
    }

    fn field(&self, name: &str) -> Result<(FieldNumber, &'a FieldLayout), IndexError> {
        let number =
            self.layout
                .collection
                .number(name)
                .ok_or_else(|| IndexError::UnknownField {
                    collection: self.layout.collection.name.clone(),
                    field: name.to_string(),
                })?;
        Ok((number, self.layout.field(number)))
    }

    fn exists(&self, name: &str, layout: &FieldLayout) -> Compiled {
        if self.layout.collection.number(name) == self.layout.collection.location {
            return Ok(Box::new(ExistsQuery::new(
                crate::spatial::BOX_COLUMNS[0].to_string(),
                false,
            )));
        }
        if let Some(column) = &layout.column {
            return Ok(Box::new(ExistsQuery::new(column.name.clone(), false)));
        }
        let field = layout.term.or(layout.text);
        let field = field.ok_or_else(|| not_searchable(name, "it is not searched at all"))?;
        let first = Bound::Included(Term::from_field_text(field, ""));
        Ok(Box::new(InvertedIndexRangeQuery::new(
            first,
            Bound::Unbounded,
        )))
    }

    fn compare(&self, name: &str, comparison: Comparison, value: &Value) -> Compiled {
        let (number, layout) = self.field(name)?;
        match comparison {
            Comparison::Equal => self.equal(name, number, layout, value),
            Comparison::NotEqual => Ok(Box::new(BooleanQuery::new(vec![
                (Occur::Must, self.exists(name, layout)?),
                (
                    Occur::MustNot,
                    excluded(self.equal(name, number, layout, value)?),
                ),
            ]))),
            _ => self.order(name, number, layout, comparison, value),
        }
    }

    fn equal(
        &self,
        name: &str,
        number: FieldNumber,
        layout: &FieldLayout,
        value: &Value,
    ) -> Compiled {
        if let Value::Date(date) = value
            && let Some(column) = &layout.column
            && column.kind == ColumnKind::Day
        {
            let at = |day: record::Day| Term::from_field_i64(column.field, i64::from(day.0));
            return Ok(Box::new(RangeQuery::new(
                Bound::Included(at(date.first_day())),
                Bound::Excluded(at(date.end_day())),
            )));
        }
        if let Some(found) = self.ordered(name, layout, std::slice::from_ref(value))? {
            return Ok(found);
        }
        if let Some(field) = layout.term {
            let at = term(self.exact_term(name, number, field, value)?);
            return Ok(self.whole_division_only(number, layout, value, at));
        }
        let column = layout
            .column
            .as_ref()
            .ok_or_else(|| not_searchable(name, "it is not exact"))?;
        let at = column_term(name, column, value)?;
        Ok(Box::new(RangeQuery::new(
            Bound::Included(at.clone()),
            Bound::Included(at),
        )))
    }

    /// The terms of a division name every level above it: equality asks the column besides.
    fn whole_division_only(
        &self,
        number: FieldNumber,
        layout: &FieldLayout,
        value: &Value,
        at: Box<dyn Query>,
    ) -> Box<dyn Query> {
        let is_division = matches!(self.layout.collection.at(number).kind, FieldType::Division);
        match (value.as_text().and_then(whole_division), &layout.column) {
            (Some(code), Some(column)) if is_division => {
                let whole = Term::from_field_text(column.field, &code);
                let exactly =
                    RangeQuery::new(Bound::Included(whole.clone()), Bound::Included(whole));
                Box::new(BooleanQuery::intersection(vec![at, Box::new(exactly)]))
            }
            _ => at,
        }
    }

    /// Documents with one of some values, where the field's column is ordered.
    fn ordered(
        &self,
        name: &str,
        layout: &FieldLayout,
        values: &[Value],
    ) -> Result<Option<Box<dyn Query>>, IndexError> {
        let (Some(order), Some(column)) = (layout.order, &layout.column) else {
            return Ok(None);
        };
        if column.kind == ColumnKind::Entity {
            let numbers = values.iter().map(|value| entity_number(name, value));
            let numbers = numbers.collect::<Result<_, _>>()?;
            return Ok(Some(Box::new(self.numbers(order, numbers))));
        }
        let texts = values.iter().map(|value| {
            let text = value.as_text().map(String::from);
            text.ok_or_else(|| bad_value(name, value, "text"))
        });
        let texts = texts.collect::<Result<_, _>>()?;
        Ok(Some(self.texts(layout, column, Sought::Texts(texts))))
    }

    fn texts(&self, layout: &FieldLayout, column: &ColumnLayout, sought: Sought) -> Box<dyn Query> {
        let segments = self.segments.clone();
        Box::new(TextQuery::new(segments, &column.name, layout.order, sought))
    }

    /// Documents with one of some numbers in an ordered column.
    pub fn numbers(&self, place: usize, numbers: Vec<u64>) -> NumberQuery {
        NumberQuery::new(
            self.segments.clone(),
            self.layout.ordered.clone(),
            place,
            numbers.into(),
        )
    }

    fn exact_term(
        &self,
        name: &str,
        number: FieldNumber,
        field: Field,
        value: &Value,
    ) -> Result<Term, IndexError> {
        match (&self.layout.collection.at(number).kind, value) {
            (FieldType::Division, Value::Text(code)) => {
                let whole = whole_division(code).ok_or_else(|| {
                    bad_value(name, value, "a division code of 2, 4, 6, 9 or 12 digits")
                })?;
                Ok(Term::from_field_text(field, own_level(&whole)))
            }
            (_, Value::Text(text)) => Ok(Term::from_field_text(field, text)),
            (kind, _) => Err(bad_value(name, value, kind.name())),
        }
    }

    fn order(
        &self,
        name: &str,
        number: FieldNumber,
        layout: &FieldLayout,
        comparison: Comparison,
        value: &Value,
    ) -> Compiled {
        let column = layout
            .column
            .as_ref()
            .ok_or_else(|| not_searchable(name, "it has no column to compare in order"))?;
        if column.kind == ColumnKind::Entity {
            return Err(not_searchable(name, "references have no order"));
        }
        if column.kind == ColumnKind::Text {
            let text = match (&self.layout.collection.at(number).kind, value) {
                (FieldType::Division, Value::Text(code)) => {
                    whole_division(code).unwrap_or_else(|| code.to_string())
                }
                (_, Value::Text(text)) => text.to_string(),
                (kind, _) => return Err(bad_value(name, value, kind.name())),
            };
            let (low, high) = bounds(comparison, text);
            return Ok(self.texts(layout, column, Sought::Between(low, high)));
        }
        let (low, high) = bounds(comparison, column_term(name, column, value)?);
        Ok(Box::new(RangeQuery::new(low, high)))
    }

    fn among(&self, name: &str, values: &[Value]) -> Compiled {
        let (number, layout) = self.field(name)?;
        if let Some(found) = self.ordered(name, layout, values)? {
            return Ok(found);
        }
        let is_division = matches!(self.layout.collection.at(number).kind, FieldType::Division);
        if let Some(field) = layout.term.filter(|_| !is_division) {
            let terms_of = values
                .iter()
                .map(|value| self.exact_term(name, number, field, value))
                .collect::<Result<Vec<_>, _>>()?;
            return Ok(terms(terms_of));
        }
        let each = values
            .iter()
            .map(|value| self.equal(name, number, layout, value));
        Ok(union(each.collect::<Result<_, _>>()?))
    }

    fn like(&self, name: &str, pattern: &str) -> Compiled {
        let (_, layout) = self.field(name)?;
        let column = layout.column.as_ref();
        let column = column
            .filter(|column| column.kind == ColumnKind::Text)
            .ok_or_else(|| not_searchable(name, "like needs a field indexed as exact text"))?;
        let sought = Sought::Like(Pattern::new(pattern));
        Ok(self.texts(layout, column, sought))
    }

    fn within_division(&self, name: &CompactString, code: &str) -> Compiled {
        let collection = &self.layout.collection;
        let number = if name.is_empty() {
            collection
                .division
                .ok_or_else(|| not_searchable("division", "the collection has none"))?
        } else {
            self.field(name)?.0
        };
        let field = collection.at(number);
        let whole = whole_division(code).ok_or_else(|| {
            bad_value(
                &field.name,
                &Value::text(code),
                "a division code of 2, 4, 6, 9 or 12 digits",
            )
        })?;
        let layout = self.layout.field(number);
        let Some(terms) = layout
            .term
            .filter(|_| matches!(field.kind, FieldType::Division))
        else {
            return Err(not_searchable(&field.name, "it is no division"));
        };
        if whole.bytes().all(|digit| digit == b'0') {
            return self.exists(&field.name, layout);
        }
        Ok(term(Term::from_field_text(terms, own_level(&whole))))
    }

    fn within_box(&self, corners: &[f64; 4]) -> Compiled {
        let [west, south, east, north] = *corners;
        let bounds = geometry::Bounds::of_degrees(west, south, east, north).ok_or_else(|| {
            IndexError::BadGeometry(format!("{west},{south},{east},{north} is no box"))
        })?;
        self.spatial(vec![Area::Box([
            bounds.min.lon,
            bounds.min.lat,
            bounds.max.lon,
            bounds.max.lat,
        ])])
    }

    fn spatial(&self, areas: Vec<Area>) -> Compiled {
        if self.layout.collection.location.is_none() {
            return Err(not_searchable("geometry", "the collection has no geometry"));
        }
        let segments = self.segments.clone();
        Ok(Box::new(SpatialQuery::new(areas, segments, self.deadline)))
    }

    fn key(&self, values: &[Value]) -> Compiled {
        let collection = &self.layout.collection;
        let found = self.numbers(ORDERED_KEY, vec![key_hash(values)]);
        let mut clauses = Vec::new();
        for (number, value) in collection.key.iter().zip(values) {
            let layout = self.layout.field(*number);
            let name = &collection.at(*number).name;
            // The hash finds; the fields themselves decide. References are compared by the hash.
            if !value.is_null() && !matches!(value, Value::Reference(_)) {
                clauses.push(self.equal(name, *number, layout, value)?);
            }
        }
        Ok(match clauses.len() {
            0 => Box::new(found),
            1 => Box::new(ConfirmedQuery::new(found, clauses.remove(0))),
            _ => {
                let check = Box::new(BooleanQuery::intersection(clauses));
                Box::new(ConfirmedQuery::new(found, check))
            }
        })
    }
}

/// The number of the entity that a value names.
fn entity_number(name: &str, value: &Value) -> Result<u64, IndexError> {
    let wrong = || bad_value(name, value, "the id of a record");
    match value {
        Value::Reference(reference) => reference.target.map(|id| id.number()).ok_or_else(wrong),
        Value::Text(text) => {
            let id: record::EntityId = text.parse().map_err(|_| wrong())?;
            Ok(id.number())
        }
        _ => Err(wrong()),
    }
}

fn column_term(name: &str, column: &ColumnLayout, value: &Value) -> Result<Term, IndexError> {
    let wrong = |expected| bad_value(name, value, expected);
    match (column.kind, value) {
        (ColumnKind::Day, Value::Date(date)) => Ok(Term::from_field_i64(
            column.field,
            i64::from(date.first_day().0),
        )),
        (ColumnKind::Integer, Value::Integer(number)) => {
            Ok(Term::from_field_i64(column.field, *number))
        }
        (ColumnKind::Integer, Value::Decimal(number)) if number.fract().is_zero() => {
            let whole = i64::try_from(*number).map_err(|_| wrong("a whole number"))?;
            Ok(Term::from_field_i64(column.field, whole))
        }
        (ColumnKind::Float, Value::Integer(number)) => {
            Ok(Term::from_field_f64(column.field, *number as f64))
        }
        (ColumnKind::Float, Value::Decimal(number)) => {
            let float = f64::try_from(*number).map_err(|_| wrong("a number"))?;
            Ok(Term::from_field_f64(column.field, float))
        }
        (ColumnKind::Boolean, Value::Boolean(is)) => {
            Ok(Term::from_field_u64(column.field, u64::from(*is)))
        }
        (ColumnKind::Text, Value::Text(text)) => Ok(Term::from_field_text(column.field, text)),
        (kind, _) => Err(wrong(match kind {
            ColumnKind::Text => "text",
            ColumnKind::Day => "a date",
            ColumnKind::Integer => "a whole number",
            ColumnKind::Float => "a number",
            ColumnKind::Boolean => "true or false",
            ColumnKind::Entity => "the id of a record",
        })),
    }
}

/// Twelve digits from 2, 4, 6, 9 or 12; `None` for anything else.
pub fn whole_division(code: &str) -> Option<String> {
    let fits = matches!(code.len(), 2 | 4 | 6 | 9 | 12) && code.bytes().all(|b| b.is_ascii_digit());
    fits.then(|| format!("{code:0<12}"))
}

/// The shortest prefix of a 12-digit code that names the same division.
fn own_level(whole: &str) -> &str {
    crate::layout::division_levels(whole)
        .last()
        .unwrap_or(whole)
}

fn term(term: Term) -> Box<dyn Query> {
    Box::new(TermQuery::new(term, IndexRecordOption::Basic))
}

fn terms(mut all: Vec<Term>) -> Box<dyn Query> {
    match all.len() {
        0 => Box::new(EmptyQuery),
        1 => term(all.remove(0)),
        _ => Box::new(TermSetQuery::new(all)),
    }
}

fn union(queries: Vec<Box<dyn Query>>) -> Box<dyn Query> {
    if queries.is_empty() {
        return Box::new(EmptyQuery);
    }
    Box::new(BooleanQuery::union(queries))
}

fn complement(query: Box<dyn Query>) -> Box<dyn Query> {
    let clauses = vec![
        (Occur::Must, Box::new(AllQuery) as _),
        (Occur::MustNot, excluded(query)),
    ];
    Box::new(BooleanQuery::new(clauses))
}

fn not_searchable(field: &str, reason: &str) -> IndexError {
    IndexError::NotSearchable {
        field: field.to_string(),
        reason: reason.to_string(),
    }
}

fn bad_value(field: &str, value: &Value, expected: &str) -> IndexError {
    let value = match value {
        Value::Text(text) => text.to_string(),
        Value::Date(date) => date.to_string(),
        Value::Integer(number) => number.to_string(),
        Value::Decimal(number) => number.to_string(),
        Value::Boolean(is) => is.to_string(),
        other => format!("{other:?}"),
    };
    IndexError::BadValue {
        field: field.to_string(),
        value,
        expected: expected.to_string(),
    }
}

fn bounds<T>(comparison: Comparison, at: T) -> (Bound<T>, Bound<T>) {
    match comparison {
        Comparison::Less => (Bound::Unbounded, Bound::Excluded(at)),
        Comparison::LessOrEqual => (Bound::Unbounded, Bound::Included(at)),
        Comparison::Greater => (Bound::Excluded(at), Bound::Unbounded),
        _ => (Bound::Included(at), Bound::Unbounded),
    }
}

/// Terms that begin with a prefix, as a range of terms: no automaton over the whole dictionary.
fn prefix_query(field: Field, prefix: &str) -> Box<dyn Query> {
    let low = Bound::Included(Term::from_field_text(field, prefix));
    let mut after = prefix.to_string();
    let mut high = Bound::Unbounded;
    while let Some(last) = after.pop() {
        // The next character in code point order, past the surrogates.
        let next = (u32::from(last) + 1..=0x10_ffff).find_map(char::from_u32);
        if let Some(next) = next {
            after.push(next);
            high = Bound::Excluded(Term::from_field_text(field, &after));
            break;
        }
    }
    Box::new(InvertedIndexRangeQuery::new(low, high))
}
