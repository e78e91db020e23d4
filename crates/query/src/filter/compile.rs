//! Expressions become conditions: fields are checked against the collection, values against fields.

use ::cql2::Expr;
use record::{CompactString, Decimal, Predicate, Prose, Value, prose};
use schema::{Collection, Field};

use super::condition::Condition;
use super::setting::Setting;
use crate::QueryError;
use crate::error::Position;
use crate::operators::logic::negate;
use crate::operators::{self, Arguments};
use crate::value::{self, Scalar};

/// Names by which a filter may call the collection's geometry.
pub const GEOMETRY_NAMES: [&str; 3] = ["geometry", "geom", "location"];

/// What operators need to know.
pub struct Compiler<'a> {
    /// The collection.
    pub collection: &'a Collection,
    /// What else the filter is read in.
    pub setting: Setting<'a>,
    pub(super) text: Option<&'a str>,
}

impl<'a> Compiler<'a> {
    /// A compiler for filters over one collection; `text` is what positions refer to.
    pub fn new(
        collection: &'a Collection,
        setting: Setting<'a>,
        text: Option<&'a str>,
    ) -> Compiler<'a> {
        Compiler {
            collection,
            setting,
            text,
        }
    }

    /// The condition of an expression.
    pub fn condition(&self, expression: &Expr) -> Result<Condition, QueryError> {
        let is_logic = |op: &str| {
            ["and", "or", "not"]
                .iter()
                .any(|name| name.eq_ignore_ascii_case(op))
        };
        match expression {
            Expr::Operation { op, args } if is_logic(op) => self.operation(op, args),
            Expr::Operation { op, args } => {
                if let Some(linked) = self.through_link(expression)? {
                    return Ok(linked);
                }
                match truth(op, args) {
                    Some((condition, true)) => self.condition(condition),
                    Some((condition, false)) => Ok(negate(self, self.condition(condition)?)),
                    None => self.operation(op, args),
                }
            }
            Expr::Bool(is) => Ok(Condition::constant(*is)),
            Expr::Property { property } => {
                if let Some(linked) = self.through_link(expression)? {
                    return Ok(linked);
                }
                // A field that is true or false is a condition by itself.
                let field = self.field(property)?;
                if matches!(field.kind, schema::FieldType::Boolean) {
                    return Ok(Condition::Is(Predicate::Compare {
                        field: field.name.clone(),
                        comparison: record::Comparison::Equal,
                        value: Value::Boolean(true),
                    }));
                }
                Err(self.refuse(
                    property,
                    prose!("单独的“{property}”", "'{property}' alone"),
                    prose!("一个比较", "a comparison"),
                ))
            }
            other => Err(self.refuse(
                "",
                describe(other),
                prose!(
                    "一个条件，如 name = '王芳'",
                    "a condition, such as name = '王芳'"
                ),
            )),
        }
    }

    fn operation(&self, op: &str, args: &Arguments) -> Result<Condition, QueryError> {
        let Some(operator) = operators::find(op) else {
            return Err(self.unknown_operator(op));
        };
        match operator.compile {
            Some(compile) => compile(self, op, args),
            None => Err(self.refuse(
                op,
                prose!(
                    "“{op}”作为条件，它是一个值",
                    "'{op}' as a condition, which is a value"
                ),
                prose!(
                    "与它的比较，如 {op}(…) = …",
                    "a comparison with it, such as {op}(…) = …"
                ),
            )),
        }
    }

    /// The error of an operator or function that there is not.
    pub fn unknown_operator(&self, op: &str) -> QueryError {
        self.refuse(
            op,
            prose!("运算符或函数“{op}”", "the operator or function '{op}'"),
            prose!(
                "其中之一：{}（见 /functions）",
                "one of {} (see /functions)",
                operators::names(op)
            ),
        )
    }

    /// Whether a filter calls the collection's geometry so.
    pub fn is_location(&self, name: &str) -> bool {
        self.collection.location.is_some_and(|number| {
            *name == *self.collection.at(number).name
                || (GEOMETRY_NAMES.contains(&name) && self.collection.field(name).is_none())
        })
    }

    /// A field of this name that is searched.
    pub fn searched_field(&self, name: &str) -> Result<&'a Field, QueryError> {
        let field = self.field(name)?;
        if field.search.any() {
            return Ok(field);
        }
        let collection = &self.collection.name;
        Err(self.refuse(
            &field.name,
            operators::comparison::not_searched(field),
            prose!(
                "/collections/{collection}/queryables 中的字段",
                "a field of /collections/{collection}/queryables"
            ),
        ))
    }

    /// An error at the first place where `name` stands.
    pub fn refuse(
        &self,
        name: &str,
        found: impl Into<Prose>,
        expected: impl Into<Prose>,
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
            other => {
                let other = describe(other);
                Err(self.refuse(
                    op,
                    prose!("“{op}”用于{other}", "'{op}' applied to {other}"; other),
                    prose!("左边是一个字段的名称", "the name of a field on its left"),
                ))
            }
        }
    }

    /// Whether an expression names the collection's geometry; an error where it has none.
    pub fn geometry(&self, op: &str, expression: &Expr) -> Result<(), QueryError> {
        let location = self
            .collection
            .location
            .map(|number| self.collection.at(number));
        let Some(location) = location else {
            let name = &self.collection.name;
            let found = prose!(
                "“{op}”用于没有图形的“{name}”",
                "'{op}' on '{name}', which has no geometry"
            );
            let expected = prose!("对其字段的条件", "a condition on its fields");
            return Err(self.refuse(op, found, expected));
        };
        match expression {
            Expr::Property { property }
                if *property == *location.name || GEOMETRY_NAMES.contains(&property.as_str()) =>
            {
                Ok(())
            }
            Expr::Property { property } => {
                self.field(property)?;
                let found = prose!(
                    "“{op}”用于“{property}”，它不是图形",
                    "'{op}' on '{property}', which is no geometry"
                );
                let name = &location.name;
                Err(self.refuse(
                    property,
                    found,
                    prose!("“{name}”或“geometry”", "'{name}' or 'geometry'"),
                ))
            }
            other => {
                let (other, name) = (describe(other), &location.name);
                Err(self.refuse(
                    op,
                    prose!("“{op}”用于{other}", "'{op}' applied to {other}"; other),
                    prose!("首先是“{name}”或“geometry”", "'{name}' or 'geometry' first"),
                ))
            }
        }
    }

    /// The value an argument gives to a field.
    pub fn value(&self, field: &Field, expression: &Expr) -> Result<Value, QueryError> {
        let number;
        let text;
        let scalar = match expression {
            Expr::Literal(text) => Scalar::Text(text),
            Expr::Bool(is) => Scalar::Boolean(*is),
            Expr::Float(float) => {
                number = decimal(*float).ok_or_else(|| {
                    self.refuse(
                        &field.name,
                        format!("{float}"),
                        prose!("最多 15 位的数字", "a number of at most 15 digits"),
                    )
                })?;
                Scalar::Number(number)
            }
            Expr::Date { date } => match date.as_ref() {
                Expr::Literal(text) => Scalar::Date(text),
                other => return Err(self.refuse("DATE", describe(other), "DATE('2020-03-01')")),
            },
            Expr::Timestamp { .. } => {
                // Registers hold days: an instant counts as its day, by civil time.
                let (day, _) = self.days(expression)?;
                text = day.to_string();
                Scalar::Date(&text)
            }
            other => {
                let (name, other) = (&field.name, describe(other));
                let found =
                    prose!("“{name}”与{other}比较", "'{name}' compared with {other}"; other);
                return Err(self.refuse(&field.name, found, value::expected(&field.kind)));
            }
        };
        value::coerce(field, &scalar, self.setting.references).map_err(|expected| {
            let name = &field.name;
            let found = prose!(
                "“{name}”与“{scalar}”比较",
                "'{name}' compared with '{scalar}'"
            );
            self.refuse(&field.name, found, expected)
        })
    }

    /// A number given as an argument.
    pub fn number(&self, op: &str, expression: &Expr) -> Result<f64, QueryError> {
        match expression {
            Expr::Float(number) if number.is_finite() => Ok(*number),
            other => Err(self.refuse(
                op,
                describe(other),
                prose!("“{op}”中应为数字", "a number in '{op}'"),
            )),
        }
    }

    /// A text given as an argument.
    pub fn text(&self, op: &str, expression: &Expr) -> Result<CompactString, QueryError> {
        match expression {
            Expr::Literal(text) => Ok(CompactString::from(text)),
            other => Err(self.refuse(
                op,
                describe(other),
                prose!("“{op}”中加引号的文本", "text in quotation marks in '{op}'"),
            )),
        }
    }

    /// An error unless there are as many arguments as the form shows.
    pub fn wrong_arguments(&self, op: &str, given: usize, form: impl Into<Prose>) -> QueryError {
        let found = prose!("“{op}”有 {given} 个参数", "'{op}' with {given} arguments");
        self.refuse(op, found, form)
    }
}

/// A condition compared with true or false, and whether it is meant to hold.
fn truth<'e>(op: &str, args: &'e Arguments) -> Option<(&'e Expr, bool)> {
    let [left, right] = args else { return None };
    let (condition, is) = match (left.as_ref(), right.as_ref()) {
        (condition @ Expr::Operation { .. }, Expr::Bool(is))
        | (Expr::Bool(is), condition @ Expr::Operation { .. }) => (condition, *is),
        _ => return None,
    };
    match op {
        "=" => Some((condition, is)),
        "<>" => Some((condition, !is)),
        _ => None,
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
pub fn describe(expression: &Expr) -> Prose {
    match expression {
        Expr::Operation { op, .. } => prose!("表达式“{op}”", "the expression '{op}'"),
        Expr::Interval { .. } => prose!("时间区间", "an interval"),
        Expr::Timestamp { .. } => prose!("时刻", "a timestamp"),
        Expr::Date { .. } => prose!("日期", "a date"),
        Expr::Property { property } => prose!("字段“{property}”", "the field '{property}'"),
        Expr::BBox { .. } => prose!("矩形范围", "a box"),
        Expr::Float(number) => prose!("数字 {number}", "the number {number}"),
        Expr::Literal(text) => {
            let text: String = text.chars().take(40).collect();
            prose!("文本“{text}”", "the text '{text}'")
        }
        Expr::Bool(is) => is.to_string().into(),
        Expr::Array(_) => prose!("列表", "a list"),
        Expr::Geometry(_) => prose!("图形", "a geometry"),
        Expr::Null => "NULL".into(),
    }
}
