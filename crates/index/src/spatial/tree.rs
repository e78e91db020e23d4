//! The tree's file and its traversal.
//!
//! Layout: the packed tree in the flatbush form (8 bytes of header, boxes of four `i32`, indices),
//! then the document number of each item as little-endian `u32`, then the length of the tree as
//! little-endian `u64`. An empty file: no boxes.

use geo_index::indices::MutableIndices;
use geo_index::rtree::sort::{Sort, SortParams};
use geo_index::rtree::{RTreeBuilder, RTreeIndex, RTreeRef};
use geometry::Position;
use tantivy::directory::OwnedBytes;

/// A tree's file that is damaged.
#[derive(Debug, thiserror::Error)]
pub enum TreeError {
    /// Too short for what it says it holds.
    #[error("the spatial tree of a segment is cut short")]
    Short,
    /// The tree inside is not readable.
    #[error("the spatial tree of a segment is damaged: {0}")]
    Damaged(String),
}

const NODE_SIZE: u16 = 16;

/// Items come sorted: the library's own Hilbert sort adds the sides of a box, which overflows `i32`
/// east of 107°.
struct Presorted;

impl Sort<i32> for Presorted {
    fn sort(_: &mut SortParams<i32>, _: &mut [i32], _: &mut MutableIndices) {}
}

/// The bytes of a tree over these documents and their boxes.
pub fn build(mut boxes: Vec<(u32, [i32; 4])>) -> Vec<u8> {
    if boxes.is_empty() {
        return Vec::new();
    }
    boxes.sort_by_cached_key(|(_, [west, south, east, north])| {
        let middle = |low: i32, high: i32| ((i64::from(low) + i64::from(high)) / 2) as i32;
        geometry::hilbert::key(Position {
            lon: middle(*west, *east),
            lat: middle(*south, *north),
        })
    });
    let mut builder = RTreeBuilder::<i32>::new_with_node_size(boxes.len() as u32, NODE_SIZE);
    for (_, [west, south, east, north]) in &boxes {
        builder.add(*west, *south, *east, *north);
    }
    let mut bytes = builder.finish::<Presorted>().into_inner();
    let length = bytes.len() as u64;
    for (document, _) in &boxes {
        bytes.extend_from_slice(&document.to_le_bytes());
    }
    bytes.extend_from_slice(&length.to_le_bytes());
    bytes
}

/// A tree over the documents of one segment.
pub struct Tree {
    tree: OwnedBytes,
    documents: OwnedBytes,
}

impl Tree {
    /// Reads a file written by [`build`]; `None` where it holds no boxes.
    pub fn open(bytes: OwnedBytes) -> Result<Option<Tree>, TreeError> {
        if bytes.is_empty() {
            return Ok(None);
        }
        let at = bytes.len().checked_sub(8).ok_or(TreeError::Short)?;
        let (rest, trailer) = bytes.split(at);
        let trailer: [u8; 8] = trailer
            .as_slice()
            .try_into()
            .map_err(|_| TreeError::Short)?;
        let length = u64::from_le_bytes(trailer) as usize;
        if length > rest.len() {
            return Err(TreeError::Short);
        }
        let (tree, documents) = rest.split(length);
        // Memory-mapped files begin on a page; anything else is copied to an aligned place.
        let tree = if (tree.as_ptr() as usize).is_multiple_of(8) {
            tree
        } else {
            OwnedBytes::new(tree.as_slice().to_vec())
        };
        RTreeRef::<i32>::try_new(&tree.as_slice())
            .map_err(|reason| TreeError::Damaged(reason.to_string()))?;
        Ok(Some(Tree { tree, documents }))
    }

    fn document(&self, item: usize) -> u32 {
        match self.documents.as_slice().get(item * 4..item * 4 + 4) {
            Some(&[a, b, c, d]) => u32::from_le_bytes([a, b, c, d]),
            _ => item as u32,
        }
    }

    /// Calls `found` with each document whose box touches the box sought, and with that box. No
    /// order is promised.
    pub fn visit(&self, sought: [i32; 4], mut found: impl FnMut(u32, [i32; 4])) {
        let bytes = self.tree.as_slice();
        let Ok(tree) = RTreeRef::<i32>::try_new(&bytes) else {
            return;
        };
        let (boxes, indices) = (tree.boxes(), tree.indices());
        let node_size = usize::from(tree.node_size()) * 4;
        let leaves = tree.num_items() as usize * 4;
        let [west, south, east, north] = sought;
        let mut pending = vec![boxes.len().saturating_sub(4)];
        while let Some(node) = pending.pop() {
            let level_end = tree
                .level_bounds()
                .iter()
                .copied()
                .find(|bound| *bound > node)
                .unwrap_or(boxes.len());
            let end = (node + node_size).min(level_end);
            for (place, item) in boxes[node..end].chunks_exact(4).enumerate() {
                if item[0] > east || item[1] > north || item[2] < west || item[3] < south {
                    continue;
                }
                let index = indices.get((node >> 2) + place);
                if node >= leaves {
                    pending.push(index);
                } else {
                    found(self.document(index), [item[0], item[1], item[2], item[3]]);
                }
            }
        }
    }
}
