//! The segment plugin: takes each document's record as it is indexed, and copies them in merges.

use std::any::Any;

use tantivy::directory::{TerminatingWrite, WritePtr};
use tantivy::index::SegmentComponent;
use tantivy::indexer::doc_id_mapping::DocIdMapping;
use tantivy::schema::document::ErasedDocument;
use tantivy::schema::{Field, Schema, Value as _};
use tantivy::{
    DocId, PluginMergeContext, PluginWriter, PluginWriterContext, Segment, SegmentPlugin,
    SegmentReader, TantivyDocument, TantivyError,
};

use super::EXTENSION;
use super::file::{Bodies, FileWriter, Record};

/// The fields whose bytes are stored.
#[derive(Clone, Copy, Debug)]
pub struct BodyFields {
    /// The record as it is answered.
    pub body: Field,
    /// Positions of its statements.
    pub statements: Field,
    /// Its geometry where that is no point.
    pub shape: Field,
}

/// Writes `*.body` beside the other files of each segment. Register it at every opening of an index.
pub struct BodyPlugin {
    fields: BodyFields,
}

impl BodyPlugin {
    /// For the values of these fields.
    pub fn new(fields: BodyFields) -> BodyPlugin {
        BodyPlugin { fields }
    }
}

impl SegmentPlugin for BodyPlugin {
    fn extensions(&self) -> &[&str] {
        &[EXTENSION]
    }

    fn create_writer(
        &self,
        context: &PluginWriterContext,
    ) -> tantivy::Result<Box<dyn PluginWriter>> {
        Ok(Box::new(BodyWriter {
            fields: self.fields,
            file: create(context.segment)?,
        }))
    }

    /// No segment is sorted, so that a merge puts live documents one after the other.
    fn merge(&self, context: PluginMergeContext) -> tantivy::Result<()> {
        let mut file = create(context.target_segment)?;
        for reader in context.readers {
            let bodies = Bodies::open(bytes(reader)?)?;
            let alive = reader.alive_bitset();
            for document in 0..reader.max_doc() {
                if alive.is_none_or(|alive| alive.is_alive(document)) {
                    bodies.with(document, |record| file.push(record))??;
                }
            }
        }
        Ok(file.finish()?.terminate()?)
    }
}

fn create(segment: &Segment) -> tantivy::Result<FileWriter<WritePtr>> {
    let out = segment.open_write(SegmentComponent::Custom(EXTENSION.to_string()))?;
    Ok(FileWriter::new(out)?)
}

fn bytes(reader: &SegmentReader) -> tantivy::Result<tantivy::directory::OwnedBytes> {
    let file = reader.open_read(SegmentComponent::Custom(EXTENSION.to_string()))?;
    Ok(file.read_bytes()?)
}

impl Bodies {
    /// Opens the file of a segment.
    pub fn of(reader: &SegmentReader) -> tantivy::Result<Bodies> {
        Ok(Bodies::open(bytes(reader)?)?)
    }
}

struct BodyWriter {
    fields: BodyFields,
    file: FileWriter<WritePtr>,
}

impl PluginWriter for BodyWriter {
    fn add_document(
        &mut self,
        _: DocId,
        document: &dyn ErasedDocument,
        _: &Schema,
    ) -> tantivy::Result<()> {
        let document = document.as_any().downcast_ref::<TantivyDocument>();
        let document = document.ok_or_else(|| {
            TantivyError::InternalError("a document of a foreign kind".to_string())
        })?;
        let part = |field| {
            let value = document.get_first(field);
            value.and_then(|value| value.as_bytes()).unwrap_or_default()
        };
        let record = Record {
            body: part(self.fields.body),
            statements: part(self.fields.statements),
            shape: part(self.fields.shape),
        };
        Ok(self.file.push(record)?)
    }

    fn serialize(
        self: Box<Self>,
        _: &Segment,
        order: Option<&DocIdMapping>,
    ) -> tantivy::Result<()> {
        if order.is_some() {
            return Err(TantivyError::InternalError(
                "segments are not sorted".to_string(),
            ));
        }
        Ok(self.file.finish()?.terminate()?)
    }

    fn mem_usage(&self) -> usize {
        self.file.memory()
    }

    fn as_any(&self) -> &dyn Any {
        self
    }

    fn as_any_mut(&mut self) -> &mut dyn Any {
        self
    }
}
