//! Files of the rules with a mistake are refused with their line.

use access::Rules;
use schema::{Catalog, SchemaFile};

/// The mistake of a role's file.
fn mistake(text: &str) -> String {
    let mut catalog = Catalog::embedded().expect("schemas");
    let mut files = (*catalog.access).clone();
    files.retain(|file| !file.path.starts_with("access/roles/"));
    files.push(SchemaFile {
        path: "access/roles/one.toml".to_string(),
        text: format!("label = {{ zh = \"一\", en = \"one\" }}\n{text}"),
    });
    catalog.access = files.into();
    match Rules::of(&catalog) {
        Ok(_) => "none".to_string(),
        Err(error) => error.to_string(),
    }
}

#[test]
fn mistakes_name_their_line() {
    let person = "[collections.person]\nverbs = [\"read\"]\n";
    let cases = [
        (
            "verbs = [\"reed\"]".to_string(),
            "one.toml:2: there is no verb 'reed'",
        ),
        (
            "verbs = [\"read\"]".to_string(),
            "one.toml:2: verb 'read': expected a verb that is not done with records",
        ),
        (
            "purposes = [\"fun\"]".to_string(),
            "one.toml:2: there is no purpose 'fun'",
        ),
        (
            "[collections.persons]\nverbs = []".to_string(),
            "one.toml:2: there is no collection 'persons'",
        ),
        (
            format!("{person}fields.nmae = \"full\""),
            "one.toml:4: there is no field 'nmae'",
        ),
        (
            format!("{person}fields.name = \"ful\""),
            "one.toml:4: there is no form 'ful'",
        ),
        (
            format!("{person}fields.sex = \"year\""),
            "one.toml:4: mask 'year': expected a mask for values of the type code",
        ),
        (
            format!("{person}fields.household = \"full\""),
            "one.toml:4: form 'full': expected hidden: it names records of 'household'",
        ),
        (
            format!("{person}fields.addressText = \"district\""),
            "one.toml:4: form 'district': expected hidden, or the field named in 'released': it comes from 'currentAddress'",
        ),
        (
            format!("{person}rows.division = \"mine\""),
            "one.toml:4: division 'mine': expected own",
        ),
        (
            format!("{person}rows.conditions = [{{ field = \"sex\", is = [\"7\"] }}]"),
            "one.toml:4: field 'sex': expected codes of the list sex, and not '7'",
        ),
        (
            format!("{person}colour = 1"),
            "one.toml:4: unknown field `colour`",
        ),
        (format!("{person}fields.name = \"full\""), "none"),
    ];
    for (text, expected) in cases {
        let found = mistake(&text);
        assert!(found.contains(expected), "{text}\n  {found}\n  {expected}");
    }
}

#[test]
fn every_route_has_its_need() {
    let catalog = Catalog::embedded().expect("schemas");
    let rules = Rules::of(&catalog).expect("rules");
    for route in server::routes::TABLE {
        let method = route.method.to_ascii_uppercase();
        assert!(
            rules.routes.need(&method, route.path).is_some(),
            "{method} {}",
            route.path
        );
    }
}
