//! The functions that filters know besides CQL2's own, as OGC API - Features Part 3 lists them
//! (`/functions`).

use serde_json::{Value, json};

/// A function.
pub struct Function {
    /// Its name in filters.
    pub name: &'static str,
    /// What it says, in Chinese and English.
    pub description: [&'static str; 2],
    /// Its arguments: the name, the types that OGC's list knows, and whether it may be left out.
    pub arguments: &'static [(&'static str, &'static [&'static str], bool)],
    /// The type of what it says.
    pub returns: &'static str,
}

const TEXT: &[&str] = &["string"];
const NUMBER: &[&str] = &["number"];
const DATE: &[&str] = &["datetime"];
const GEOMETRY: &[&str] = &["geometry"];
const BOOLEAN: &[&str] = &["boolean"];

/// All functions.
pub const FUNCTIONS: &[Function] = &[
    Function {
        name: "text_match",
        description: [
            "全文检索，如同参数 q：每个词都出现在所列字段之一；不列字段时为全部全文字段",
            "Full text, as with the parameter q: every word stands in one of the fields; without fields, in any that is full text",
        ],
        arguments: &[("field", TEXT, true), ("words", TEXT, false)],
        returns: "boolean",
    },
    Function {
        name: "pinyin_match",
        description: [
            "姓名或名称的读音：全拼、首字母或混合，自任一字起，如 pinyin_match(name, 'wangf')",
            "How a name is read: whole syllables, initials or a mixture, from any character on, as pinyin_match(name, 'wangf')",
        ],
        arguments: &[("field", TEXT, false), ("pinyin", TEXT, false)],
        returns: "boolean",
    },
    Function {
        name: "fuzzy_name",
        description: [
            "与所给姓名相差不超过若干字（缺省 1，最多 3），或读音相同",
            "A name that differs by so many characters at most (1 by default, 3 at most), or sounds the same",
        ],
        arguments: &[
            ("field", TEXT, false),
            ("name", TEXT, false),
            ("edits", NUMBER, true),
        ],
        returns: "boolean",
    },
    Function {
        name: "distance",
        description: [
            "两个图形之间的距离（米）",
            "The distance of two geometries, in metres",
        ],
        arguments: &[("geometry", GEOMETRY, false), ("other", GEOMETRY, false)],
        returns: "number",
    },
    Function {
        name: "near",
        description: [
            "在一个位置的若干米之内：near(lon, lat, metres)",
            "Within so many metres of a place: near(lon, lat, metres)",
        ],
        arguments: &[
            ("lon", NUMBER, false),
            ("lat", NUMBER, false),
            ("metres", NUMBER, false),
        ],
        returns: "boolean",
    },
    Function {
        name: "dwithin",
        description: [
            "在一个点的若干米之内：dwithin(geometry, POINT(lon lat), metres)",
            "Within so many metres of a point: dwithin(geometry, POINT(lon lat), metres)",
        ],
        arguments: &[
            ("geometry", GEOMETRY, false),
            ("point", GEOMETRY, false),
            ("metres", NUMBER, false),
        ],
        returns: "boolean",
    },
    Function {
        name: "within_division",
        description: [
            "在一个区划之内，任何级别；给出日期时，代码以当日为准，其后继区划也算在内",
            "Within a division, at any level; with a date the code is that day's, and the divisions that followed it count too",
        ],
        arguments: &[
            ("field", TEXT, true),
            ("code", TEXT, false),
            ("date", DATE, true),
        ],
        returns: "boolean",
    },
    Function {
        name: "age_at",
        description: [
            "自一个日期起的周岁数，缺省算到 validAt 当日",
            "Completed years since a date, on a day: by default that of validAt",
        ],
        arguments: &[("date", DATE, false), ("day", DATE, true)],
        returns: "number",
    },
    Function {
        name: "linked",
        description: [
            "另一数据集中有引用本记录的记录满足条件：linked('person', 'household', age_at(birthDate) > 80)",
            "A record of another collection whose reference names this one meets the filter: linked('person', 'household', age_at(birthDate) > 80)",
        ],
        arguments: &[
            ("collection", TEXT, false),
            ("reference", TEXT, false),
            ("filter", BOOLEAN, true),
        ],
        returns: "boolean",
    },
    Function {
        name: "linked_near",
        description: [
            "另一数据集中有记录在若干米之内并满足条件：linked_near('place', 300, name LIKE '%小学')",
            "A record of another collection within so many metres meets the filter: linked_near('place', 300, name LIKE '%小学')",
        ],
        arguments: &[
            ("collection", TEXT, false),
            ("metres", NUMBER, false),
            ("filter", BOOLEAN, true),
        ],
        returns: "boolean",
    },
];

/// The list in OGC's form. Arguments that may be left out say so.
pub fn list() -> Value {
    let functions: Vec<Value> = FUNCTIONS
        .iter()
        .map(|function| {
            let arguments = function.arguments.iter().map(|(title, kinds, optional)| {
                let mut argument = json!({ "title": title, "type": kinds });
                if *optional {
                    argument["description"] = json!("可省略 · may be left out");
                }
                argument
            });
            let [zh, en] = function.description;
            json!({
                "name": function.name,
                "description": format!("{zh} · {en}"),
                "args": arguments.collect::<Vec<_>>(),
                "returns": [function.returns],
            })
        })
        .collect();
    json!({ "functions": functions })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cql2_does_not_define_is_listed() {
        const OWN: [&str; 5] = ["and", "or", "not", "between", "in"];
        let defined = |name: &str| {
            OWN.contains(&name)
                || ["like", "isNull", "casei", "accenti", "div"].contains(&name)
                || ["s_", "t_", "a_"]
                    .iter()
                    .any(|prefix| name.starts_with(prefix))
                || !name.starts_with(char::is_alphabetic)
        };
        let unlisted = crate::operators::OPERATORS
            .iter()
            .map(|operator| operator.name)
            .filter(|name| !defined(name))
            .filter(|name| FUNCTIONS.iter().all(|function| function.name != *name));
        assert_eq!(unlisted.collect::<Vec<_>>(), Vec::<&str>::new());
        for function in FUNCTIONS {
            assert!(
                crate::operators::find(function.name).is_some(),
                "{}",
                function.name
            );
        }
        assert_eq!(list()["functions"][0]["name"], "text_match");
    }
}
