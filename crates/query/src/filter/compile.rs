//! Expressions become predicates: fields are checked against the collection, values against fields.

use ::cql2::Expr;
use record::{CompactString, Decimal, Predicate, Value};
use schema::{Collection, Field};

use crate::QueryError;
use crate::error::Position;
use crate::operators;
use crate::value::{self, References, Scalar};

/// Names by which a filter may call the collection's geometry.
pub const GEOMETRY_NAMES: [&str; 3] = ["geometry", "geom", "location"];

/// What operators need to know.
pub struct Compiler<'a> {
    /// The collection.
    pub collection: &'a Collection,
    references: &'a dyn References,
    text: Option<&'a str>,
}

impl<'a> Compiler<'a> {
    /// A compiler for filters over one collection; `text` is what positions refer to.
    pub fn new(
        collection: &'a Collection,
        references: &'a dyn References,
        text: Option<&'a str>,
    ) -> Compiler<'a> {
        Compiler {
            collection,
            references,
            text,
        }
    }

    /// The predicate of an expression.
    pub fn predicate(&self, expression: &Expr) -> Result<Predicate, QueryError> {
        match expression {
            Expr::Operation { op, args } => match operators::find(op) {
                Some(operator) => (operator.compile)(self, op, args),
                None => Err(self.refuse(
                    op,
                    format!("the operator or function '{op}'"),
                    format!(
                        "one of {} (others are not supported yet)",
                        operators::names(op)
                    ),
                )),
            },
            Expr::Bool(true) => Ok(Predicate::All),
            Expr::Bool(false) => Ok(Predicate::Not(Box::new(Predicate::All))),
            Expr::Property { property } => {
                // A field that is true or false is a condition by itself.
                let field = self.field(property)?;
                if matches!(field.kind, schema::FieldType::Boolean) {
                    return Ok(Predicate::Compare {
                        field: field.name.clone(),
                        comparison: record::Comparison::Equal,
                        value: Value::Boolean(true),
                    });
                }
                Err(self.refuse(property, format!("'{property}' alone"), "a comparison"))
            }
            other => Err(self.refuse("", describe(other), "a condition, such as name = '王芳'")),
        }
    }

    /// An error at the first place where `name` stands.
    pub fn refuse(
        &self,
        name: &str,
        found: impl Into<String>,
        expected: impl Into<String>,
    ) -> QueryError {
        QueryError::Filter {
            parameter: "filter".to_string(),
            position: self.place(name),
            found: found.into(),
            expected: expected.into(),
        }
    }

    /// The first place, outside quotation marks, where `name` stands as a word.
    fn place(&self, name: &str) -> Option<Position> {
        let text = self.text.filter(|_| !name.is_empty())?;
        let is_letter = |c: char| c.is_alphanumeric() || c == '_';
        text.match_indices(name)
            .find(|(at, _)| {
                let (before, after) = (&text[..*at], &text[at + name.len()..]);
                before.matches('\'').count().is_multiple_of(2)
                    && !before.ends_with(is_letter)
                    && !after.starts_with(is_letter)
            })
            .map(|(at, _)| Position::Character(text[..at].chars().count()))
    }

    /// The field of this name.
    pub fn field(&self, name: &str) -> Result<&'a Field, QueryError> {
        if let Some((_, field)) = self.collection.field(name) {
            return Ok(field);
        }
        let names = self
            .collection
            .fields
            .iter()
            .map(|field| field.name.as_str());
        let place = match self.place(name) {
            Some(Position::Character(at)) => format!("filter, character {at}"),
            _ => "filter".to_string(),
        };
        Err(QueryError::UnknownField {
            parameter: place,
            name: name.to_string(),
            known: crate::names::nearest(name, names),
        })
    }

    /// The field an argument names.
    pub fn property(&self, op: &str, expression: &Expr) -> Result<&'a Field, QueryError> {
        match expression {
            Expr::Property { property } => self.field(property),
            other => Err(self.refuse(
                op,
                format!("'{op}' applied to {}", describe(other)),
                "the name of a field on its left",
            )),
        }
    }

    /// Whether an expression names the collection's geometry; an error where it has none.
    pub fn geometry(&self, op: &str, expression: &Expr) -> Result<(), QueryError> {
        let location = self
            .collection
            .location
            .map(|number| self.collection.at(number));
        let Some(location) = location else {
            let found = format!(
                "'{op}' on '{}', which has no geometry",
                self.collection.name
            );
            return Err(self.refuse(op, found, "a condition on its fields"));
        };
        match expression {
            Expr::Property { property }
                if *property == *location.name || GEOMETRY_NAMES.contains(&property.as_str()) =>
            {
                Ok(())
            }
            Expr::Property { property } => {
                self.field(property)?;
                let found = format!("'{op}' on '{property}', which is no geometry");
                Err(self.refuse(
                    property,
                    found,
                    format!("'{}' or 'geometry'", location.name),
                ))
            }
            other => Err(self.refuse(
                op,
                format!("'{op}' applied to {}", describe(other)),
                format!("'{}' or 'geometry' first", location.name),
            )),
        }
    }

    /// The value an argument gives to a field.
    pub fn value(&self, field: &Field, expression: &Expr) -> Result<Value, QueryError> {
        let number;
        let scalar = match expression {
            Expr::Literal(text) => Scalar::Text(text),
            Expr::Bool(is) => Scalar::Boolean(*is),
            Expr::Float(float) => {
                number = decimal(*float).ok_or_else(|| {
                    self.refuse(
                        &field.name,
                        format!("{float}"),
                        "a number of at most 15 digits",
                    )
                })?;
                Scalar::Number(number)
            }
            Expr::Date { date } => match date.as_ref() {
                Expr::Literal(text) => Scalar::Date(text),
                other => return Err(self.refuse("DATE", describe(other), "DATE('2020-03-01')")),
            },
            Expr::Timestamp { .. } => {
                let found = format!("a TIMESTAMP compared with '{}'", field.name);
                return Err(self.refuse(
                    &field.name,
                    found,
                    "DATE('2020-03-01'): fields hold days",
                ));
            }
            other => {
                let found = format!("'{}' compared with {}", field.name, describe(other));
                return Err(self.refuse(&field.name, found, value::expected(&field.kind)));
            }
        };
        value::coerce(field, &scalar, self.references).map_err(|expected| {
            let found = format!("'{}' compared with '{scalar}'", field.name);
            self.refuse(&field.name, found, expected)
        })
    }

    /// A number given as an argument.
    pub fn number(&self, op: &str, expression: &Expr) -> Result<f64, QueryError> {
        match expression {
            Expr::Float(number) if number.is_finite() => Ok(*number),
            other => Err(self.refuse(op, describe(other), format!("a number in '{op}'"))),
        }
    }

    /// A text given as an argument.
    pub fn text(&self, op: &str, expression: &Expr) -> Result<CompactString, QueryError> {
        match expression {
            Expr::Literal(text) => Ok(CompactString::from(text)),
            other => Err(self.refuse(
                op,
                describe(other),
                format!("text in quotation marks in '{op}'"),
            )),
        }
    }

    /// An error unless there are as many arguments as the form shows.
    pub fn wrong_arguments(&self, op: &str, given: usize, form: &str) -> QueryError {
        self.refuse(op, format!("'{op}' with {given} arguments"), form)
    }
}

/// The decimal number that a floating one was written as; none past 15 significant digits, where
/// binary numbers no longer tell decimal ones apart.
fn decimal(float: f64) -> Option<Decimal> {
    if !float.is_finite() || float.abs() > 9_007_199_254_740_991.0 {
        return None;
    }
    // The shortest text that reads back as the same number is the one that was written.
    format!("{float}").parse().ok()
}

/// What an expression is, for messages.
pub fn describe(expression: &Expr) -> String {
    match expression {
        Expr::Operation { op, .. } => format!("the expression '{op}'"),
        Expr::Interval { .. } => "an interval".to_string(),
        Expr::Timestamp { .. } => "a timestamp".to_string(),
        Expr::Date { .. } => "a date".to_string(),
        Expr::Property { property } => format!("the field '{property}'"),
        Expr::BBox { .. } => "a box".to_string(),
        Expr::Float(number) => format!("the number {number}"),
        Expr::Literal(text) => format!("the text '{}'", text.chars().take(40).collect::<String>()),
        Expr::Bool(is) => format!("{is}"),
        Expr::Array(_) => "a list".to_string(),
        Expr::Geometry(_) => "a geometry".to_string(),
        Expr::Null => "NULL".to_string(),
    }
}
