//! Expressions in three-valued logic.

use std::collections::HashSet;
use std::sync::Arc;

use geometry::{Position, PositionRelation, PreparedArea, Shape, distance, predicate};
use record::{CompactString, Comparison, Day, Expression, Function, Relation, SetRelation};

use super::row::{Row, Source};
use super::text;
use crate::error::IndexError;
use crate::layout::Layout;
use crate::like::Pattern;
use crate::segments::OpenSegment;

/// A value.
#[derive(Clone, Debug, PartialEq)]
pub enum Datum {
    /// No value, or an unknown one.
    Null,
    /// True or false.
    Boolean(bool),
    /// A number.
    Number(f64),
    /// A text.
    Text(CompactString),
    /// A day.
    Day(Day),
    /// An entity, by its number.
    Entity(u64),
    /// A geometry.
    Shape(Arc<Shape>),
    /// Several values.
    List(Vec<Datum>),
}

impl Datum {
    fn of(truth: Option<bool>) -> Datum {
        truth.map_or(Datum::Null, Datum::Boolean)
    }

    fn truth(&self) -> Option<bool> {
        match self {
            Datum::Boolean(is) => Some(*is),
            _ => None,
        }
    }

    fn number(&self) -> Option<f64> {
        match self {
            Datum::Number(number) => Some(*number),
            _ => None,
        }
    }

    fn text(&self) -> Option<&CompactString> {
        match self {
            Datum::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The values of a list, or the one value; nothing for null.
    fn each(&self) -> &[Datum] {
        match self {
            Datum::Null => &[],
            Datum::List(items) => items,
            one => std::slice::from_ref(one),
        }
    }
}

/// An expression made ready for the documents of one segment.
pub enum Node {
    /// A value that is the same for all.
    Is(Datum),
    /// A geometry that is the same for all, ready for many tests of positions where it is an area.
    Area(Arc<Shape>, Option<Arc<PreparedArea>>),
    /// A pattern that is the same for all.
    Pattern(Pattern),
    /// A field.
    Field(Source),
    /// The record's geometry.
    Location,
    /// The first day of validity, or the first after it.
    Validity(bool),
    /// An operation.
    Call(Function, Vec<Node>),
}

/// What an expression reads of a document.
#[derive(Default)]
pub struct Reads {
    /// The fields.
    pub fields: HashSet<CompactString>,
    /// The geometry.
    pub location: bool,
    /// The validity.
    pub validity: bool,
}

impl Reads {
    /// Looks through an expression.
    pub fn of(expression: &Expression) -> Reads {
        let mut reads = Reads::default();
        reads.look(expression);
        reads
    }

    fn look(&mut self, expression: &Expression) {
        match expression {
            Expression::Field(name) => {
                self.fields.insert(name.clone());
            }
            Expression::Location => self.location = true,
            Expression::ValidFrom | Expression::ValidTo => self.validity = true,
            Expression::List(items) | Expression::Call(_, items) => {
                items.iter().for_each(|item| self.look(item));
            }
            _ => {}
        }
    }
}

impl Node {
    /// Makes an expression ready.
    pub fn new(
        expression: &Expression,
        layout: &Layout,
        open: &OpenSegment,
    ) -> Result<Node, IndexError> {
        Ok(match expression {
            Expression::Null => Node::Is(Datum::Null),
            Expression::Boolean(is) => Node::Is(Datum::Boolean(*is)),
            Expression::Number(number) => Node::Is(Datum::Number(*number)),
            Expression::Text(text) => Node::Is(Datum::Text(text.clone())),
            Expression::Day(day) => Node::Is(Datum::Day(*day)),
            Expression::Entity(number) => Node::Is(Datum::Entity(*number)),
            Expression::Shape(wkb) => {
                let shape = Shape::from_wkb(wkb)
                    .map_err(|reason| IndexError::BadGeometry(reason.to_string()))?;
                // Polygons of a collection may overlap: an edge inside the union is no edge of it.
                let is_area = matches!(shape.kind(), "Polygon" | "MultiPolygon");
                let prepared = is_area.then(|| PreparedArea::new(&shape).ok()).flatten();
                let prepared = prepared.map(Arc::new);
                Node::Area(Arc::new(shape), prepared)
            }
            Expression::List(items) => {
                let items = Node::all(items, layout, open)?;
                Node::Call(Function::Sets(SetRelation::Equals), items).into_list()
            }
            Expression::Field(name) => Node::Field(Source::of(name, layout, open)?),
            Expression::Location => Node::Location,
            Expression::ValidFrom => Node::Validity(true),
            Expression::ValidTo => Node::Validity(false),
            Expression::Call(function, arguments) => {
                let mut arguments = Node::all(arguments, layout, open)?;
                if let (Function::Like, [_, Node::Is(Datum::Text(pattern))]) =
                    (function, arguments.as_slice())
                {
                    arguments[1] = Node::Pattern(Pattern::new(pattern));
                }
                Node::Call(*function, arguments)
            }
        })
    }

    fn all(
        all: &[Expression],
        layout: &Layout,
        open: &OpenSegment,
    ) -> Result<Vec<Node>, IndexError> {
        all.iter().map(|one| Node::new(one, layout, open)).collect()
    }

    /// A list whose items are the same for all is a value.
    fn into_list(self) -> Node {
        let Node::Call(function, items) = self else {
            return self;
        };
        let fixed: Option<Vec<Datum>> = items
            .iter()
            .map(|item| match item {
                Node::Is(datum) => Some(datum.clone()),
                _ => None,
            })
            .collect();
        match fixed {
            Some(fixed) => Node::Is(Datum::List(fixed)),
            None => Node::Call(function, items),
        }
    }

    /// The value for a document.
    pub fn value(&self, row: &mut Row) -> Datum {
        match self {
            Node::Is(datum) => datum.clone(),
            Node::Area(shape, _) => Datum::Shape(shape.clone()),
            Node::Pattern(_) => Datum::Null,
            Node::Field(source) => row.field(source),
            Node::Location => row.location().map_or(Datum::Null, Datum::Shape),
            Node::Validity(first) => {
                let (from, to) = row.validity();
                if *first { from } else { to }
            }
            Node::Call(function, arguments) => call(*function, arguments, row),
        }
    }

    /// Whether it is true of a document.
    pub fn holds(&self, row: &mut Row) -> bool {
        self.value(row) == Datum::Boolean(true)
    }
}

fn call(function: Function, arguments: &[Node], row: &mut Row) -> Datum {
    match (function, arguments) {
        (Function::And, all) => Datum::of(every(all, row, true)),
        (Function::Or, any) => Datum::of(every(any, row, false)),
        (Function::Not, [one]) => Datum::of(one.value(row).truth().map(|is| !is)),
        (Function::IsNull, [Node::Location]) => Datum::Boolean(row.location().is_none()),
        (Function::IsNull, [one]) => Datum::Boolean(one.value(row).each().is_empty()),
        (Function::OrElse, [one, other]) => match one.value(row) {
            Datum::Null => other.value(row),
            value => value,
        },
        (Function::Like, [one, pattern]) => Datum::of(like(&one.value(row), pattern, row)),
        (Function::Relate(relation), [one, other]) => Datum::of(relate(relation, one, other, row)),
        (Function::Distance, [one, other]) => metres(one, other, row).map_or(Datum::Null, number),
        (Function::FoldCase, [one]) => map_text(one.value(row), text::fold_case),
        (Function::FoldAccents, [one]) => map_text(one.value(row), text::fold_accents),
        (Function::Compare(comparison), [one, other]) => {
            Datum::of(compare(comparison, &one.value(row), &other.value(row)))
        }
        (Function::Sets(relation), [one, other]) => {
            Datum::of(sets(relation, &one.value(row), &other.value(row)))
        }
        (Function::Age, [born, day]) => match (born.value(row), day.value(row)) {
            (Datum::Day(born), Datum::Day(day)) => {
                record::age(born, day).map_or(Datum::Null, |years| Datum::Number(f64::from(years)))
            }
            _ => Datum::Null,
        },
        (Function::Pinyin, [name, sought]) => {
            let sought = sought.value(row);
            Datum::of(any_text(&name.value(row), |name| {
                Some(text::is_read(name, sought.text()?))
            }))
        }
        (Function::Fuzzy, [name, sought, most]) => {
            let (sought, most) = (sought.value(row), most.value(row));
            Datum::of(any_text(&name.value(row), |name| {
                let most = most.number()?.clamp(0.0, 64.0) as usize;
                Some(text::is_like(name, sought.text()?, most))
            }))
        }
        (arithmetic, [one, other]) => {
            let (one, other) = (one.value(row).number(), other.value(row).number());
            one.zip(other)
                .and_then(|(one, other)| compute(arithmetic, one, other))
                .map_or(Datum::Null, number)
        }
        _ => Datum::Null,
    }
}

fn number(number: f64) -> Datum {
    if number.is_finite() {
        Datum::Number(number)
    } else {
        Datum::Null
    }
}

/// Kleene's conjunction, or disjunction: `unit` is what does not decide.
fn every(all: &[Node], row: &mut Row, unit: bool) -> Option<bool> {
    let mut outcome = Some(unit);
    for one in all {
        match one.value(row).truth() {
            Some(is) if is != unit => return Some(is),
            None => outcome = None,
            Some(_) => {}
        }
    }
    outcome
}

fn compute(function: Function, one: f64, other: f64) -> Option<f64> {
    Some(match function {
        Function::Add => one + other,
        Function::Subtract => one - other,
        Function::Multiply => one * other,
        Function::Divide => one / other,
        Function::Modulo => one % other,
        Function::Quotient => (one / other).trunc(),
        Function::Power => one.powf(other),
        _ => return None,
    })
}

fn map_text(value: Datum, map: fn(&str) -> String) -> Datum {
    match value {
        Datum::Text(text) => Datum::Text(map(&text).into()),
        Datum::List(items) => {
            Datum::List(items.into_iter().map(|item| map_text(item, map)).collect())
        }
        _ => Datum::Null,
    }
}

/// Whether it holds for one of the texts; unknown where there is none.
fn any_text(value: &Datum, mut holds: impl FnMut(&str) -> Option<bool>) -> Option<bool> {
    let texts: Vec<bool> = value
        .each()
        .iter()
        .filter_map(|item| item.text())
        .filter_map(|text| holds(text))
        .collect();
    (!texts.is_empty()).then(|| texts.contains(&true))
}

fn like(value: &Datum, pattern: &Node, row: &mut Row) -> Option<bool> {
    match pattern {
        Node::Pattern(pattern) => any_text(value, |text| Some(pattern.matches(text))),
        other => {
            let pattern = Pattern::new(other.value(row).text()?);
            any_text(value, |text| Some(pattern.matches(text)))
        }
    }
}

/// How two values compare. Of lists, one pair decides; for `<>` all pairs must differ.
pub fn compare(comparison: Comparison, one: &Datum, other: &Datum) -> Option<bool> {
    let mut known = None;
    for left in one.each() {
        for right in other.each() {
            let Some(holds) = compare_one(comparison, left, right) else {
                continue;
            };
            let decides = holds != (comparison == Comparison::NotEqual);
            if decides {
                return Some(holds);
            }
            known = Some(holds);
        }
    }
    known
}

fn compare_one(comparison: Comparison, one: &Datum, other: &Datum) -> Option<bool> {
    let ordering = match (one, other) {
        (Datum::Number(one), Datum::Number(other)) => one.partial_cmp(other)?,
        (Datum::Text(one), Datum::Text(other)) => one.cmp(other),
        (Datum::Day(one), Datum::Day(other)) => one.cmp(other),
        (Datum::Boolean(one), Datum::Boolean(other)) => one.cmp(other),
        (Datum::Entity(one), Datum::Entity(other)) => one.cmp(other),
        _ => return None,
    };
    Some(match comparison {
        Comparison::Equal => ordering.is_eq(),
        Comparison::NotEqual => ordering.is_ne(),
        Comparison::Less => ordering.is_lt(),
        Comparison::LessOrEqual => ordering.is_le(),
        Comparison::Greater => ordering.is_gt(),
        Comparison::GreaterOrEqual => ordering.is_ge(),
    })
}

fn sets(relation: SetRelation, one: &Datum, other: &Datum) -> Option<bool> {
    if matches!(one, Datum::Null) || matches!(other, Datum::Null) {
        return None;
    }
    let (one, other) = (one.each(), other.each());
    let holds = |all: &[Datum], some: &[Datum]| some.iter().all(|item| all.contains(item));
    Some(match relation {
        SetRelation::Equals => holds(one, other) && holds(other, one),
        SetRelation::Contains => holds(one, other),
        SetRelation::ContainedBy => holds(other, one),
        SetRelation::Overlaps => one.iter().any(|item| other.contains(item)),
    })
}

fn relate(relation: Relation, one: &Node, other: &Node, row: &mut Row) -> Option<bool> {
    // Positions against an area: by far the most frequent case.
    if let (Node::Location, Node::Area(_, Some(area))) = (one, other)
        && let Some(position) = row.position()
    {
        return Some(of_position(relation, area, position));
    }
    let shape = |datum| match datum {
        Datum::Shape(shape) => Some(shape),
        _ => None,
    };
    let one = shape(one.value(row))?;
    let other = shape(other.value(row))?;
    let test = match relation {
        Relation::Equals => predicate::equals,
        Relation::Disjoint => predicate::disjoint,
        Relation::Intersects => predicate::intersects,
        Relation::Touches => predicate::touches,
        Relation::Within => predicate::within,
        Relation::Contains => predicate::contains,
        Relation::Overlaps => predicate::overlaps,
        Relation::Crosses => predicate::crosses,
    };
    Some(test(&one, &other))
}

/// How a position lies to an area.
fn of_position(relation: Relation, area: &PreparedArea, position: Position) -> bool {
    let place = area.locate(position);
    match relation {
        Relation::Intersects => place != PositionRelation::Outside,
        Relation::Disjoint => place == PositionRelation::Outside,
        Relation::Within => place == PositionRelation::Inside,
        Relation::Touches => place == PositionRelation::Edge,
        // A position is no area, and has no part of its dimension besides.
        Relation::Equals | Relation::Contains | Relation::Overlaps | Relation::Crosses => false,
    }
}

fn metres(one: &Node, other: &Node, row: &mut Row) -> Option<f64> {
    let mut shape = |node: &Node| match node.value(row) {
        Datum::Shape(shape) => Some(shape),
        _ => None,
    };
    let (one, other) = (shape(one)?, shape(other)?);
    Some(distance::between_metres(&one, &other))
}
