//! The segment plugin: after the columns of a segment are written, or merged, it reads the names aloud.

use std::any::Any;
use std::io::Write;
use std::sync::Arc;

use tantivy::columnar::{ColumnarReader, DynamicColumn, StrColumn};
use tantivy::index::SegmentComponent;
use tantivy::indexer::doc_id_mapping::DocIdMapping;
use tantivy::{
    PluginMergeContext, PluginWriter, PluginWriterContext, Segment, SegmentPlugin, SegmentReader,
    TantivyError,
};
use text::name::Form;
use text::sound::Speller;

use super::EXTENSION;
use super::file::{self, Lexicon};

/// A column of names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedColumn {
    /// The column's name.
    pub name: String,
    /// Whose names they are.
    pub form: Form,
}

/// Writes `*.lexicon` beside the other files of each segment. Register it at every opening of an index.
pub struct LexiconPlugin {
    columns: Arc<[NamedColumn]>,
}

impl LexiconPlugin {
    /// For these columns of texts.
    pub fn new(columns: Arc<[NamedColumn]>) -> LexiconPlugin {
        LexiconPlugin { columns }
    }
}

impl SegmentPlugin for LexiconPlugin {
    fn extensions(&self) -> &[&str] {
        &[EXTENSION]
    }

    fn create_writer(&self, _: &PluginWriterContext) -> tantivy::Result<Box<dyn PluginWriter>> {
        Ok(Box::new(LexiconWriter {
            columns: self.columns.clone(),
        }))
    }

    fn merge(&self, context: PluginMergeContext) -> tantivy::Result<()> {
        write(context.target_segment, &self.columns)
    }
}

/// Holds no data: names are read from their dictionaries once those are on disk.
struct LexiconWriter {
    columns: Arc<[NamedColumn]>,
}

impl PluginWriter for LexiconWriter {
    fn serialize(
        self: Box<Self>,
        segment: &Segment,
        _: Option<&DocIdMapping>,
    ) -> tantivy::Result<()> {
        write(segment, &self.columns)
    }

    fn mem_usage(&self) -> usize {
        0
    }

    fn as_any(&self) -> &dyn Any {
        self
    }

    fn as_any_mut(&mut self) -> &mut dyn Any {
        self
    }
}

fn write(segment: &Segment, named: &[NamedColumn]) -> tantivy::Result<()> {
    let columns = ColumnarReader::open(segment.open_read(SegmentComponent::FastFields)?)?;
    let mut bytes = Vec::new();
    let mut speller = Speller::new();
    let mut keys = Vec::new();
    for column in named {
        let mut pairs: Vec<(u64, u32)> = Vec::new();
        let mut counts = Vec::new();
        if let Some(texts) = texts(&columns, &column.name)? {
            counts = occurrences(&texts);
            pairs.reserve(2 * counts.len());
            let mut names = texts.dictionary().stream()?;
            while names.advance() {
                let Ok(name) = std::str::from_utf8(names.key()) else {
                    continue;
                };
                speller.read(column.form, name);
                speller.keys(&mut keys);
                let place = names.term_ord() as u32;
                pairs.extend(keys.drain(..).map(|key| (key, place)));
            }
        }
        file::push(&mut bytes, &mut pairs, &counts);
    }
    let mut file = segment.open_write(SegmentComponent::Custom(EXTENSION.to_string()))?;
    file.write_all(&bytes)?;
    tantivy::directory::TerminatingWrite::terminate(file)?;
    Ok(())
}

/// How many values each name of a column's dictionary has.
fn occurrences(texts: &StrColumn) -> Vec<u16> {
    let mut counts = vec![0u16; texts.num_terms()];
    let values = &texts.ords().values;
    for value in 0..values.num_vals() {
        if let Some(count) = counts.get_mut(values.get_val(value) as usize) {
            *count = count.saturating_add(1);
        }
    }
    counts
}

fn texts(columns: &ColumnarReader, name: &str) -> tantivy::Result<Option<StrColumn>> {
    for handle in columns.read_columns(name)? {
        if let DynamicColumn::Str(texts) = handle.open()? {
            return Ok(Some(texts));
        }
    }
    Ok(None)
}

/// Opens the lexicons of a segment.
pub fn open(reader: &SegmentReader, named: &[NamedColumn]) -> tantivy::Result<Vec<Lexicon>> {
    let damaged = |reason: file::Damaged| TantivyError::InternalError(reason.to_string());
    let file = reader.open_read(SegmentComponent::Custom(EXTENSION.to_string()))?;
    let mut bytes = file.read_bytes()?;
    named
        .iter()
        .map(|_| Lexicon::read(&mut bytes).map_err(damaged))
        .collect()
}
