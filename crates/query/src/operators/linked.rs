//! Conditions on the records that refer to this one, or lie near it:
//! `linked('person', 'household', age_at(birthDate) > 80)` and
//! `linked_near('place', 300, kind = '0501')`.

use record::prose;

use super::Arguments;
use crate::QueryError;
use crate::filter::condition::Step;
use crate::filter::{Compiler, Condition};

/// A record of the collection, whose reference names this one, meets the filter.
pub fn refers(
    compiler: &Compiler<'_>,
    op: &str,
    args: &Arguments,
) -> Result<Condition, QueryError> {
    const FORM: &str = "linked('person', 'household', age_at(birthDate) > 80)";
    let (collection, field, filter) = match args {
        [collection, field] => (collection, field, None),
        [collection, field, filter] => (collection, field, Some(filter)),
        _ => return Err(compiler.wrong_arguments(op, args.len(), FORM)),
    };
    let collection = compiler.name(op, collection)?;
    let field = compiler.name(op, field)?;
    let step = compiler.step_back(op, &collection, &field)?;
    let inner = match filter {
        Some(filter) => compiler.at(&collection)?.condition(filter)?,
        None => Condition::ALL,
    };
    Ok(Condition::link(step, inner))
}

/// A record of the collection, within so many metres of this one, meets the filter.
pub fn near(compiler: &Compiler<'_>, op: &str, args: &Arguments) -> Result<Condition, QueryError> {
    const FORM: &str = "linked_near('place', 300, kind = '0501')";
    let (collection, metres, filter) = match args {
        [collection, metres] => (collection, metres, None),
        [collection, metres, filter] => (collection, metres, Some(filter)),
        _ => return Err(compiler.wrong_arguments(op, args.len(), FORM)),
    };
    let collection = compiler.name(op, collection)?;
    let metres = compiler.number(op, metres)?;
    if !(0.0..=crate::plan::FARTHEST).contains(&metres) {
        let found = prose!("{metres} 米", "{metres} metres");
        let expected = prose!("不小于 0 的距离", "a distance of 0 or more");
        return Err(compiler.refuse(op, found, expected));
    }
    let at = compiler.at(&collection)?;
    for one in [compiler, &at] {
        if one.collection.location.is_none() {
            let name = &one.collection.name;
            let found = prose!(
                "“{op}”用于没有图形的“{name}”",
                "'{op}' on '{name}', which has no geometry"
            );
            let expected = prose!("两个有图形的数据集", "two collections with a geometry");
            return Err(compiler.refuse(op, found, expected));
        }
    }
    let location = compiler.collection.location;
    let location = location.map(|number| compiler.collection.at(number).name.clone());
    let step = Step::Near {
        collection: collection.to_string(),
        metres,
        location: location.unwrap_or_default(),
    };
    let inner = match filter {
        Some(filter) => at.condition(filter)?,
        None => Condition::ALL,
    };
    Ok(Condition::link(step, inner))
}
