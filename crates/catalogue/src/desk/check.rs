//! What a machine can tell of a wish before people read it.

use std::collections::BTreeSet;

use access::Form;
use record::{Prose, prose};
use schema::{Catalog, Collection, Sharing, SharingMode, SharingType};

use super::request::{Answer, Wish};
use crate::error::Fault;

/// The longest text of a reason or a note, in characters.
pub const LONGEST_TEXT: usize = 1000;
/// The most columns of list comparisons.
const MOST_COLUMNS: usize = 20;

/// The words of the access policy that wishes are made of.
#[derive(Clone, Debug, Default)]
pub struct Vocabulary {
    /// The purposes; none where there is no policy to know them.
    pub purposes: Option<BTreeSet<String>>,
    /// The masks; likewise.
    pub masks: Option<BTreeSet<String>>,
}

/// What is wrong with a wish.
pub fn wish(wish: &Wish, catalog: &Catalog, words: &Vocabulary, longest: u16) -> Vec<Fault> {
    let mut faults = Vec::new();
    text(&mut faults, "/legalBasis", &wish.legal_basis);
    text(&mut faults, "/reason", &wish.reason);
    if let Some(known) = &words.purposes
        && !known.contains(&wish.purpose)
    {
        let known: Vec<&str> = known.iter().map(String::as_str).collect();
        faults.push(Fault::new("/purpose", &wish.purpose, known.join(", ")));
    } else if wish.purpose.is_empty() {
        faults.push(Fault::new("/purpose", "", prose!("用途", "a purpose")));
    }
    if wish.days == 0 || wish.days > longest {
        faults.push(Fault::new(
            "/days",
            wish.days.to_string(),
            format!("1 … {longest}"),
        ));
    }
    if wish.quota == Some(0) {
        faults.push(Fault::new("/quota", "0", "≥ 1"));
    }
    if wish.columns.len() > MOST_COLUMNS {
        let found = wish.columns.len().to_string();
        faults.push(Fault::new("/columns", found, format!("≤ {MOST_COLUMNS}")));
    }
    if let Some(code) = &wish.division {
        let is_code = code.len() == 12 && code.bytes().all(|byte| byte.is_ascii_digit());
        let is_placed = catalog
            .collection(&wish.collection)
            .is_none_or(|collection| collection.division.is_some());
        if !is_code || !is_placed {
            let expected = prose!(
                "12 位区划代码，且该数据集的记录属于区划",
                "a division code of 12 digits, of a collection whose records belong to divisions"
            );
            faults.push(Fault::new("/division", code, expected));
        }
    }
    let sharing = catalog.sharing.get(&wish.collection);
    match (catalog.collection(&wish.collection), sharing) {
        (Some(collection), Some(sharing)) => {
            modes(&mut faults, wish, sharing);
            fields(&mut faults, wish, collection, sharing, words);
        }
        _ => {
            let known: Vec<&str> = catalog.sharing.keys().map(String::as_str).collect();
            faults.push(Fault::new(
                "/collection",
                &wish.collection,
                known.join(", "),
            ));
        }
    }
    faults
}

fn text(faults: &mut Vec<Fault>, pointer: &str, given: &str) {
    let length = given.chars().count();
    if given.trim().is_empty() || length > LONGEST_TEXT {
        let expected = prose!(
            "1 至 {LONGEST_TEXT} 个字符",
            "1 to {LONGEST_TEXT} characters"
        );
        let found = prose!("{length} 个字符", "{length} characters");
        faults.push(Fault::new(pointer, found, expected));
    }
}

fn modes(faults: &mut Vec<Fault>, wish: &Wish, sharing: &Sharing) {
    let name = |mode: &SharingMode| mode_name(*mode);
    let offered = || {
        sharing
            .modes
            .iter()
            .map(name)
            .collect::<Vec<_>>()
            .join(", ")
    };
    if wish.modes.is_empty() {
        faults.push(Fault::new("/modes", "[]", offered()));
    }
    for (place, mode) in wish.modes.iter().enumerate() {
        if !sharing.modes.contains(mode) || wish.modes[..place].contains(mode) {
            faults.push(Fault::new(
                &format!("/modes/{place}"),
                name(mode),
                offered(),
            ));
        }
    }
    let compares = wish.modes.contains(&SharingMode::Comparison);
    if compares == wish.columns.is_empty() {
        let expected = prose!(
            "方式含 comparison 时须约定比对列，否则不得有",
            "columns with the mode comparison, and none without it"
        );
        faults.push(Fault::new(
            "/columns",
            wish.columns.len().to_string(),
            expected,
        ));
    }
}

/// A mode's name in requests.
pub fn mode_name(mode: SharingMode) -> &'static str {
    match mode {
        SharingMode::Interface => "interface",
        SharingMode::File => "file",
        SharingMode::Verification => "verification",
        SharingMode::Comparison => "comparison",
    }
}

fn fields(
    faults: &mut Vec<Fault>,
    wish: &Wish,
    collection: &Collection,
    sharing: &Sharing,
    words: &Vocabulary,
) {
    if wish.fields.is_empty() {
        let expected = prose!("至少一个字段", "one field or more");
        faults.push(Fault::new("/fields", "{}", expected));
    }
    let shows = |mode: &SharingMode| matches!(mode, SharingMode::Interface | SharingMode::File);
    let is_shown = wish.modes.iter().any(shows);
    for (name, form) in &wish.fields {
        let pointer = format!("/fields/{}", name.replace('~', "~0").replace('/', "~1"));
        let mut wrong = |found: &str, expected: Prose| {
            faults.push(Fault::new(&pointer, found, expected));
        };
        if collection.field(name).is_none() {
            let names = collection.fields.iter().map(|field| field.name.as_str());
            wrong(name, names.collect::<Vec<_>>().join(", ").into());
            continue;
        }
        let terms = sharing.terms_of(name);
        if terms.sharing == SharingType::NotShared {
            let (zh, en) = (&terms.ground.zh, &terms.ground.en);
            wrong(
                name,
                prose!(
                    "可共享的字段（不予共享：{zh}）",
                    "a field that is shared (not shared: {en})"
                ),
            );
            continue;
        }
        match form {
            Form::Hidden => wrong("hidden", "verify, full, …".into()),
            Form::Masked(mask) if words.masks.as_ref().is_some_and(|all| !all.contains(mask)) => {
                let known = words.masks.iter().flatten().map(String::as_str);
                let known: Vec<&str> = ["verify", "full"].into_iter().chain(known).collect();
                wrong(mask, known.join(", ").into());
            }
            form if form.is_shown() && !is_shown => {
                let expected = prose!(
                    "verify：给出字段值须用 interface 或 file 方式",
                    "verify: values are shown with the modes interface or file"
                );
                wrong(form.name(), expected);
            }
            _ => {}
        }
    }
}

/// What is wrong with a provider's answer to a wish, of which these fields are for it to answer.
pub fn answer(answer: &Answer, wish: &Wish, own: &BTreeSet<String>) -> Vec<Fault> {
    let mut faults = Vec::new();
    if answer.note.chars().count() > LONGEST_TEXT {
        text(&mut faults, "/note", &answer.note);
    }
    if !answer.agree && answer.note.trim().is_empty() {
        let expected = prose!("不同意的理由", "why it is refused");
        faults.push(Fault::new("/note", "", expected));
    }
    for (name, form) in answer.fields.iter().flatten() {
        let pointer = format!("/fields/{name}");
        let asked = wish.fields.get(name).filter(|_| own.contains(name));
        match asked {
            None => {
                let names: Vec<&str> = own.iter().map(String::as_str).collect();
                faults.push(Fault::new(&pointer, name, names.join(", ")));
            }
            // Of two masks none says more than the other: a provider may choose another one.
            Some(asked) if form.rank() > asked.rank() => {
                let most = asked.name();
                let expected = prose!(
                    "不多于所申请的 {most}",
                    "no more than was asked for: {most}"
                );
                faults.push(Fault::new(&pointer, form.name(), expected));
            }
            Some(_) => {}
        }
    }
    faults
}
