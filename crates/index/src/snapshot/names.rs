//! The names that a snapshot has.

use std::collections::BTreeMap;

use record::CompactString;

use super::Snapshot;
use crate::document::Part;
use crate::error::IndexError;
use crate::lexicon::query::{self, Name, NameQuery};
use crate::time::TimeScope;

impl Snapshot {
    /// Names of a field that begin so or are read so, the most frequent first, at most so many. It is
    /// bounded work: of very many some are told. Whether a record has a name at the times asked about
    /// is for a search to tell: these are the names of all rectangles that such a read may see.
    ///
    /// # Errors
    ///
    /// [`IndexError::NotSearchable`] where the field is none of names.
    pub fn names(
        &self,
        field: &str,
        asked: &NameQuery,
        time: TimeScope,
        limit: usize,
    ) -> Result<Vec<Name>, IndexError> {
        let named = &self.layout.named;
        let place = named.iter().position(|column| column.name == field);
        let Some((place, column)) = place.map(|place| (place, &named[place])) else {
            return Err(IndexError::NotSearchable {
                field: field.to_string(),
                reason: "it is no name".to_string(),
            });
        };
        if limit == 0 {
            return Ok(Vec::new());
        }
        let parts: &[Part] = match time {
            TimeScope::Present(_) => &[Part::Current],
            _ => &[Part::Current, Part::Past],
        };
        let mut found: BTreeMap<CompactString, u64> = BTreeMap::new();
        for part in parts {
            for reader in self.searcher(*part).segment_readers() {
                let (_, open) = self.open(reader)?;
                let lexicon = open.lexicons.get(place);
                if let (Some(lexicon), Some(texts)) = (lexicon, open.columns.text(&column.name)?) {
                    query::collect(lexicon, &texts, (column.form, asked), limit, &mut found)?;
                }
            }
        }
        let mut names: Vec<Name> = found
            .into_iter()
            .map(|(text, documents)| Name { text, documents })
            .collect();
        names.sort_by_key(|name| std::cmp::Reverse(name.documents));
        names.truncate(limit);
        Ok(names)
    }
}
