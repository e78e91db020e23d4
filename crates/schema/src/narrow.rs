//! A collection as somebody sees it who may not see all of it.

use crate::{Collection, Field, FieldType, Search};
use record::FieldNumber;

/// What is left of a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kept {
    /// Nothing: as if there were no such field.
    Gone,
    /// It is answered as a text of another form, and nothing can be asked by it.
    Shown,
    /// All of it.
    Open,
}

/// A collection with fewer fields.
pub struct Narrowed {
    /// The collection; its fields are numbered anew.
    pub collection: Collection,
    /// By the number that a field has in the whole collection, the one it has here.
    pub numbers: Vec<Option<FieldNumber>>,
}

impl Collection {
    /// The collection with what is left of each field; `None` where nothing is left of any. With
    /// `keeps_key` the natural key stays, even where its fields are only shown.
    pub fn narrowed(&self, kept: impl Fn(&Field) -> Kept, keeps_key: bool) -> Option<Narrowed> {
        let mut numbers: Vec<Option<FieldNumber>> = Vec::with_capacity(self.fields.len());
        let mut fields: Vec<Field> = Vec::new();
        for field in &self.fields {
            let left = kept(field);
            if left == Kept::Gone {
                numbers.push(None);
                continue;
            }
            let number = fields.len() as FieldNumber;
            numbers.push(Some(number));
            let mut field = field.clone();
            field.number = number;
            if left == Kept::Shown {
                close(
                    &mut field,
                    self.key.contains(&(numbers.len() as FieldNumber - 1)),
                );
            }
            fields.push(field);
        }
        if fields.is_empty() {
            return None;
        }
        let new = |old: FieldNumber| numbers.get(usize::from(old)).copied().flatten();
        for field in &mut fields {
            if let Some(derived) = &mut field.derived {
                derived.through = derived.through.iter().copied().filter_map(new).collect();
            }
        }
        let open = |old: FieldNumber| {
            let is_open = kept(&self.fields[usize::from(old)]) == Kept::Open;
            new(old).filter(|_| is_open)
        };
        let is_key = |old: &FieldNumber| open(*old).is_some() || (keeps_key && new(*old).is_some());
        let key = if self.key.iter().all(is_key) {
            self.key.iter().copied().filter_map(new).collect()
        } else {
            Vec::new()
        };
        let by_name = fields
            .iter()
            .map(|field| (field.name.clone(), field.number));
        let collection = Collection {
            key,
            title: new(self.title).unwrap_or(0),
            location: self.location.and_then(open),
            division: self.division.and_then(open),
            matches: Vec::new(),
            by_name: by_name.collect(),
            fields: Vec::new(),
            ..self.clone()
        };
        let collection = Collection {
            fields,
            ..collection
        };
        Some(Narrowed {
            collection,
            numbers,
        })
    }
}

/// A field that is only shown: a text, whatever it was, that no filter, order or group may name.
fn close(field: &mut Field, is_key: bool) {
    field.kind = FieldType::Text;
    field.search = Search::default();
    field.name_of = None;
    field.required = false;
    field.unit = None;
    field.standard = None;
    field.derived = None;
    if !is_key {
        field.rule = None;
    }
}
