//! Every embedded file parses; every kind of mistake is refused with its file and line.

use std::fs;
use std::path::Path;

use record::{Problem, prose};

use super::*;

fn embedded() -> Catalog {
    Catalog::embedded().unwrap_or_else(|error| panic!("{error}"))
}

/// A small, sound folder of schemas; each case below breaks one file of it.
const SOUND: [(&str, &str); 6] = [
    (
        "departments.toml",
        "housing = { zh = \"住建局\", en = \"Housing\" }\nland = { zh = \"自然资源局\", en = \"Land\" }\n",
    ),
    (
        "responsibility.toml",
        "[building]\nresponsible = \"housing\"\nothers = [\"land\"]\nupdate_cycle = \"daily\"\n\
         fields.use = { responsible = \"land\", others = [\"housing\"] }\n",
    ),
    (
        "problems.toml",
        "[not-found]\nhttp = 404\nzh = \"找不到{value}\"\nen = \"no {value}\"\n",
    ),
    (
        "codelists/use.csv",
        "code,name_zh,name_en,parent,valid_from,valid_to,note\n1,住宅,,,,,\n2,商铺,,1,2001,2010-05,\n",
    ),
    (
        "spatial/building.toml",
        r#"collection = "building"
register = "spatial"
label = { zh = "楼", en = "Building" }
description = { zh = "楼", en = "Buildings" }
key = ["code"]
title = "code"

[[field]]
name = "code"
label = { zh = "编码", en = "Code" }
type = "text"
required = true

[[field]]
name = "use"
label = { zh = "用途", en = "Use" }
type = "code"
codelist = "use"

[[field]]
name = "annexOf"
label = { zh = "主楼", en = "Annex of" }
type = "reference"
target = "building"

[[field]]
name = "mainUse"
label = { zh = "主楼用途", en = "Use of the main building" }
type = "code"
codelist = "use"
derived = { through = ["annexOf"], field = "use" }
"#,
    ),
    (
        "spatial/sources/buildings.toml",
        r#"source = "buildings"
label = { zh = "楼", en = "Buildings" }
collection = "building"
department = "housing"
format = "csv"

[[column]]
header = "code"
field = "code"

[[column]]
header = "use"
field = "use"
codes = { "房" = "1" }
"#,
    ),
];

fn write(root: &Path, files: &[(&str, &str)]) {
    for (path, text) in files {
        let path = root.join(path);
        fs::create_dir_all(path.parent().expect("inside a folder")).expect("a folder");
        fs::write(path, text).expect("a file");
    }
}

/// The mistake found when `from` in `file` of the sound folder is replaced by `to`.
fn broken(file: &str, from: &str, to: &str) -> SchemaError {
    let folder = tempfile::tempdir().expect("a folder");
    write(folder.path(), &SOUND);
    let path = folder.path().join(file);
    let text = fs::read_to_string(&path).expect("the file");
    assert!(text.contains(from), "{file} has no {from}");
    fs::write(&path, text.replacen(from, to, 1)).expect("the file");
    match Catalog::from_dir(folder.path()) {
        Ok(_) => panic!("{file} with {to} instead of {from} was accepted"),
        Err(error) => error,
    }
}

#[test]
fn what_the_binary_holds_is_sound() {
    let catalog = embedded();
    let names: Vec<&str> = catalog
        .collections
        .iter()
        .map(|collection| collection.name.as_str())
        .collect();
    let expected = [
        "household",
        "person",
        "organization",
        "address",
        "building",
        "division",
        "place",
        "road",
        "indicator",
        "observation",
    ];
    assert_eq!(names, expected);
    assert_eq!(catalog.register("spatial").count(), 5);
    assert_eq!(catalog.codelists["ethnic-group"].entries.len(), 56);
    assert_eq!(catalog.codelists["industry"].entries.len(), 1971);
    assert_eq!(catalog.codelists["legal-form"].entries.len(), 36);
    for source in [
        "nbs-villages",
        "mca-counties",
        "district-boundaries",
        "province-gdp",
    ] {
        assert!(catalog.source(source).is_some(), "{source}");
    }
}

#[test]
fn fields_are_found_by_name_and_number() {
    let catalog = embedded();
    let person = catalog.collection("person").expect("persons");
    let (number, field) = person.field("division").expect("a field");
    assert_eq!((person.division, field.number), (Some(number), number));
    assert!(!field.is_given() && field.search.exact && field.search.column);
    let derived = field.derived.as_ref().expect("derived");
    let through: Vec<&str> = derived
        .through
        .iter()
        .map(|number| person.at(*number).name.as_str())
        .collect();
    assert_eq!(through, ["currentAddress", "registeredAddress"]);
    assert_eq!(
        person.sensitivity,
        Sensitivity::Restricted,
        "the most of its fields"
    );
    assert_eq!(
        person.single_key().map(|key| key.name.as_str()),
        Some("identityNumber")
    );
    assert!(person.field("nothing").is_none());
}

#[test]
fn code_lists_are_searched_by_code_name_and_ancestry() {
    let catalog = embedded();
    let industry = &catalog.codelists["industry"];
    let up: Vec<&str> = industry
        .ancestors("0111")
        .map(|entry| entry.code.as_str())
        .collect();
    assert_eq!(up, ["0111", "011", "01", "A"]);
    let sex = &catalog.codelists["sex"];
    assert_eq!(
        sex.by_name("男性").map(|entry| entry.code.as_str()),
        Some("1")
    );
    assert!(sex.get("3").is_none());
}

#[test]
fn departments_have_their_place_field_by_field() {
    let catalog = embedded();
    let person = catalog.collection("person").expect("persons");
    let rank = |field: &str, department: &str| {
        let (_, field) = person.field(field).expect("a field");
        field.authority.rank(department)
    };
    assert_eq!(rank("name", "public-security"), Some(0));
    assert_eq!(rank("name", "civil-affairs"), Some(1));
    assert_eq!(rank("maritalStatus", "civil-affairs"), Some(0));
    assert_eq!(rank("maritalStatus", "public-security"), Some(1));
    assert_eq!(rank("name", "statistics"), None);
    assert_eq!(person.authority.update_cycle, UpdateCycle::Daily);
    assert!(UpdateCycle::Daily.is_overdue(Some(2)) && !UpdateCycle::Daily.is_overdue(Some(1)));
    assert!(UpdateCycle::Annual.is_overdue(None) && !UpdateCycle::Irregular.is_overdue(None));
}

#[test]
fn a_sound_folder_is_read() {
    let folder = tempfile::tempdir().expect("a folder");
    write(folder.path(), &SOUND);
    write(
        folder.path(),
        &[
            ("README.md", "not read"),
            ("access/clerk.toml", "not = \"ours\""),
        ],
    );
    let catalog = Catalog::from_dir(folder.path()).unwrap_or_else(|error| panic!("{error}"));
    let source = catalog.source("buildings").expect("the source");
    assert_eq!(source.columns[1].codes["房"], "1");
    assert_eq!(source.delimiter, b',');
    let list = &catalog.codelists["use"];
    let ended = list
        .get("2")
        .and_then(|entry| entry.valid_to)
        .expect("an end");
    assert_eq!(ended.to_string(), "2010-05");
}

const BUILDING: &str = "spatial/building.toml";
const SOURCE: &str = "spatial/sources/buildings.toml";
const ANSWERS: &str = "responsibility.toml";
const LIST: &str = "codelists/use.csv";

/// File, what is replaced, by what, the line at fault, and a part of what is said of it.
#[rustfmt::skip]
const MISTAKES: [(&str, &str, &str, usize, &str); 44] = [
    (BUILDING, "title = \"code\"", "titel = \"code\"", 6, "titel"),
    (BUILDING, "title = \"code\"", "title = \"nome\"", 6, "no field 'nome'"),
    (BUILDING, "\"building\"\nregister", "\"bilding\"\nregister", 1, "the file's name"),
    (BUILDING, "[\"code\"]", "[\"mainUse\"]", 5, "given by sources"),
    (BUILDING, "type = \"text\"", "type = \"string\"", 11, "text, code"),
    (BUILDING, "required = true", "required = \"yes\"", 12, "boolean"),
    (BUILDING, "name = \"use\"", "name = \"code\"", 15, "'code' occurs twice"),
    (BUILDING, "codelist = \"use\"", "codelist = \"uses\"", 18, "no code list 'uses'"),
    (BUILDING, "codelist = \"use\"\n", "", 17, "codelist"),
    (BUILDING, "target = \"building\"", "target = \"house\"", 24, "no collection 'house'"),
    (BUILDING, "field = \"use\"", "field = \"usage\"", 31, "a field of 'building'"),
    (BUILDING, "[\"annexOf\"]", "[\"use\"]", 31, "reference"),
    (BUILDING, "[\"annexOf\"]", "[\"anexOf\"]", 31, "no field 'anexOf'"),
    (BUILDING, "required = true", "search = [\"fuzzy\"]", 12, "exact, text or column"),
    (SOURCE, "header = \"code\"", "haeder = \"code\"", 8, "haeder"),
    (SOURCE, "field = \"use\"", "field = \"usage\"", 13, "code, use, annexOf"),
    (SOURCE, "field = \"use\"", "field = \"mainUse\"", 13, "neither derived nor computed"),
    (SOURCE, "field = \"use\"", "field = \"code\"", 13, "'code' occurs twice"),
    (SOURCE, "header = \"use\"", "header = \"code\"", 12, "'code' occurs twice"),
    (SOURCE, "\"房\" = \"1\"", "\"房\" = \"9\"", 14, "a code of the field's code list"),
    (SOURCE, "codes =", "factor = \"10\"\n#", 14, "integer or decimal"),
    (SOURCE, "format = \"csv\"", "format = \"xls\"", 5, "xls"),
    (SOURCE, "format = \"csv\"", "format = \"json\"", 1, "rows"),
    (SOURCE, "format = \"csv\"", "format = \"csv\"\ncrs = \"Beijing54\"", 6, "CGCS2000"),
    (SOURCE, "format = \"csv\"", "format = \"csv\"\ndate_formats = [\"%y\"]", 6, "%Y"),
    (SOURCE, "field = \"code\"", "field = \"annexOf\"", 3, "key field 'code'"),
    (SOURCE, "collection = \"building\"", "collection = \"house\"", 3, "no collection"),
    (SOURCE, "= \"housing\"", "= \"houses\"", 4, "expected one of housing"),
    (LIST, "code,name_zh", "code;name_zh", 1, "name_zh"),
    (LIST, "2,商铺", "1,商铺", 3, "'1' occurs twice"),
    (LIST, ",1,2001", ",7,2001", 3, "no parent code '7'"),
    (LIST, "住宅,,,", "住宅,,2,", 2, "does not lie below"),
    (LIST, "2010-05", "2010-13", 3, "2010-13"),
    (LIST, "2010-05", "1999", 3, "after valid_from"),
    (ANSWERS, "= \"housing\"", "= \"houses\"", 2, "no department 'houses'"),
    (ANSWERS, "[\"land\"]", "[\"lands\"]", 3, "no department 'lands'"),
    (ANSWERS, "[\"land\"]", "[\"land\", \"housing\"]", 3, "'housing' occurs twice"),
    (ANSWERS, "\"daily\"", "\"sometimes\"", 4, "daily"),
    (ANSWERS, "fields.use", "fields.usage", 5, "no field 'usage'"),
    (ANSWERS, "fields.use = {", "fields.use = { cycle = 1,", 5, "cycle"),
    (ANSWERS, "[building]", "[bilding]", 0, "no collection 'building'"),
    (ANSWERS, "[building]", "[bilding]\nresponsible = \"land\"\nupdate_cycle = \"daily\"\n[building]", 1, "no collection 'bilding'"),
    ("problems.toml", "http = 404", "http = 200", 1, "400 to 599"),
    ("problems.toml", "{value}", "{values}", 1, "'values'"),
];

#[test]
fn mistakes_are_refused_with_their_line() {
    for (file, from, to, line, text) in MISTAKES {
        let error = broken(file, from, to);
        let all = error.to_string();
        assert!(all.starts_with(&format!("{file}:{line}: ")), "{to}: {all}");
        assert!(all.contains(text), "{to}: {all}");
    }
}

#[test]
fn rules_of_suspicion_are_read_and_checked() {
    let person = embedded();
    let person = person.collection("person").expect("persons");
    let rule = &person.matches[0];
    let names: Vec<&str> = rule
        .fields
        .iter()
        .map(|number| person.at(*number).name.as_str())
        .collect();
    assert_eq!(
        (rule.name.as_str(), names.join(" ")),
        ("same-person", "name birthDate sex".into())
    );
    for (name, fields, line, text) in [
        ("a", "\"uses\"", 36, "no field 'uses'"),
        ("a", "\"mainUse\"", 36, "given by sources"),
        ("a", "\"use\", \"use\"", 36, "'use' occurs twice"),
        ("a", "\"use\"", 34, "a text that is searched"),
        ("a", "", 34, "a text that is searched"),
    ] {
        let rule = format!(
            "field = \"use\" }}\n\n[[match]]\nname = \"{name}\"\nlabel = {{ zh = \"同\", en = \"same\" }}\nfields = [{fields}]\n"
        );
        let error = broken(BUILDING, "field = \"use\" }", &rule);
        assert_eq!(
            (error.file.as_str(), error.line),
            (BUILDING, line),
            "{error}"
        );
        assert!(error.to_string().contains(text), "{error}");
    }
    // The key alone can never be shared.
    let whole = "required = true\nsearch = [\"exact\"]\n[[match]]\nname = \"k\"\nlabel = { zh = \"同\", en = \"same\" }\nfields = [\"code\"]\n";
    let error = broken(BUILDING, "required = true\n", whole);
    assert_eq!(error.line, 15, "{error}");
    assert!(error.to_string().contains("not the whole key"), "{error}");
}

#[test]
fn a_file_out_of_place_is_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    write(folder.path(), &SOUND);
    write(folder.path(), &[("spatial/more/road.toml", "")]);
    let error = Catalog::from_dir(folder.path()).expect_err("a file that nobody would read");
    assert_eq!(
        (error.file.as_str(), error.line),
        ("spatial/more/road.toml", 0)
    );
}

#[test]
fn every_problem_named_elsewhere_has_its_text() {
    let problems = embedded().problems;
    for code in ROW_PROBLEMS.split_whitespace() {
        assert!(
            problems.get(code).is_some_and(|entry| entry.http.is_none()),
            "{code}"
        );
    }
    for code in REQUEST_PROBLEMS.split_whitespace() {
        assert!(
            problems.get(code).is_some_and(|entry| entry.http.is_some()),
            "{code}"
        );
    }
}

const ROW_PROBLEMS: &str = "missing-value not-a-number not-a-date no-such-day code-unknown \
    identity-number-form identity-number-check identity-number-region \
    identity-number-birth-date identity-number-sex credit-code-form credit-code-check \
    organization-code-check credit-code-pair business-number-check lei-check geometry-invalid \
    geometry-outside-division coordinate-range coordinate-outside-division division-unknown \
    reference-unresolved duplicate-key undecodable unclosed-quote column-count too-long \
    quarantined not-responsible date-order period-form key-missing text-control-character synthetic-refused";

const REQUEST_PROBLEMS: &str = "unknown-parameter bad-parameter unknown-field filter-syntax \
    not-found collection-not-found limit-exceeded time-limit bad-cursor body-too-large \
    method-not-allowed not-ready internal bad-body";

#[test]
fn problems_speak_both_languages() {
    let problems = embedded().problems;
    for (code, entry) in &problems.by_code {
        assert!(
            entry.zh.ends_with('。') && entry.en.ends_with('.'),
            "{code}"
        );
    }
    let expected = prose!("日期", "a date");
    let problem = Problem::new("not-a-date", "birthDate", "{line}", expected);
    let text = problems.text_with(&problem, "出生日期", "Date of birth", 7);
    assert_eq!(text.zh, "「出生日期」的值“{line}”不是日期，应写作：日期。");
    assert_eq!(
        text.en,
        "Date of birth is '{line}', which is not a date; expected a date."
    );
    assert_eq!(problems.status("unknown-field"), 400);
    let unknown = problems.text(&Problem::new("no-such-code", "", "x", ""));
    assert_eq!(unknown.en, "no-such-code: x");
}

#[test]
fn problems_of_identity_numbers_do_not_repeat_them() {
    let problems = embedded().problems;
    for (code, entry) in &problems.by_code {
        if code.starts_with("identity-number-") {
            assert!(
                !entry.zh.contains("{value}") && !entry.en.contains("{value}"),
                "{code}"
            );
        }
    }
}

#[test]
fn json_schemas_name_types_labels_and_codes() {
    let catalog = embedded();
    let person = catalog.collection("person").expect("persons");
    let schema = json_schema(person);
    assert_eq!(
        schema["required"],
        serde_json::json!(["identityNumber", "name"])
    );
    let sex = &schema["properties"]["sex"];
    assert_eq!(sex["oneOf"][1]["const"], "1");
    assert_eq!(sex["oneOf"][1]["title"], "男性");
    assert_eq!(
        schema["properties"]["formerNames"]["items"]["type"],
        "string"
    );
    assert_eq!(
        schema["properties"]["location"]["x-ogc-role"],
        "primary-geometry"
    );
    assert_eq!(schema["properties"]["location"]["readOnly"], true);
    let organization = catalog.collection("organization").expect("organizations");
    let industry = &json_schema(organization)["properties"]["industry"];
    assert_eq!(industry["x-codelist"], "industry");
    assert!(
        industry.get("oneOf").is_none(),
        "1,971 codes are not spelled out"
    );
    let address = catalog.collection("address").expect("addresses");
    let queryable = &queryables(address)["properties"];
    assert!(queryable.get("text").is_some() && queryable.get("room").is_none());
}

#[test]
fn quarantine_reaches_into_the_last_year() {
    let catalog = embedded();
    let gdp = catalog.source("province-gdp").expect("the source");
    let quarantine = &gdp.quarantine[0];
    for (period, set_aside) in [
        ("2009", false),
        ("2010", true),
        ("2017-Q4", true),
        ("2018", false),
    ] {
        assert_eq!(quarantine.applies(period), set_aside, "{period}");
    }
}
