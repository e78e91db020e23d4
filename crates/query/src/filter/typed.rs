//! Values in filters: literals, fields and what is computed of them, each with its type.

use ::cql2::{Expr, Geometry};
use geometry::Shape;
use record::{Day, Expression, Function, PartialDate, Predicate, Prose, Value, prose};
use schema::{Field, FieldType};

use super::Compiler;
use crate::operators::{self, Arguments};
use crate::{QueryError, times};

/// What a value is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// True or false.
    Boolean,
    /// A number.
    Number,
    /// A text, code, period or division code.
    Text,
    /// A day.
    Date,
    /// A geometry.
    Geometry,
    /// A record of this collection.
    Reference(String),
    /// A list in parentheses.
    List,
}

impl Kind {
    /// Its name, for messages.
    pub fn name(&self) -> Prose {
        match self {
            Kind::Boolean => prose!("真假值", "a truth value"),
            Kind::Number => prose!("数字", "a number"),
            Kind::Text => prose!("文本", "a text"),
            Kind::Date => prose!("日期", "a date"),
            Kind::Geometry => prose!("图形", "a geometry"),
            Kind::Reference(target) => prose!("对“{target}”的引用", "a reference to '{target}'"),
            Kind::List => prose!("列表", "a list"),
        }
    }

    /// What the values of a field are.
    pub fn of(field: &Field) -> Kind {
        match &field.kind {
            FieldType::Text | FieldType::Code(_) | FieldType::Period | FieldType::Division => {
                Kind::Text
            }
            FieldType::Date => Kind::Date,
            FieldType::Integer | FieldType::Decimal => Kind::Number,
            FieldType::Boolean => Kind::Boolean,
            FieldType::Reference { target } => Kind::Reference(target.clone()),
            FieldType::Point | FieldType::Geometry => Kind::Geometry,
        }
    }
}

/// An expression with its type.
#[derive(Clone, Debug)]
pub struct Typed {
    /// What is evaluated.
    pub expression: Expression,
    /// What comes of it.
    pub kind: Kind,
}

impl Typed {
    /// A value of a type.
    pub fn new(expression: Expression, kind: Kind) -> Typed {
        Typed { expression, kind }
    }

    /// An operation on values.
    pub fn call(function: Function, arguments: Vec<Expression>, kind: Kind) -> Typed {
        Typed::new(Expression::Call(function, arguments), kind)
    }
}

/// The beginning and end of validity, as filters name them.
pub const VALIDITY: [&str; 2] = ["validFrom", "validTo"];

impl Compiler<'_> {
    /// A value of any type.
    pub fn typed(&self, expression: &Expr) -> Result<Typed, QueryError> {
        Ok(match expression {
            Expr::Literal(text) => Typed::new(Expression::Text(text.as_str().into()), Kind::Text),
            Expr::Float(number) if number.is_finite() => {
                Typed::new(Expression::Number(*number), Kind::Number)
            }
            Expr::Bool(is) => Typed::new(Expression::Boolean(*is), Kind::Boolean),
            Expr::Date { .. } | Expr::Timestamp { .. } => {
                let (first, _) = self.days(expression)?;
                Typed::new(Expression::Day(first), Kind::Date)
            }
            Expr::Property { property } => self.typed_property(property)?,
            Expr::Geometry(_) | Expr::BBox { .. } => {
                let shape = self.shape("geometry", expression)?;
                Typed::new(Expression::Shape(shape.to_wkb()), Kind::Geometry)
            }
            Expr::Array(items) => {
                let items = items.iter().map(|item| Ok(self.typed(item)?.expression));
                let items = items.collect::<Result<_, QueryError>>()?;
                Typed::new(Expression::List(items), Kind::List)
            }
            Expr::Operation { op, args } => self.typed_operation(op, args)?,
            other @ (Expr::Float(_) | Expr::Interval { .. } | Expr::Null) => {
                let found = super::describe(other);
                return Err(self.refuse("", found, prose!("一个值", "a value")));
            }
        })
    }

    fn typed_operation(&self, op: &str, args: &Arguments) -> Result<Typed, QueryError> {
        let Some(operator) = operators::find(op) else {
            return Err(self.unknown_operator(op));
        };
        match operator.express {
            Some(express) => express(self, op, args),
            None => Err(self.refuse(
                op,
                prose!("“{op}”作为值", "'{op}' as a value"),
                prose!(
                    "单独作为条件，以 AND、OR、NOT 连接",
                    "it as a condition of its own, joined by AND, OR and NOT"
                ),
            )),
        }
    }

    fn typed_property(&self, name: &str) -> Result<Typed, QueryError> {
        if self.is_location(name) {
            return Ok(Typed::new(Expression::Location, Kind::Geometry));
        }
        if self.collection.field(name).is_none() {
            match VALIDITY.iter().position(|one| *one == name) {
                Some(0) => return Ok(Typed::new(Expression::ValidFrom, Kind::Date)),
                Some(_) => return Ok(Typed::new(Expression::ValidTo, Kind::Date)),
                None => {}
            }
        }
        let field = self.searched_field(name)?;
        Ok(Typed::new(
            Expression::Field(field.name.clone()),
            Kind::of(field),
        ))
    }

    /// A value of one type.
    pub fn typed_as(
        &self,
        op: &str,
        expression: &Expr,
        kind: &Kind,
    ) -> Result<Expression, QueryError> {
        let typed = self.typed(expression)?;
        if typed.kind == *kind {
            return Ok(typed.expression);
        }
        let (found, wanted) = (super::describe(expression), kind.name());
        Err(self.refuse(
            op,
            prose!("“{op}”中的{found}", "{found} in '{op}'"; found),
            wanted,
        ))
    }

    /// Two values that can be compared: a literal beside a field takes the field's type.
    pub fn pair(&self, op: &str, left: &Expr, right: &Expr) -> Result<(Typed, Typed), QueryError> {
        if let Some(field) = self.plain_field(left)
            && is_literal(right)
        {
            return Ok((self.typed(left)?, self.literal(field, right)?));
        }
        if let Some(field) = self.plain_field(right)
            && is_literal(left)
        {
            return Ok((self.literal(field, left)?, self.typed(right)?));
        }
        let (one, mut other) = (self.typed(left)?, self.typed(right)?);
        let mut one = one;
        // A text that is a date, beside one.
        match (&one.kind, &other.kind) {
            (Kind::Date, Kind::Text) if is_literal(right) => other = self.dated(right)?,
            (Kind::Text, Kind::Date) if is_literal(left) => one = self.dated(left)?,
            _ => {}
        }
        if one.kind != other.kind || matches!(one.kind, Kind::Geometry | Kind::List) {
            let (left, right) = (one.kind.name(), other.kind.name());
            let found = prose!("“{op}”两边是{left}和{right}", "'{op}' between {left} and {right}"; left, right);
            let expected = prose!("两边类型相同的值", "values of the same type on both sides");
            return Err(self.refuse(op, found, expected));
        }
        Ok((one, other))
    }

    fn dated(&self, expression: &Expr) -> Result<Typed, QueryError> {
        let (first, _) = self.days(expression)?;
        Ok(Typed::new(Expression::Day(first), Kind::Date))
    }

    /// A literal as a value of a field.
    pub fn literal(&self, field: &Field, expression: &Expr) -> Result<Typed, QueryError> {
        let value = self.value(field, expression)?;
        Ok(Typed::new(expression_of(&value), Kind::of(field)))
    }

    /// The field an expression names, where it is one of this collection's and no geometry.
    pub fn plain_field(&self, expression: &Expr) -> Option<&schema::Field> {
        match expression {
            Expr::Property { property } => self
                .collection
                .field(property)
                .map(|(_, field)| field)
                .filter(|field| !field.kind.is_spatial()),
            _ => None,
        }
    }

    /// The first and the last day that a date, a timestamp or a text of one means.
    pub fn days(&self, expression: &Expr) -> Result<(Day, Day), QueryError> {
        let text = match expression {
            Expr::Date { date: inner } | Expr::Timestamp { timestamp: inner } => inner.as_ref(),
            other => other,
        };
        let Expr::Literal(text) = text else {
            return Err(self.refuse("DATE", super::describe(text), "DATE('2020-03-01')"));
        };
        if let (Ok(date), false) = (
            text.parse::<PartialDate>(),
            matches!(expression, Expr::Timestamp { .. }),
        ) {
            return Ok((date.first_day(), Day(date.end_day().0 - 1)));
        }
        let instant: Option<jiff::Timestamp> = match expression {
            Expr::Date { .. } => None,
            _ => text.parse().ok(),
        };
        let day = instant.map(|instant| times::day_of(instant.as_microsecond()));
        day.map(|day| (day, day)).ok_or_else(|| {
            let found = prose!("日期“{text}”", "the date '{text}'");
            let expected = prose!(
                "日期，如 '2020-03-01'；或时刻，如 '2020-03-01T12:00:00Z'",
                "a date such as '2020-03-01', or an instant such as '2020-03-01T12:00:00Z'"
            );
            self.refuse(text, found, expected)
        })
    }

    /// The valid shape of a literal geometry or box.
    pub fn shape(&self, op: &str, expression: &Expr) -> Result<Shape, QueryError> {
        let crs = self.setting.crs;
        let read = match expression {
            Expr::Geometry(Geometry::Wkt(text)) => crs.wkt(text),
            Expr::Geometry(Geometry::GeoJSON(json)) => {
                crs.geojson(&serde_json::to_value(json).unwrap_or_default())
            }
            Expr::BBox { bbox } => crs.polygon(operators::intersects::corners(self, op, bbox)?),
            other => {
                return Err(self.refuse(
                    op,
                    super::describe(other),
                    operators::intersects::shapes(),
                ));
            }
        };
        read.and_then(|shape| geometry::validate(&shape).map(|()| shape))
            .map_err(|error| {
                let expected = prose!("filter-crs 坐标系中的有效图形（缺省为经度、纬度）", "a valid geometry in the coordinates of filter-crs (longitude and latitude by default)");
                let found = Prose::new(
                    format!("图形有误（{}）", error.chinese()),
                    format!("the geometry: {error}"),
                );
                self.refuse(op, found, expected)
            })
    }
}

/// Whether an expression is a single given value.
pub fn is_literal(expression: &Expr) -> bool {
    matches!(
        expression,
        Expr::Literal(_)
            | Expr::Float(_)
            | Expr::Bool(_)
            | Expr::Date { .. }
            | Expr::Timestamp { .. }
    )
}

/// A value of a field as an expression.
pub fn expression_of(value: &Value) -> Expression {
    match value {
        Value::Boolean(is) => Expression::Boolean(*is),
        Value::Integer(number) => Expression::Number(*number as f64),
        Value::Decimal(number) => {
            f64::try_from(*number).map_or(Expression::Null, Expression::Number)
        }
        Value::Text(text) => Expression::Text(text.clone()),
        Value::Date(date) => Expression::Day(date.first_day()),
        Value::Reference(reference) => reference
            .target
            .map_or(Expression::Null, |id| Expression::Entity(id.number())),
        Value::Point { .. } | Value::Geometry(_) | Value::Null => Expression::Null,
        Value::List(items) => Expression::List(items.iter().map(expression_of).collect()),
    }
}

/// A predicate that evaluates an expression.
pub fn exact(expression: Expression) -> Predicate {
    match expression {
        Expression::Boolean(true) => Predicate::All,
        other => Predicate::Exact(Box::new(other)),
    }
}

/// A predicate that evaluates an expression on what an index finds.
pub fn narrowed(by: Predicate, expression: Expression) -> Predicate {
    Predicate::Narrowed {
        by: Box::new(by),
        expression: Box::new(expression),
    }
}
