//! The segment plugin: after the columns of a segment are written, or merged, it builds the tree from
//! them.

use std::any::Any;
use std::io::Write;

use tantivy::columnar::{ColumnarReader, DynamicColumn};
use tantivy::index::SegmentComponent;
use tantivy::indexer::doc_id_mapping::DocIdMapping;
use tantivy::{
    PluginMergeContext, PluginWriter, PluginWriterContext, Segment, SegmentPlugin, SegmentReader,
};

use super::tree::Tree;
use super::{BOX_COLUMNS, EXTENSION, tree};

/// Writes `*.rtree` beside the other files of each segment. Register it at every opening of an index.
pub struct SpatialPlugin;

impl SegmentPlugin for SpatialPlugin {
    fn extensions(&self) -> &[&str] {
        &[EXTENSION]
    }

    fn create_writer(&self, _: &PluginWriterContext) -> tantivy::Result<Box<dyn PluginWriter>> {
        Ok(Box::new(SpatialWriter))
    }

    fn merge(&self, context: PluginMergeContext) -> tantivy::Result<()> {
        write_tree(context.target_segment)
    }
}

/// Holds nothing: the tree is built from the segment's columns once they are on disk.
struct SpatialWriter;

impl PluginWriter for SpatialWriter {
    fn serialize(
        self: Box<Self>,
        segment: &Segment,
        _: Option<&DocIdMapping>,
    ) -> tantivy::Result<()> {
        write_tree(segment)
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

fn write_tree(segment: &Segment) -> tantivy::Result<()> {
    let columns = ColumnarReader::open(segment.open_read(SegmentComponent::FastFields)?)?;
    let bytes = tree::build(boxes(&columns)?);
    let mut file = segment.open_write(SegmentComponent::Custom(EXTENSION.to_string()))?;
    file.write_all(&bytes)?;
    tantivy::directory::TerminatingWrite::terminate(file)?;
    Ok(())
}

/// The boxes of a segment's documents, in document order; documents without one are left out.
fn boxes(columns: &ColumnarReader) -> tantivy::Result<Vec<(u32, [i32; 4])>> {
    let open = |name: &str| -> tantivy::Result<Option<tantivy::columnar::Column<i64>>> {
        for handle in columns.read_columns(name)? {
            if let DynamicColumn::I64(column) = handle.open()? {
                return Ok(Some(column));
            }
        }
        Ok(None)
    };
    let (Some(min_lon), Some(min_lat)) = (open(BOX_COLUMNS[0])?, open(BOX_COLUMNS[1])?) else {
        return Ok(Vec::new());
    };
    let maximum = (open(BOX_COLUMNS[2])?, open(BOX_COLUMNS[3])?);
    let mut boxes = Vec::with_capacity(min_lon.num_docs() as usize);
    for document in 0..columns.num_docs() {
        let (Some(west), Some(south)) = (min_lon.first(document), min_lat.first(document)) else {
            continue;
        };
        let (east, north) = match &maximum {
            (Some(max_lon), Some(max_lat)) => (
                max_lon.first(document).unwrap_or(west),
                max_lat.first(document).unwrap_or(south),
            ),
            _ => (west, south),
        };
        boxes.push((
            document,
            [west as i32, south as i32, east as i32, north as i32],
        ));
    }
    Ok(boxes)
}

/// Opens the tree of a segment; one without geometry has none.
pub fn open(reader: &SegmentReader) -> tantivy::Result<Option<Tree>> {
    let file = reader.open_read(SegmentComponent::Custom(EXTENSION.to_string()))?;
    Tree::open(file.read_bytes()?)
        .map_err(|reason| tantivy::TantivyError::InternalError(reason.to_string()))
}
