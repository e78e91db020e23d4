//! What is written can be read back, in both syntaxes, and says what the schemas say.

use std::collections::HashSet;

use oxjsonld::JsonLdParser;
use oxrdf::{Term, Triple};
use oxttl::TurtleParser;
use schema::Catalog;

use super::*;

fn catalog() -> Catalog {
    Catalog::embedded().expect("schemas")
}

fn written(extent: Extent, syntax: Syntax) -> Vec<u8> {
    let catalog = catalog();
    let desk = catalog.desk.clone().expect("a desk");
    let graph = graph(&catalog, &desk, "http://127.0.0.1:8080", extent);
    graph.written(syntax).expect("text")
}

fn read(extent: Extent, syntax: Syntax) -> HashSet<Triple> {
    let text = written(extent, syntax);
    match syntax {
        Syntax::Turtle => {
            let all = TurtleParser::new().for_slice(&text);
            all.map(|one| one.expect("a triple")).collect()
        }
        Syntax::JsonLd => {
            let all = JsonLdParser::new().for_slice(&text);
            let triple = |quad: oxrdf::Quad| Triple::new(quad.subject, quad.predicate, quad.object);
            all.map(|one| triple(one.expect("a quad"))).collect()
        }
    }
}

/// How many things are of a class.
fn count(all: &HashSet<Triple>, class: &str) -> usize {
    let class = Term::NamedNode(oxrdf::NamedNode::new_unchecked(class));
    all.iter().filter(|one| one.object == class).count()
}

#[test]
fn both_syntaxes_say_the_same() {
    for extent in [Extent::Everything, Extent::Open] {
        let turtle = read(extent, Syntax::Turtle);
        assert!(turtle.len() > 100, "{}", turtle.len());
        assert_eq!(turtle, read(extent, Syntax::JsonLd));
    }
}

#[test]
fn each_collection_and_each_open_resource_is_a_dataset() {
    let catalog = catalog();
    let (shared, open) = (catalog.sharing.len(), catalog.open.resources.len());
    assert!(shared == catalog.collections.len() && open > 0);
    let all = read(Extent::Everything, Syntax::Turtle);
    assert_eq!(count(&all, &dcat("Dataset")), shared + open);
    assert_eq!(count(&all, &dcat("DataService")), 1);
    let public = read(Extent::Open, Syntax::Turtle);
    assert_eq!(count(&public, &dcat("Dataset")), open);
    // The public hears nothing of what is not published.
    let text = String::from_utf8(written(Extent::Open, Syntax::Turtle)).expect("UTF-8");
    assert!(!text.contains("/catalog/resources/") && !text.contains("RESTRICTED> ;\n\tdcat"));
}

#[test]
fn whatever_a_property_leads_to_here_has_a_class() {
    let all = read(Extent::Everything, Syntax::Turtle);
    let typed: HashSet<String> = all
        .iter()
        .filter(|one| one.predicate.as_str().ends_with("#type"))
        .map(|one| one.subject.to_string())
        .collect();
    for one in &all {
        if let Term::NamedNode(node) = &one.object
            && !one.predicate.as_str().ends_with("#type")
        {
            assert!(typed.contains(&node.to_string()), "{one}");
        }
    }
}
