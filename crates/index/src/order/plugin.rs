//! The segment plugin: after the columns of a segment are written, or merged, it sorts the documents.

use std::any::Any;
use std::io::Write;
use std::sync::Arc;

use tantivy::columnar::{Column, ColumnarReader, DynamicColumn};
use tantivy::index::SegmentComponent;
use tantivy::indexer::doc_id_mapping::DocIdMapping;
use tantivy::{
    PluginMergeContext, PluginWriter, PluginWriterContext, Segment, SegmentPlugin, SegmentReader,
    TantivyError,
};

use super::EXTENSION;
use super::file::{self, Order};
use crate::layout::ORDERED_KEY;

/// Writes `*.order` beside the other files of each segment. Register it at every opening of an index.
pub struct OrderPlugin {
    columns: Arc<[String]>,
}

impl OrderPlugin {
    /// For these columns of unsigned numbers or texts.
    pub fn new(columns: Arc<[String]>) -> OrderPlugin {
        OrderPlugin { columns }
    }
}

impl SegmentPlugin for OrderPlugin {
    fn extensions(&self) -> &[&str] {
        &[EXTENSION]
    }

    fn create_writer(&self, _: &PluginWriterContext) -> tantivy::Result<Box<dyn PluginWriter>> {
        Ok(Box::new(OrderWriter {
            columns: self.columns.clone(),
        }))
    }

    fn merge(&self, context: PluginMergeContext) -> tantivy::Result<()> {
        write(context.target_segment, &self.columns)
    }
}

/// Holds no data: documents are sorted once their columns are on disk.
struct OrderWriter {
    columns: Arc<[String]>,
}

impl PluginWriter for OrderWriter {
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

fn write(segment: &Segment, names: &[String]) -> tantivy::Result<()> {
    let columns = ColumnarReader::open(segment.open_read(SegmentComponent::FastFields)?)?;
    let mut bytes = Vec::new();
    for (place, name) in names.iter().enumerate() {
        let column = column(&columns, name)?;
        let push = match place {
            ORDERED_KEY => file::push_hashes,
            _ => file::push,
        };
        push(&mut bytes, column.as_ref(), columns.num_docs());
    }
    let mut file = segment.open_write(SegmentComponent::Custom(EXTENSION.to_string()))?;
    file.write_all(&bytes)?;
    tantivy::directory::TerminatingWrite::terminate(file)?;
    Ok(())
}

/// A column's numbers, or the ordinals of its texts.
fn column(columns: &ColumnarReader, name: &str) -> tantivy::Result<Option<Column<u64>>> {
    for handle in columns.read_columns(name)? {
        match handle.open()? {
            DynamicColumn::U64(column) => return Ok(Some(column)),
            DynamicColumn::Str(texts) => return Ok(Some(texts.ords().clone())),
            _ => {}
        }
    }
    Ok(None)
}

/// Opens the orders of a segment.
pub fn open(reader: &SegmentReader, names: &[String]) -> tantivy::Result<Vec<Order>> {
    let damaged = |reason: file::Damaged| TantivyError::InternalError(reason.to_string());
    let file = reader.open_read(SegmentComponent::Custom(EXTENSION.to_string()))?;
    let mut bytes = file.read_bytes()?;
    names
        .iter()
        .map(|name| {
            let column = reader.fast_fields().u64_lenient(name)?;
            Order::read(&mut bytes, column.map(|(column, _)| column)).map_err(damaged)
        })
        .collect()
}
