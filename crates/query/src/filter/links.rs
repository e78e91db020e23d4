//! Names that lead to other records: `household.head.name`, and backwards
//! `person:household.birthDate`, "of one of the persons whose household is this".

use ::cql2::Expr;
use record::{CompactString, Prose, prose};
use schema::{Collection, FieldType};

use super::Compiler;
use super::condition::{Condition, Step};
use crate::QueryError;

/// Operators whose last argument is a filter over another collection.
const SCOPED: [&str; 2] = ["linked", "linked_near"];

/// The first step of a name that leads elsewhere, and what is left of it.
fn split(name: &str) -> Option<(&str, &str)> {
    name.split_once('.')
        .filter(|(step, rest)| !step.is_empty() && !rest.is_empty())
}

/// Calls `each` with every name of a field, except those of filters over other collections.
fn visit<'e>(expression: &'e Expr, each: &mut dyn FnMut(&'e str)) {
    match expression {
        Expr::Property { property } => each(property),
        Expr::Operation { op, args } => {
            let scoped = SCOPED.iter().any(|name| name.eq_ignore_ascii_case(op));
            let own = if scoped { 0 } else { args.len() };
            args.iter().take(own).for_each(|arg| visit(arg, each));
        }
        Expr::Interval { interval: items } | Expr::Array(items) | Expr::BBox { bbox: items } => {
            items.iter().for_each(|item| visit(item, each));
        }
        Expr::Date { date: inner } | Expr::Timestamp { timestamp: inner } => visit(inner, each),
        Expr::Float(_) | Expr::Literal(_) | Expr::Bool(_) | Expr::Geometry(_) | Expr::Null => {}
    }
}

/// The expression as it is asked of the records at the end of the first step.
fn without_first_step(mut expression: Expr) -> Expr {
    match &mut expression {
        Expr::Property { property } => {
            if let Some((_, rest)) = split(property) {
                *property = rest.to_string();
            }
        }
        Expr::Operation { args: items, .. }
        | Expr::Interval { interval: items }
        | Expr::Array(items)
        | Expr::BBox { bbox: items } => {
            for item in items {
                let inner = std::mem::replace(item.as_mut(), Expr::Null);
                **item = without_first_step(inner);
            }
        }
        _ => {}
    }
    expression
}

impl Compiler<'_> {
    /// A condition on linked records; none where the expression names only fields of this collection.
    pub(super) fn through_link(&self, expression: &Expr) -> Result<Option<Condition>, QueryError> {
        let mut first: Option<Option<&str>> = None;
        let mut mixed = None;
        visit(expression, &mut |name| {
            let step = split(name).map(|(step, _)| step);
            match first {
                None => first = Some(step),
                Some(one) if one != step => mixed = Some(name),
                Some(_) => {}
            }
        });
        if let Some(name) = mixed {
            return Err(self.refuse(
                name,
                prose!(
                    "“{name}”与另一条记录的字段出现在同一条件中",
                    "'{name}' in one condition with a field of another record"
                ),
                prose!(
                    "每个条件只涉及同一条记录的字段，条件之间以 AND 连接",
                    "fields of one record in each condition, and AND between conditions"
                ),
            ));
        }
        let Some(Some(step)) = first else {
            return Ok(None);
        };
        let step = self.step(step)?;
        let stripped = without_first_step(expression.clone());
        let inner = self.at(step.collection())?;
        // Where the way leads nowhere there is no value either.
        if let (Step::To { .. }, Expr::Operation { op, args }) = (&step, &stripped)
            && op == "isNull"
        {
            let present = Expr::Operation {
                op: "not".to_string(),
                args: vec![Box::new(Expr::Operation {
                    op: op.clone(),
                    args: args.clone(),
                })],
            };
            let link = Condition::link(step, inner.condition(&present)?);
            return Ok(Some(Condition::Not(Box::new(link))));
        }
        let condition = inner.condition(&stripped)?;
        Ok(Some(Condition::link(step, condition)))
    }

    /// A step of a name: a reference of this collection, or `collection:reference` backwards.
    pub fn step(&self, text: &str) -> Result<Step, QueryError> {
        match text.split_once(':') {
            Some((collection, field)) => self.step_back(text, collection, field),
            None => {
                let field = self.field(text)?;
                match &field.kind {
                    FieldType::Reference { target } => Ok(Step::To {
                        field: field.name.clone(),
                        collection: target.clone(),
                    }),
                    _ => Err(self.refuse(
                        text,
                        prose!("“{text}”，它不是引用", "'{text}', which is no reference"),
                        references(self.collection),
                    )),
                }
            }
        }
    }

    /// The step to the records of another collection whose reference names this one.
    pub fn step_back(
        &self,
        shown: &str,
        collection: &str,
        field: &str,
    ) -> Result<Step, QueryError> {
        let other = self.collection_named(collection)?;
        let names_this = |kind: &FieldType| matches!(kind, FieldType::Reference { target } if *target == self.collection.name);
        match other.field(field) {
            Some((_, found)) if names_this(&found.kind) => Ok(Step::From {
                collection: other.name.clone(),
                field: found.name.clone(),
            }),
            _ => {
                let fitting: Vec<&str> = other
                    .fields
                    .iter()
                    .filter(|field| names_this(&field.kind))
                    .map(|field| field.name.as_str())
                    .collect();
                let (this, fitting) = (&self.collection.name, fitting.join(", "));
                let found = prose!(
                    "“{collection}”的“{field}”，它不引用“{this}”",
                    "'{field}' of '{collection}', which does not refer to '{this}'"
                );
                let expected = if fitting.is_empty() {
                    prose!(
                        "引用“{this}”的数据集",
                        "a collection that refers to '{this}'"
                    )
                } else {
                    prose!("其中之一：{fitting}", "one of {fitting}")
                };
                Err(self.refuse(shown, found, expected))
            }
        }
    }

    /// Another collection.
    pub fn collection_named(&self, name: &str) -> Result<&Collection, QueryError> {
        let catalog = self.setting.catalog;
        match catalog.collection(name) {
            Some(collection) => Ok(collection),
            None => {
                let names = catalog.collections.iter().map(|one| one.name.as_str());
                let known = crate::names::nearest(name, names);
                let found = prose!("数据集“{name}”", "the collection '{name}'");
                Err(self.refuse(name, found, prose!("其中之一：{known}", "one of {known}")))
            }
        }
    }

    /// A compiler for conditions on the records of another collection.
    pub fn at(&self, collection: &str) -> Result<Compiler<'_>, QueryError> {
        let collection = self.collection_named(collection)?;
        Ok(Compiler::new(collection, self.setting, self.text))
    }

    /// A text that names something: a collection or a field.
    pub fn name(&self, op: &str, expression: &Expr) -> Result<CompactString, QueryError> {
        match expression {
            Expr::Property { property } => Ok(property.as_str().into()),
            other => self.text(op, other),
        }
    }
}

/// The references of a collection.
fn references(collection: &Collection) -> Prose {
    let names: Vec<&str> = collection
        .fields
        .iter()
        .filter(|field| matches!(field.kind, FieldType::Reference { .. }))
        .map(|field| field.name.as_str())
        .collect();
    if names.is_empty() {
        let name = &collection.name;
        return prose!(
            "“{name}”没有引用其他记录的字段",
            "no dot: '{name}' refers to no other record"
        );
    }
    let names = names.join(", ");
    prose!("引用字段：{names}", "a reference: {names}")
}
