//! A graph in the order in which it was told, each triple once.

use std::collections::HashSet;
use std::io;

use oxjsonld::JsonLdSerializer;
use oxrdf::vocab::{rdf, xsd};
use oxrdf::{GraphName, Literal, NamedNode, Quad, Term, Triple};
use oxttl::TurtleSerializer;

use super::terms::PREFIXES;

/// In which syntax a graph is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Syntax {
    /// Turtle (RDF 1.1).
    Turtle,
    /// JSON-LD 1.1.
    JsonLd,
}

/// A graph.
#[derive(Clone, Debug, Default)]
pub struct Graph {
    /// By the subject, in the order in which subjects were first told of.
    subjects: Vec<NamedNode>,
    known: HashSet<Triple>,
    triples: Vec<Triple>,
}

impl Graph {
    /// All triples, those of one subject together.
    pub fn triples(&self) -> impl Iterator<Item = &Triple> {
        self.subjects.iter().flat_map(|subject| {
            let of = move |one: &&Triple| one.subject == subject.clone().into();
            self.triples.iter().filter(of)
        })
    }

    fn tell(&mut self, subject: &str, property: &str, object: impl Into<Term>) {
        // Addresses are made here of names that the schemas allow; spaces and the like never occur.
        let subject = NamedNode::new_unchecked(subject);
        let triple = Triple::new(
            subject.clone(),
            NamedNode::new_unchecked(property),
            object.into(),
        );
        if !self.known.insert(triple.clone()) {
            return;
        }
        if !self.subjects.contains(&subject) {
            self.subjects.push(subject);
        }
        self.triples.push(triple);
    }

    /// Something is of a class.
    pub fn is_a(&mut self, subject: &str, class: &str) {
        let class = NamedNode::new_unchecked(class);
        self.tell(subject, rdf::TYPE.as_str(), class);
    }

    /// A property leads to something.
    pub fn leads(&mut self, subject: &str, property: &str, object: &str) {
        self.tell(subject, property, NamedNode::new_unchecked(object));
    }

    /// A property has a text.
    pub fn says(&mut self, subject: &str, property: &str, text: &str) {
        self.tell(subject, property, Literal::new_simple_literal(text));
    }

    /// A property has a text in a language.
    pub fn says_in(&mut self, subject: &str, property: &str, text: &str, language: &str) {
        let literal = Literal::new_language_tagged_literal_unchecked(text, language);
        self.tell(subject, property, literal);
    }

    /// A property has a day.
    pub fn day(&mut self, subject: &str, property: &str, day: &str) {
        self.tell(
            subject,
            property,
            Literal::new_typed_literal(day, xsd::DATE),
        );
    }

    /// The graph as text.
    ///
    /// # Errors
    ///
    /// A prefix or a node is no IRI: a mistake of this crate.
    pub fn written(&self, syntax: Syntax) -> io::Result<Vec<u8>> {
        let wrong = |reason: &dyn std::fmt::Display| io::Error::other(reason.to_string());
        match syntax {
            Syntax::Turtle => {
                let mut serializer = TurtleSerializer::new();
                for (name, address) in PREFIXES {
                    serializer = serializer
                        .with_prefix(name, address)
                        .map_err(|reason| wrong(&reason))?;
                }
                let mut writer = serializer.for_writer(Vec::new());
                for triple in self.triples() {
                    writer.serialize_triple(triple)?;
                }
                writer.finish()
            }
            Syntax::JsonLd => {
                let mut serializer = JsonLdSerializer::new();
                for (name, address) in PREFIXES {
                    serializer = serializer
                        .with_prefix(name, address)
                        .map_err(|reason| wrong(&reason))?;
                }
                let mut writer = serializer.for_writer(Vec::new());
                for triple in self.triples() {
                    let Triple {
                        subject,
                        predicate,
                        object,
                    } = triple.clone();
                    let graph = GraphName::DefaultGraph;
                    writer.serialize_quad(&Quad::new(subject, predicate, object, graph))?;
                }
                writer.finish()
            }
        }
    }
}
