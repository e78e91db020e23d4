//! What a filter means before the links in it are followed: predicates over one collection, and
//! conditions on the records that they refer to, or that refer to them.

use record::{CompactString, Predicate};

/// A condition on the records of one collection.
#[derive(Clone, Debug, PartialEq)]
pub enum Condition {
    /// The store answers it.
    Is(Predicate),
    /// All hold.
    All(Vec<Condition>),
    /// At least one holds.
    Any(Vec<Condition>),
    /// It does not hold: the plain complement of what is never unknown.
    Not(Box<Condition>),
    /// A condition on linked records.
    Link(Box<Link>),
}

/// From the records of a collection to others, and what must hold there.
#[derive(Clone, Debug, PartialEq)]
pub struct Link {
    /// The way.
    pub step: Step,
    /// What must hold of the record, or of one of the records, at its end.
    pub inner: Condition,
}

/// A way between records.
#[derive(Clone, Debug, PartialEq)]
pub enum Step {
    /// To the one record that a reference names. Where it names none, conditions are unknown.
    To {
        /// The reference.
        field: CompactString,
        /// The collection it refers to.
        collection: String,
    },
    /// To all records of a collection whose reference names this one.
    From {
        /// The collection.
        collection: String,
        /// Its reference.
        field: CompactString,
    },
    /// To all records of a collection within a distance.
    Near {
        /// The collection.
        collection: String,
        /// Metres.
        metres: f64,
        /// The location of the records from which one goes.
        location: CompactString,
    },
}

impl Step {
    /// The collection at the end of the way.
    pub fn collection(&self) -> &str {
        match self {
            Step::To { collection, .. }
            | Step::From { collection, .. }
            | Step::Near { collection, .. } => collection,
        }
    }
}

impl From<Predicate> for Condition {
    fn from(predicate: Predicate) -> Condition {
        Condition::Is(predicate)
    }
}

impl Condition {
    /// Every record.
    pub const ALL: Condition = Condition::Is(Predicate::All);

    /// A condition on linked records.
    pub fn link(step: Step, inner: Condition) -> Condition {
        Condition::Link(Box::new(Link { step, inner }))
    }

    /// Never, or always.
    pub fn constant(holds: bool) -> Condition {
        Condition::Is(if holds {
            Predicate::All
        } else {
            Predicate::Not(Box::new(Predicate::All))
        })
    }

    /// All hold. What the store answers becomes one predicate.
    pub fn all(all: Vec<Condition>) -> Condition {
        let mut plain = Predicate::All;
        let mut others = Vec::new();
        for one in all {
            match one {
                Condition::Is(predicate) => plain = plain.and(predicate),
                Condition::All(nested) => others.extend(nested),
                other => others.push(other),
            }
        }
        if others.is_empty() {
            return Condition::Is(plain);
        }
        if plain != Predicate::All {
            others.insert(0, Condition::Is(plain));
        }
        if others.len() == 1 {
            return others.remove(0);
        }
        Condition::All(others)
    }

    /// At least one holds.
    pub fn any(any: Vec<Condition>) -> Condition {
        let plain: Option<Vec<Predicate>> = any
            .iter()
            .map(|one| match one {
                Condition::Is(predicate) => Some(predicate.clone()),
                _ => None,
            })
            .collect();
        match plain {
            Some(mut plain) if plain.len() == 1 => Condition::Is(plain.remove(0)),
            Some(plain) => Condition::Is(Predicate::Or(plain)),
            None => Condition::Any(any),
        }
    }

    /// Both hold.
    #[must_use]
    pub fn and(self, other: Condition) -> Condition {
        Condition::all(vec![self, other])
    }

    /// The predicate, where no link is followed.
    pub fn predicate(&self) -> Option<&Predicate> {
        match self {
            Condition::Is(predicate) => Some(predicate),
            _ => None,
        }
    }

    /// Calls `each` with every predicate and the collection whose records it is about.
    pub fn visit<'a>(&'a self, collection: &'a str, each: &mut dyn FnMut(&'a str, &'a Predicate)) {
        match self {
            Condition::Is(predicate) => each(collection, predicate),
            Condition::All(several) | Condition::Any(several) => {
                several.iter().for_each(|one| one.visit(collection, each));
            }
            Condition::Not(one) => one.visit(collection, each),
            Condition::Link(link) => link.inner.visit(link.step.collection(), each),
        }
    }
}
