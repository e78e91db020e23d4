//! The temporal relations: comparisons of the beginnings and ends of two times, by the table of the
//! standard (OGC 21-065r2, clause 7.9; Allen's relations).
//!
//! A date is an instant of a day, an interval goes from one day to another, both included; `..` is an
//! open end, and so is a missing `validFrom` or `validTo` in `INTERVAL(validFrom, validTo)`. An
//! instant with a time of day counts as its day, by civil time, since registers hold days; only two
//! of these compare to the microsecond. Where a field has no value the comparisons with it are
//! unknown, and the whole is what Kleene's logic makes of them.

use ::cql2::Expr;
use record::{Comparison, Day, Expression, Function, PartialDate, Predicate, Value, prose};

use super::{Arguments, comparison};
use crate::QueryError;
use crate::filter::typed::{self, Kind};
use crate::filter::{Compiler, Condition};

/// A beginning or an end.
#[derive(Clone, Debug)]
enum Bound {
    /// A day, and the microsecond where one was given.
    Day(Day, Option<i64>),
    /// The value of a field, or of an expression.
    Of(Expression),
}

struct Span {
    start: Bound,
    end: Bound,
}

/// Two times lie so to one another.
pub fn compile(
    compiler: &Compiler<'_>,
    op: &str,
    args: &Arguments,
) -> Result<Condition, QueryError> {
    let [one, other] = args else {
        let expected = prose!("两个时间", "two times");
        return Err(compiler.wrong_arguments(op, args.len(), expected));
    };
    let (a, b) = (span(compiler, op, one)?, span(compiler, op, other)?);
    let compare = |left: &Bound, comparison, right: &Bound| -> Condition {
        compared(compiler, left, comparison, right)
    };
    let starts = |comparison| compare(&a.start, comparison, &b.start);
    let ends = |comparison| compare(&a.end, comparison, &b.end);
    let before = |comparison| compare(&a.end, comparison, &b.start);
    let after = |comparison| compare(&a.start, comparison, &b.end);
    use Comparison::{Equal, Greater, GreaterOrEqual, Less, LessOrEqual};
    let all = Condition::all;
    Ok(match op.to_ascii_lowercase().as_str() {
        "t_after" => after(Greater),
        "t_before" => before(Less),
        "t_contains" => all(vec![starts(Less), ends(Greater)]),
        "t_disjoint" => Condition::any(vec![before(Less), after(Greater)]),
        "t_during" => all(vec![starts(Greater), ends(Less)]),
        "t_equals" => all(vec![starts(Equal), ends(Equal)]),
        "t_finishedby" => all(vec![starts(Less), ends(Equal)]),
        "t_finishes" => all(vec![starts(Greater), ends(Equal)]),
        "t_meets" => before(Equal),
        "t_metby" => after(Equal),
        "t_overlappedby" => all(vec![starts(Greater), after(Less), ends(Greater)]),
        "t_overlaps" => all(vec![starts(Less), before(Greater), ends(Less)]),
        "t_startedby" => all(vec![starts(Equal), ends(Greater)]),
        "t_starts" => all(vec![starts(Equal), ends(Less)]),
        _ => all(vec![before(GreaterOrEqual), after(LessOrEqual)]),
    })
}

/// The beginning and end of a time.
fn span(compiler: &Compiler<'_>, op: &str, expression: &Expr) -> Result<Span, QueryError> {
    if let Expr::Interval { interval } = expression {
        let [from, to] = interval.as_slice() else {
            return Err(compiler.wrong_arguments(
                "interval",
                interval.len(),
                "INTERVAL('2020-01-01', '..')",
            ));
        };
        let (start, end) = (
            bound(compiler, op, from, true)?,
            bound(compiler, op, to, false)?,
        );
        if let (Bound::Day(from, _), Bound::Day(to, _)) = (&start, &end)
            && from > to
        {
            return Err(compiler.refuse(
                "INTERVAL",
                prose!(
                    "区间的终点在起点之前",
                    "an interval that ends before it begins"
                ),
                prose!("起点在前", "the earlier first"),
            ));
        }
        return Ok(Span { start, end });
    }
    Ok(Span {
        start: bound(compiler, op, expression, true)?,
        end: bound(compiler, op, expression, false)?,
    })
}

fn bound(
    compiler: &Compiler<'_>,
    op: &str,
    expression: &Expr,
    is_start: bool,
) -> Result<Bound, QueryError> {
    match expression {
        Expr::Literal(text) if text == ".." => Ok(Bound::Day(open(is_start), None)),
        Expr::Literal(_) | Expr::Date { .. } | Expr::Timestamp { .. } => {
            let (first, last) = compiler.days(expression)?;
            let day = if is_start { first } else { last };
            Ok(Bound::Day(day, microsecond(expression)))
        }
        other => {
            let value = compiler.typed_as(op, other, &Kind::Date)?;
            Ok(Bound::Of(match value {
                validity @ (Expression::ValidFrom | Expression::ValidTo) => {
                    // Without a known beginning it has begun before every day.
                    let open = open(validity == Expression::ValidFrom);
                    let otherwise = vec![validity, Expression::Day(open)];
                    Expression::Call(Function::OrElse, otherwise)
                }
                value => value,
            }))
        }
    }
}

fn open(is_start: bool) -> Day {
    if is_start { Day::MIN } else { Day::MAX }
}

/// The microsecond of an instant with a time of day.
fn microsecond(expression: &Expr) -> Option<i64> {
    let text = match expression {
        Expr::Timestamp { timestamp } => timestamp.as_ref(),
        other => other,
    };
    match text {
        Expr::Literal(text) => {
            let instant: jiff::Timestamp = text.parse().ok()?;
            Some(instant.as_microsecond())
        }
        _ => None,
    }
}

fn compared(
    compiler: &Compiler<'_>,
    left: &Bound,
    comparison: Comparison,
    right: &Bound,
) -> Condition {
    match (left, right) {
        (Bound::Day(one, Some(left)), Bound::Day(other, Some(right))) if one == other => {
            Condition::constant(holds(comparison, left.cmp(right)))
        }
        (Bound::Day(one, _), Bound::Day(other, _)) => {
            Condition::constant(holds(comparison, one.cmp(other)))
        }
        (Bound::Of(value), Bound::Day(day, _)) => {
            Condition::Is(with_day(compiler, value, comparison, *day))
        }
        (Bound::Day(day, _), Bound::Of(value)) => {
            let comparison = match comparison {
                Comparison::Less => Comparison::Greater,
                Comparison::LessOrEqual => Comparison::GreaterOrEqual,
                Comparison::Greater => Comparison::Less,
                Comparison::GreaterOrEqual => Comparison::LessOrEqual,
                same => same,
            };
            Condition::Is(with_day(compiler, value, comparison, *day))
        }
        (Bound::Of(one), Bound::Of(other)) => {
            let arguments = vec![one.clone(), other.clone()];
            let compare = Expression::Call(Function::Compare(comparison), arguments);
            Condition::Is(typed::exact(compare))
        }
    }
}

/// A value compared with a day: by the index, where it is a field.
fn with_day(
    compiler: &Compiler<'_>,
    value: &Expression,
    comparison: Comparison,
    day: Day,
) -> Predicate {
    if let Expression::Field(name) = value
        && let Some((_, field)) = compiler.collection.field(name)
        && comparison::is_indexed(field, comparison)
    {
        let (comparison, day) = within_calendar(comparison, day);
        if let Some(date) = PartialDate::from_day(day) {
            return Predicate::Compare {
                field: name.clone(),
                comparison,
                value: Value::Date(date),
            };
        }
    }
    let arguments = vec![value.clone(), Expression::Day(day)];
    typed::exact(Expression::Call(Function::Compare(comparison), arguments))
}

/// A comparison with an open end as one with the first or last day of the calendar.
fn within_calendar(comparison: Comparison, day: Day) -> (Comparison, Day) {
    use Comparison::{Greater, GreaterOrEqual, Less, LessOrEqual, NotEqual};
    let (first, last) = (
        Day::from_calendar(1, 1, 1).unwrap_or(day),
        Day::from_calendar(9999, 12, 31).unwrap_or(day),
    );
    match (day, comparison) {
        (Day::MIN, Greater | GreaterOrEqual | NotEqual) => (GreaterOrEqual, first),
        (Day::MIN, _) => (Less, first),
        (Day::MAX, Less | LessOrEqual | NotEqual) => (LessOrEqual, last),
        (Day::MAX, _) => (Greater, last),
        _ => (comparison, day),
    }
}

fn holds(comparison: Comparison, ordering: std::cmp::Ordering) -> bool {
    match comparison {
        Comparison::Equal => ordering.is_eq(),
        Comparison::NotEqual => ordering.is_ne(),
        Comparison::Less => ordering.is_lt(),
        Comparison::LessOrEqual => ordering.is_le(),
        Comparison::Greater => ordering.is_gt(),
        Comparison::GreaterOrEqual => ordering.is_ge(),
    }
}
