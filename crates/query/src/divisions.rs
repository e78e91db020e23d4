//! What became of divisions: codes that ended name those that followed them.

use std::collections::BTreeSet;

use record::{CompactString, Day, Predicate, prose};
use register::{Search, TimeScope};

use crate::QueryError;
use crate::body::{Body, texts};
use crate::plan::Context;
use crate::value;

/// How many divisions are followed.
const MOST: usize = 20_000;

/// The codes of the divisions that followed those within a code as it stood on a day, and those that
/// followed them.
pub fn successors(
    context: &Context<'_>,
    code: &str,
    day: Day,
) -> Result<Vec<CompactString>, QueryError> {
    let within = Predicate::WithinDivision {
        field: "code".into(),
        code: code.into(),
    };
    let mut known: BTreeSet<CompactString> = BTreeSet::new();
    // Those that held on the day; of what followed, whenever it holds.
    let mut new = followers(context, &within, |from, to| from <= day && day < to)?;
    while !new.is_empty() {
        new.retain(|code| known.insert(code.clone()));
        if known.len() > MOST {
            return Err(QueryError::Limit {
                parameter: "filter".to_string(),
                value: known.len().to_string(),
                limit: prose!("{MOST} 个后继区划", "{MOST} divisions that followed"),
            });
        }
        let any = new.iter().map(|code| Predicate::WithinDivision {
            field: "code".into(),
            code: code.clone(),
        });
        let any: Vec<Predicate> = any.collect();
        new = if any.is_empty() {
            Vec::new()
        } else {
            followers(context, &Predicate::Or(any), |_, to| to < Day::MAX)?
        };
        new.retain(|code| !known.contains(code));
    }
    Ok(known.into_iter().collect())
}

fn followers(
    context: &Context<'_>,
    predicate: &Predicate,
    counts: impl Fn(Day, Day) -> bool,
) -> Result<Vec<CompactString>, QueryError> {
    let search = Search {
        predicate,
        time: TimeScope::All,
        sort: &[],
        after: None,
        limit: MOST,
        deadline: context.deadline,
    };
    let page = context.view.search("division", &search);
    let page = page.map_err(|error| context.error(error))?;
    let mut codes = Vec::new();
    for record in page.records {
        if !counts(record.validity.from, record.validity.to) {
            continue;
        }
        let body = Body::parse(&record.body)?;
        let named = body.get("successor").map(texts).unwrap_or_default();
        codes.extend(named.iter().filter_map(|code| value::division(code)));
    }
    codes.sort_unstable();
    codes.dedup();
    Ok(codes)
}
