//! Every role with every collection, field and route, as the policy's files say: what is made of the
//! files is asked through the router, so that a new field, route or role is tested without an edit.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use access::policy::{Entry, Need, Role};
use access::{Form, Rules, Verb};
use register::Store;
use schema::{Catalog, Collection, Field, FieldType};
use serde_json::{Value, json};

use super::slices::{City, DISTRICT, city};
use super::stage::{Answer, escaped};

/// The department of every caller here.
const DEPARTMENT: &str = "public-security";

/// A role, and what it sees of each collection.
struct Seeing<'a> {
    role: &'a Role,
    key: String,
    purpose: Vec<(&'static str, &'static str)>,
    entries: BTreeMap<&'a str, &'a Entry>,
}

fn each(test: impl Fn(&City, &Catalog, &Rules, &Seeing<'_>)) {
    let city = city();
    let catalog = city.store.catalog().clone();
    let rules = Rules::of(&catalog).expect("rules");
    for role in rules.roles.values() {
        let name = format!("matrix-{}-{:x}", role.name, std::process::id());
        let name = format!(
            "{name}-{}",
            NEXT.fetch_add(1, std::sync::atomic::Ordering::Relaxed)
        );
        let more = json!({ "division": DISTRICT, "department": DEPARTMENT });
        let key = city.stage.caller(&name, &[&role.name], more);
        let entries = role.collections.iter().filter(|(name, entry)| {
            let collection = catalog.collection(name).expect("a collection");
            let fields = collection.fields.iter().map(|field| &field.authority);
            let mut all = std::iter::once(&collection.authority).chain(fields);
            !entry.own_department || all.any(|one| one.rank(DEPARTMENT).is_some())
        });
        let purpose = ["emergency", "statistics", "supervision", "data-quality"];
        let purpose = purpose.into_iter().find(|one| role.purposes.contains(*one));
        let seeing = Seeing {
            role,
            key,
            purpose: purpose
                .map(|one| ("jiku-purpose", one))
                .into_iter()
                .collect(),
            entries: entries
                .map(|(name, entry)| (name.as_str(), entry))
                .collect(),
        };
        test(city, &catalog, &rules, &seeing);
    }
}

static NEXT: std::sync::atomic::AtomicUsize = std::sync::atomic::AtomicUsize::new(0);

impl Seeing<'_> {
    fn send(&self, city: &City, method: &str, path: &str, body: &str) -> Answer {
        city.stage
            .send(&self.key, method, path, &self.purpose, body)
    }

    fn get(&self, city: &City, path: &str) -> Answer {
        self.send(city, "GET", path, "")
    }

    fn may(&self, verb: Verb, collection: Option<&str>) -> bool {
        match (verb.is_of_collections(), collection) {
            (false, _) => self.role.verbs.contains(&verb),
            (true, Some(name)) => self
                .entries
                .get(name)
                .is_some_and(|one| one.verbs.contains(&verb)),
            (true, None) => self.entries.values().any(|one| one.verbs.contains(&verb)),
        }
    }

    /// In which form a field is seen: a reference to what is not there is not there either.
    fn form(&self, collection: &Collection, field: &Field) -> Form {
        let Some(entry) = self.entries.get(collection.name.as_str()) else {
            return Form::Hidden;
        };
        match field.target() {
            Some(target) if !self.entries.contains_key(target) => Form::Hidden,
            _ => entry.forms[usize::from(field.number)].clone(),
        }
    }
}

fn code(answer: &Answer) -> String {
    answer.json()["code"]
        .as_str()
        .unwrap_or_default()
        .to_string()
}

/// An address of a route, with things that exist.
fn address(template: &str, collection: &str, id: &str) -> String {
    let values = [
        ("{collection}", collection),
        ("{id}", id),
        ("{set}", "WebMercatorQuad"),
        ("{matrix}", "0"),
        ("{row}", "0"),
        ("{column}", "0"),
        ("{load}", "L1"),
        ("{source}", "synth-persons"),
    ];
    let filled = values
        .iter()
        .fold(template.to_string(), |path, (name, value)| {
            path.replace(name, value)
        });
    match template {
        "/search" | "/suggest" => format!("{filled}?q=%E7%8E%8B"),
        _ => filled,
    }
}

#[test]
fn every_route_is_open_to_whom_the_files_say() {
    each(|city, catalog, rules, seeing| {
        for route in server::routes::TABLE {
            let method = route.method.to_ascii_uppercase();
            let need = rules.routes.need(&method, route.path).expect("a need");
            let is_of_collection = route.path.contains("{collection}");
            let collections: Vec<&str> = if is_of_collection {
                catalog
                    .collections
                    .iter()
                    .map(|one| one.name.as_str())
                    .collect()
            } else {
                vec![""]
            };
            for name in collections {
                let path = address(route.path, name, "P000000018");
                let body = if method == "POST" { "{}" } else { "" };
                let answer = seeing.send(city, &method, &path, body);
                let named = is_of_collection.then_some(name);
                let is_known = named.is_none_or(|name| seeing.entries.contains_key(name));
                let may = match need {
                    Need::Open => true,
                    Need::OneOf(verbs) => verbs.iter().any(|verb| {
                        let unknown = verb.is_of_collections() && !is_known;
                        unknown || seeing.may(*verb, named)
                    }),
                };
                let asked = format!(
                    "{}: {method} {path}: {} {}",
                    seeing.role.name,
                    answer.status,
                    answer.text()
                );
                assert_ne!(answer.status, 401, "{asked}");
                assert!(
                    answer.status < 500 || code(&answer).ends_with("-absent"),
                    "{asked}"
                );
                if !may {
                    assert_eq!(
                        (answer.status, code(&answer).as_str()),
                        (403, "not-permitted"),
                        "{asked}"
                    );
                } else if !is_known {
                    assert_eq!(
                        (answer.status, code(&answer).as_str()),
                        (404, "collection-not-found"),
                        "{asked}"
                    );
                } else {
                    // Elsewhere a handler may refuse what it is asked for, such as to act for another department.
                    let may_refuse = !is_of_collection;
                    assert!(may_refuse || code(&answer) != "not-permitted", "{asked}");
                }
            }
        }
    });
}

#[test]
fn every_field_is_seen_in_its_form() {
    each(|city, catalog, rules, seeing| {
        for collection in &catalog.collections {
            let name = collection.name.as_str();
            let found = seeing.get(city, &format!("/collections/{name}/items?limit=20"));
            for field in &collection.fields {
                let case = FieldCase {
                    city,
                    rules,
                    seeing,
                    collection,
                    field,
                    found: &found,
                };
                case.check();
            }
        }
    });
}

/// One field, for one role.
struct FieldCase<'a> {
    city: &'a City,
    rules: &'a Rules,
    seeing: &'a Seeing<'a>,
    collection: &'a Collection,
    field: &'a Field,
    /// A page of records.
    found: &'a Answer,
}

impl FieldCase<'_> {
    fn check(&self) {
        let form = self.seeing.form(self.collection, self.field);
        let name = self.collection.name.as_str();
        if !self.seeing.entries.contains_key(name) {
            assert_eq!(self.found.status, 404, "{}: {name}", self.seeing.role.name);
            return;
        }
        self.schema(&form);
        self.answers(&form);
        if form != Form::Full {
            self.questions(&form);
        }
        if self.seeing.may(Verb::History, Some(name)) {
            self.history(&form);
        }
    }

    fn what(&self, of: &str, answer: &Answer) -> String {
        let (role, collection) = (&self.seeing.role.name, &self.collection.name);
        format!(
            "{role} {collection}.{} {of}: {} {}",
            self.field.name,
            answer.status,
            answer.text()
        )
    }

    /// The schemas tell of it exactly where it is shown.
    fn schema(&self, form: &Form) {
        for below in ["schema", "queryables"] {
            let path = format!("/collections/{}/{below}", self.collection.name);
            let answer = self.seeing.get(self.city, &path);
            let is_told = answer.json()["properties"]
                .get(self.field.name.as_str())
                .is_some();
            let can_be_asked = self.field.search.any() || self.field.kind.is_spatial();
            let expected = match below {
                "schema" => form.is_shown(),
                _ => *form == Form::Full && can_be_asked,
            };
            assert_eq!(is_told, expected, "{}", self.what(below, &answer));
        }
    }

    /// The values of a page of features.
    fn values<'v>(&self, page: &'v Value, list: &str) -> Vec<(&'v Value, &'v str)> {
        let features = page[list].as_array().map(Vec::as_slice).unwrap_or_default();
        let value = |feature: &'v Value| {
            (
                &feature["properties"][self.field.name.as_str()],
                feature["id"].as_str().unwrap_or_default(),
            )
        };
        features
            .iter()
            .map(value)
            .filter(|(value, _)| !value.is_null())
            .collect()
    }

    /// Answers hold it in its form and in no other.
    fn answers(&self, form: &Form) {
        if self.found.status != 200 {
            assert!(
                !self.seeing.may(Verb::Read, Some(&self.collection.name)),
                "{}",
                self.what("items", self.found)
            );
            return;
        }
        let page = self.found.json();
        let values = self.values(&page, "features");
        if self.collection.location == Some(self.field.number) && *form != Form::Full {
            let all = page["features"].as_array().expect("features");
            assert!(
                all.iter().all(|one| one["geometry"].is_null()),
                "{}",
                self.what("geometry", self.found)
            );
        }
        match form {
            Form::Hidden | Form::Verify => {
                assert!(values.is_empty(), "{}", self.what("items", self.found))
            }
            Form::Masked(mask) => {
                let mask = &self.rules.masks[mask];
                let whole = self.city.store.view();
                for (value, id) in values {
                    let id = id.parse().expect("an id");
                    let record = whole.versions(&self.collection.name, id).expect("versions");
                    let is_left = record.iter().any(|one| {
                        let body: Value = serde_json::from_str(&one.body).expect("a body");
                        let own = match self.field.kind.is_spatial() {
                            true => body["geometry"].clone(),
                            false => body["properties"][self.field.name.as_str()].clone(),
                        };
                        let mut left = String::new();
                        mask.json(&own.to_string(), &mut left);
                        serde_json::from_str::<Value>(&left).is_ok_and(|left| left == *value)
                    });
                    let bodies: Vec<&str> = record.iter().map(|one| one.body.as_str()).collect();
                    assert!(
                        is_left,
                        "{value} of {bodies:?}: {}",
                        self.what("items", self.found)
                    );
                }
            }
            Form::Full => {}
        }
    }

    /// Nothing can be asked by it: hidden, it is a field that there is not; shown in part, one by which
    /// nothing is searched.
    fn questions(&self, form: &Form) {
        let (from, name) = (self.collection.name.as_str(), self.field.name.as_str());
        let items = format!("/collections/{from}/items?");
        let literal = match self.field.kind {
            FieldType::Date => "DATE('1990-01-01')",
            FieldType::Integer | FieldType::Decimal => "1",
            FieldType::Boolean => "true",
            _ => "'1'",
        };
        let urls = |name: &str| {
            let filter = |text: String| format!("{items}filter={}", escaped(&text));
            vec![
                filter(format!("{name} = {literal}")),
                filter(format!("{name} IN ({literal})")),
                filter(format!("casei({name}) = casei('x')")),
                format!("{items}sortby={name}"),
                format!("{items}{name}=1"),
                format!("/collections/{from}/conflicts?field={name}"),
            ]
        };
        let bodies = |name: &str| {
            [
                json!({ "from": from, "filter": format!("{name} = {literal}") }),
                json!({ "from": from, "group": [name], "measures": ["count"] }),
                json!({ "from": from, "measures": [format!("max:{name}")] }),
                json!({ "from": from, "sort": [name] }),
                json!({ "from": from, "expand": [name] }),
                json!({ "from": from, "select": [format!("{name}.name")] }),
            ]
        };
        let none = "noSuchField";
        let mut pairs: Vec<(Answer, Answer)> = Vec::new();
        for (own, other) in urls(name).into_iter().zip(urls(none)) {
            pairs.push((
                self.seeing.get(self.city, &own),
                self.seeing.get(self.city, &other),
            ));
        }
        for (own, other) in bodies(name).into_iter().zip(bodies(none)) {
            let send = |body: Value| {
                self.seeing
                    .send(self.city, "POST", "/query", &body.to_string())
            };
            pairs.push((send(own), send(other)));
        }
        for (own, other) in pairs {
            let is_conflicts = own.json()["conflicts"].is_array();
            if form.is_shown() {
                assert!(
                    is_conflicts || own.status >= 400,
                    "{}",
                    self.what("asked by", &own)
                );
            } else {
                assert_eq!(
                    (own.status, code(&own)),
                    (other.status, code(&other)),
                    "{}",
                    self.what("asked by", &own)
                );
                assert!(own.status >= 400, "{}", self.what("asked by", &own));
            }
        }
    }

    /// What was said and what was before hold it in its form too.
    fn history(&self, form: &Form) {
        let page = self.found.json();
        let Some(id) = page["features"][0]["id"].as_str() else {
            return;
        };
        let place = format!("/collections/{}/items/{id}", self.collection.name);
        let versions = self.seeing.get(self.city, &format!("{place}/versions"));
        let json = versions.json();
        if !form.is_shown() {
            assert!(
                self.values(&json, "versions").is_empty(),
                "{}",
                self.what("versions", &versions)
            );
        }
        let statements = self.seeing.get(self.city, &format!("{place}/statements"));
        let json = statements.json();
        let all = json["statements"]
            .as_array()
            .map(Vec::as_slice)
            .unwrap_or_default();
        let said = all
            .iter()
            .any(|one| one["fields"].get(self.field.name.as_str()).is_some());
        assert!(
            form.is_shown() || !said,
            "{}",
            self.what("statements", &statements)
        );
    }
}

#[test]
fn the_matrix_reads_so() {
    let mut table = String::new();
    let catalog = Catalog::embedded().expect("schemas");
    let rules = Rules::of(&catalog).expect("rules");
    for role in rules.roles.values() {
        for (name, entry) in &role.collections {
            let collection = catalog.collection(name).expect("a collection");
            let verbs: Vec<&str> = entry.verbs.iter().map(|verb| verb.name()).collect();
            let _ = writeln!(table, "{} {name}: {}", role.name, verbs.join(" "));
            if entry.forms.iter().all(|form| *form == Form::Full) {
                continue;
            }
            for (field, form) in collection.fields.iter().zip(&entry.forms) {
                let _ = writeln!(table, "  {}: {}", field.name, form.name());
            }
        }
    }
    insta::assert_snapshot!("access_matrix", table);
}
