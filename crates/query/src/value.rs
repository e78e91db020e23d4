//! Values of a request, coerced to the types of fields. Nothing is guessed: what does not fit is
//! refused with what was expected.

use record::{CompactString, Day, Decimal, EntityId, PartialDate, Prose, Reference, Value, prose};
use schema::{CodeList, Field, FieldType, Period};

use crate::QueryError;

/// A value as a request writes it.
#[derive(Clone, Debug, PartialEq)]
pub enum Scalar<'a> {
    /// Text; in a URL it stands for numbers and truth values too.
    Text(&'a str),
    /// Text of a URL or a key, which may mean a number.
    Loose(&'a str),
    /// A number.
    Number(Decimal),
    /// True or false.
    Boolean(bool),
    /// `DATE('…')`.
    Date(&'a str),
}

impl std::fmt::Display for Scalar<'_> {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Scalar::Text(text) | Scalar::Loose(text) | Scalar::Date(text) => out.write_str(text),
            Scalar::Number(number) => write!(out, "{number}"),
            Scalar::Boolean(is) => write!(out, "{is}"),
        }
    }
}

/// How a reference that is given by its target's natural key becomes an id.
pub trait References {
    /// The record of this collection with this single natural key, if there is one.
    fn resolve(&self, collection: &str, key: &str) -> Option<EntityId>;

    /// The codes of the divisions that followed those within a code as it stood on a day.
    fn successors(&self, code: &str, day: Day) -> Result<Vec<CompactString>, QueryError>;
}

/// No natural key is known.
pub struct NoReferences;

impl References for NoReferences {
    fn resolve(&self, _collection: &str, _key: &str) -> Option<EntityId> {
        None
    }

    fn successors(&self, _code: &str, _day: Day) -> Result<Vec<CompactString>, QueryError> {
        Ok(Vec::new())
    }
}

/// The value of a field; the error says what was expected.
pub fn coerce(field: &Field, scalar: &Scalar, references: &dyn References) -> Result<Value, Prose> {
    let value = match (&field.kind, scalar) {
        (FieldType::Text, Scalar::Text(text) | Scalar::Loose(text)) => Some(Value::text(text)),
        (FieldType::Text, _) => return Err(expected(&field.kind)),
        (FieldType::Code(list), Scalar::Text(text) | Scalar::Loose(text)) => {
            let known = list.get(text).map(|_| Value::text(text));
            return known.ok_or_else(|| codes(list));
        }
        (FieldType::Code(list), _) => return Err(codes(list)),
        (FieldType::Date, Scalar::Text(text) | Scalar::Loose(text) | Scalar::Date(text)) => {
            text.parse::<PartialDate>().ok().map(Value::Date)
        }
        (FieldType::Integer, Scalar::Number(number)) if number.fract().is_zero() => {
            i64::try_from(*number).ok().map(Value::Integer)
        }
        (FieldType::Integer, Scalar::Loose(text)) => text.parse().ok().map(Value::Integer),
        (FieldType::Decimal, Scalar::Number(number)) => Some(Value::Decimal(*number)),
        (FieldType::Decimal, Scalar::Loose(text)) => text.parse().ok().map(Value::Decimal),
        (FieldType::Boolean, Scalar::Boolean(is)) => Some(Value::Boolean(*is)),
        (FieldType::Boolean, Scalar::Loose(text)) => text.parse().ok().map(Value::Boolean),
        (FieldType::Period, Scalar::Text(text) | Scalar::Loose(text)) => text
            .parse::<Period>()
            .ok()
            .map(|period| Value::text(&period.to_string())),
        (FieldType::Division, Scalar::Text(text) | Scalar::Loose(text)) => {
            division(text).map(Value::Text)
        }
        (FieldType::Reference { target }, Scalar::Text(text) | Scalar::Loose(text)) => text
            .parse::<EntityId>()
            .ok()
            .or_else(|| references.resolve(target, text))
            .map(|id| {
                Value::Reference(Reference {
                    key: (*text).into(),
                    target: Some(id),
                })
            }),
        _ => None,
    };
    value.ok_or_else(|| expected(&field.kind))
}

/// What a field of this type takes.
pub fn expected(kind: &FieldType) -> Prose {
    match kind {
        FieldType::Text => prose!("加引号的文本", "text in quotation marks"),
        FieldType::Code(list) => codes(list),
        FieldType::Date => prose!(
            "日期，如 '2020'、'2020-03' 或 '2020-03-01'",
            "a date such as '2020', '2020-03' or '2020-03-01'"
        ),
        FieldType::Integer => prose!("整数", "a whole number"),
        FieldType::Decimal => prose!("数字", "a number"),
        FieldType::Boolean => prose!("true（是）或 false（否）", "true or false"),
        FieldType::Period => prose!(
            "统计时期，如 '2019'、'2019-Q1' 或 '2019-03'",
            "a period such as '2019', '2019-Q1' or '2019-03'"
        ),
        FieldType::Division => prose!(
            "2、4、6、9 或 12 位数字的区划代码",
            "a division code of 2, 4, 6, 9 or 12 digits"
        ),
        FieldType::Reference { target } => {
            prose!(
                "“{target}”中一条记录的 id 或主键",
                "the id, or the natural key, of a record of '{target}'"
            )
        }
        FieldType::Point | FieldType::Geometry => {
            prose!(
                "空间条件，如 s_intersects、near 或参数 bbox",
                "a spatial condition such as s_intersects, near, or the parameter bbox"
            )
        }
    }
}

/// Twelve digits from 2, 4, 6, 9 or 12.
pub fn division(code: &str) -> Option<CompactString> {
    let fits = matches!(code.len(), 2 | 4 | 6 | 9 | 12) && code.bytes().all(|b| b.is_ascii_digit());
    fits.then(|| CompactString::from(format!("{code:0<12}")))
}

fn codes(list: &CodeList) -> Prose {
    const MOST: usize = 8;
    let some: Vec<String> = list
        .entries
        .iter()
        .take(MOST)
        .map(|entry| format!("'{}' {}", entry.code, entry.name_zh))
        .collect();
    let more = if list.entries.len() > MOST {
        " …"
    } else {
        ""
    };
    let (name, some) = (&list.name, some.join(", "));
    prose!(
        "代码表“{name}”中的代码，加引号：{some}{more}",
        "a code of the list '{name}' in quotation marks: {some}{more}"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_fit_their_fields_or_are_refused() {
        let catalog = schema::Catalog::embedded().expect("schemas");
        let person = catalog.collection("person").expect("person");
        let observation = catalog.collection("observation").expect("observation");
        let of = |collection: &schema::Collection, field: &str, scalar: Scalar| {
            let (_, field) = collection.field(field).expect("field");
            coerce(field, &scalar, &NoReferences)
        };
        assert_eq!(of(person, "sex", Scalar::Text("1")), Ok(Value::text("1")));
        assert!(
            of(person, "sex", Scalar::Text("7"))
                .expect_err("refused")
                .en
                .contains("sex")
        );
        assert!(of(person, "sex", Scalar::Number(1.into())).is_err());
        assert!(matches!(
            of(person, "birthDate", Scalar::Date("1985")),
            Ok(Value::Date(_))
        ));
        assert!(of(person, "birthDate", Scalar::Text("1985-02-30")).is_err());
        let code = of(person, "division", Scalar::Text("110108"));
        assert_eq!(code, Ok(Value::text("110108000000")));
        assert!(of(person, "division", Scalar::Text("11010")).is_err());
        assert!(of(person, "household", Scalar::Text("P0")).is_err());
        assert_eq!(
            of(observation, "period", Scalar::Text("2019Q1")),
            Ok(Value::text("2019-Q1"))
        );
        let value = of(observation, "value", Scalar::Loose("12.50"));
        assert_eq!(value, Ok(Value::Decimal(Decimal::new(1250, 2))));
        assert!(of(observation, "value", Scalar::Text("12.50")).is_err());
    }
}
