//! What is computed of values: arithmetic, `CASEI`, `ACCENTI`, `distance`, `age_at`.

use ::cql2::Expr;
use record::{Expression, Function, prose};

use super::Arguments;
use crate::QueryError;
use crate::filter::Compiler;
use crate::filter::typed::{Kind, Typed};

/// `+`, `-`, `*`, `/`, `%`, `^`, `div`: of more than two numbers, from the left.
pub fn arithmetic(
    compiler: &Compiler<'_>,
    op: &str,
    args: &Arguments,
) -> Result<Typed, QueryError> {
    let function = match op.to_ascii_lowercase().as_str() {
        "+" => Function::Add,
        "-" => Function::Subtract,
        "*" => Function::Multiply,
        "/" => Function::Divide,
        "%" => Function::Modulo,
        "^" => Function::Power,
        _ => Function::Quotient,
    };
    let numbers = args
        .iter()
        .map(|arg| compiler.typed_as(op, arg, &Kind::Number));
    let mut numbers = numbers.collect::<Result<Vec<_>, _>>()?.into_iter();
    let (Some(first), Some(second)) = (numbers.next(), numbers.next()) else {
        let expected = prose!("两个数字", "two numbers");
        return Err(compiler.wrong_arguments(op, args.len(), expected));
    };
    let both = |one, other| Expression::Call(function, vec![one, other]);
    let whole = numbers.fold(both(first, second), both);
    Ok(Typed::new(whole, Kind::Number))
}

/// `CASEI(text)` and `ACCENTI(text)`.
pub fn folded(compiler: &Compiler<'_>, op: &str, args: &Arguments) -> Result<Typed, QueryError> {
    let [text] = args else {
        let expected = prose!("一个文本", "one text");
        return Err(compiler.wrong_arguments(op, args.len(), expected));
    };
    let function = if op.eq_ignore_ascii_case("casei") {
        Function::FoldCase
    } else {
        Function::FoldAccents
    };
    let text = compiler.typed_as(op, text, &Kind::Text)?;
    Ok(Typed::call(function, vec![text], Kind::Text))
}

/// `distance(geometry, geometry)`: metres.
pub fn distance(compiler: &Compiler<'_>, op: &str, args: &Arguments) -> Result<Typed, QueryError> {
    let [one, other] = args else {
        return Err(compiler.wrong_arguments(op, args.len(), "distance(geometry, POINT(lon lat))"));
    };
    let arguments = vec![
        compiler.typed_as(op, one, &Kind::Geometry)?,
        compiler.typed_as(op, other, &Kind::Geometry)?,
    ];
    Ok(Typed::call(Function::Distance, arguments, Kind::Number))
}

/// `age_at(date)`, or `age_at(date, day)`: completed years, by default on the day asked about.
pub fn age(compiler: &Compiler<'_>, _: &str, args: &Arguments) -> Result<Typed, QueryError> {
    let (born, day) = age_arguments(compiler, args)?;
    Ok(Typed::call(Function::Age, vec![born, day], Kind::Number))
}

/// The two days that an age lies between.
pub fn age_arguments(
    compiler: &Compiler<'_>,
    args: &Arguments,
) -> Result<(Expression, Expression), QueryError> {
    const FORM: &str = "age_at(birthDate, DATE('2020-11-01'))";
    let (born, day) = match args {
        [born] => (born, Expression::Day(compiler.setting.day)),
        [born, day] => {
            let is_text = matches!(day.as_ref(), Expr::Literal(_));
            let day = if is_text {
                Expression::Day(compiler.days(day)?.0)
            } else {
                compiler.typed_as("age_at", day, &Kind::Date)?
            };
            (born, day)
        }
        _ => return Err(compiler.wrong_arguments("age_at", args.len(), FORM)),
    };
    Ok((compiler.typed_as("age_at", born, &Kind::Date)?, day))
}
