//! The two indexes of a collection on disk: opening, writing, committing.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use schema::Collection;
use tantivy::directory::MmapDirectory;
use tantivy::indexer::UserOperation;
use tantivy::merge_policy::LogMergePolicy;
use tantivy::store::Compressor;
use tantivy::{Index, IndexReader, IndexSettings, IndexWriter, ReloadPolicy, TantivyDocument};

use crate::bodies::BodyPlugin;
use crate::document::{Document, Part};
use crate::error::IndexError;
use crate::layout::{Layout, ORDERED_NUMBER, tokenizers};
use crate::lexicon::plugin::LexiconPlugin;
use crate::order::plugin::OrderPlugin;
use crate::order::query::NumberQuery;
use crate::segments::Segments;
use crate::snapshot::Snapshot;
use crate::spatial::plugin::SpatialPlugin;

const FORM: &str = "form.txt";
/// Deleted documents are merged away once they are this share of a segment.
const DELETED_SHARE: f32 = 0.2;
/// How often a snapshot is tried while merges remove segments under it.
const ATTEMPTS: u32 = 10;
/// Documents are handed to the indexing threads in batches, since each costs a wake-up; small ones, since
/// ten thousand may wait.
const BATCH: usize = 8;

/// The index of one collection.
pub struct CollectionIndex {
    layout: Arc<Layout>,
    directory: PathBuf,
    current: Half,
    past: Half,
}

struct Half {
    index: Index,
    reader: IndexReader,
    directory: PathBuf,
}

impl Half {
    fn open(directory: PathBuf, layout: &Layout) -> Result<Half, IndexError> {
        fs::create_dir_all(&directory).map_err(|source| files(&directory, source))?;
        let files = MmapDirectory::open(&directory).map_err(tantivy::TantivyError::from)?;
        // tantivy's own store stays empty: records are in the body plugin's file.
        let settings = IndexSettings {
            docstore_compression: Compressor::None,
            docstore_compress_dedicated_thread: false,
            ..IndexSettings::default()
        };
        let index = Index::builder()
            .schema(layout.schema.clone())
            .settings(settings)
            .tokenizers(tokenizers())
            .register_plugin(Arc::new(SpatialPlugin))
            .register_plugin(Arc::new(OrderPlugin::new(layout.ordered.clone())))
            .register_plugin(Arc::new(LexiconPlugin::new(layout.named.clone())))
            .register_plugin(Arc::new(BodyPlugin::new(layout.system.stored)))
            .open_or_create(files)?;
        let reader = index
            .reader_builder()
            .reload_policy(ReloadPolicy::Manual)
            .try_into()?;
        Ok(Half {
            index,
            reader,
            directory,
        })
    }

    fn position(&self) -> Result<u64, IndexError> {
        let payload = self.index.load_metas()?.payload;
        Ok(payload.and_then(|text| text.parse().ok()).unwrap_or(0))
    }

    fn writer(&self, threads: usize, memory: usize) -> Result<IndexWriter, IndexError> {
        let writer: IndexWriter = self.index.writer_with_num_threads(threads, memory)?;
        let mut policy = LogMergePolicy::default();
        policy.set_del_docs_ratio_before_merge(DELETED_SHARE);
        writer.set_merge_policy(Box::new(policy));
        // What a commit that was cut off left behind would stand in the way of the next one: lists of
        // deleted documents get the same names again.
        writer.garbage_collect_files().wait()?;
        Ok(writer)
    }
}

impl CollectionIndex {
    /// Opens the index of a collection, making an empty one where there is none.
    ///
    /// # Errors
    ///
    /// [`IndexError::Stale`] where it was written in another form: remove it and replay the ledger.
    pub fn open(
        directory: &Path,
        collection: &Arc<Collection>,
    ) -> Result<CollectionIndex, IndexError> {
        let layout = Arc::new(Layout::new(collection));
        let form = directory.join(FORM);
        let fingerprint = layout.fingerprint();
        match fs::read_to_string(&form) {
            Ok(found) if found == fingerprint => {}
            Ok(_) => return Err(IndexError::Stale(directory.to_path_buf())),
            Err(_) => {
                fs::create_dir_all(directory).map_err(|source| files(directory, source))?;
                fs::write(&form, &fingerprint).map_err(|source| files(&form, source))?;
            }
        }
        let half = |name: &str| Half::open(directory.join(name), &layout);
        Ok(CollectionIndex {
            current: half("current")?,
            past: half("past")?,
            directory: directory.to_path_buf(),
            layout,
        })
    }

    /// Removes an index, so that the next opening makes an empty one.
    pub fn remove(directory: &Path) -> Result<(), IndexError> {
        match fs::remove_dir_all(directory) {
            Ok(()) => Ok(()),
            Err(source) if source.kind() == std::io::ErrorKind::NotFound => Ok(()),
            Err(source) => Err(files(directory, source)),
        }
    }

    /// The collection.
    pub fn collection(&self) -> &Arc<Collection> {
        &self.layout.collection
    }

    /// The number of the last journal entry that both halves hold.
    pub fn position(&self) -> Result<u64, IndexError> {
        Ok(self.current.position()?.min(self.past.position()?))
    }

    /// The state of the last commit.
    pub fn snapshot(&self) -> Result<Snapshot, IndexError> {
        let mut attempt = 1;
        loop {
            self.current.reader.reload()?;
            self.past.reader.reload()?;
            let snapshot = Snapshot::new(
                self.layout.clone(),
                self.current.reader.searcher(),
                self.past.reader.searcher(),
            );
            // A merge may have removed a segment's tree between the two: its successor is there.
            if snapshot.is_ok() || attempt == ATTEMPTS {
                return snapshot;
            }
            attempt += 1;
        }
    }

    /// A writer; there can be one at a time. `memory` is in bytes, shared by the threads.
    pub fn writer(&self, threads: usize, memory: usize) -> Result<Writer, IndexError> {
        const SMALL: usize = 15_000_000;
        let current = self.current.writer(threads, memory.max(SMALL * threads))?;
        let past = self.past.writer(1, (memory / 8).max(SMALL))?;
        let directories = [self.current.directory.clone(), self.past.directory.clone()];
        Ok(Writer {
            layout: self.layout.clone(),
            current: HalfWriter::new(current),
            past: HalfWriter::new(past),
            directories,
        })
    }

    /// Bytes on disk.
    pub fn size_on_disk(&self) -> u64 {
        folder_size(&self.directory)
    }
}

/// Writes to the index of one collection. What it writes becomes visible with [`Writer::commit`].
pub struct Writer {
    layout: Arc<Layout>,
    current: HalfWriter,
    past: HalfWriter,
    directories: [PathBuf; 2],
}

struct HalfWriter {
    writer: IndexWriter,
    batch: Vec<UserOperation>,
}

impl HalfWriter {
    fn new(writer: IndexWriter) -> HalfWriter {
        HalfWriter {
            writer,
            batch: Vec::with_capacity(BATCH),
        }
    }

    fn add(&mut self, document: TantivyDocument) -> Result<(), IndexError> {
        self.batch.push(UserOperation::Add(document));
        if self.batch.len() == BATCH {
            self.send()?;
        }
        Ok(())
    }

    fn send(&mut self) -> Result<(), IndexError> {
        let batch = std::mem::replace(&mut self.batch, Vec::with_capacity(BATCH));
        self.writer.run(batch)?;
        Ok(())
    }

    fn forget(&mut self, query: &NumberQuery) -> Result<(), IndexError> {
        self.send()?;
        self.writer.delete_query(Box::new(query.clone()))?;
        Ok(())
    }
}

impl Writer {
    /// Adds a rectangle.
    pub fn add(&mut self, part: Part, document: &Document) -> Result<(), IndexError> {
        let half = match part {
            Part::Current => &mut self.current,
            Part::Past => &mut self.past,
        };
        half.add(self.layout.document(document))
    }

    /// Removes every rectangle of these entities that was added before: all at once, since each
    /// removal looks into each segment.
    pub fn forget(&mut self, mut numbers: Vec<u64>) -> Result<(), IndexError> {
        if numbers.is_empty() {
            return Ok(());
        }
        numbers.sort_unstable();
        let names = self.layout.ordered.clone();
        let query = NumberQuery::new(Segments::default(), names, ORDERED_NUMBER, numbers.into());
        self.current.forget(&query)?;
        self.past.forget(&query)
    }

    /// Makes everything since the last commit durable and visible to new snapshots. `position` is
    /// the journal entry up to which the index now holds the ledger.
    pub fn commit(&mut self, position: u64) -> Result<(), IndexError> {
        for half in [&mut self.past, &mut self.current] {
            half.send()?;
            let mut prepared = half.writer.prepare_commit()?;
            prepared.set_payload(&position.to_string());
            prepared.commit()?;
        }
        // The rename of meta.json is durable only once its folder is.
        for directory in &self.directories {
            let folder = fs::File::open(directory).map_err(|source| files(directory, source))?;
            folder
                .sync_all()
                .map_err(|source| files(directory, source))?;
        }
        Ok(())
    }

    /// Forgets everything since the last commit.
    pub fn rollback(&mut self) -> Result<(), IndexError> {
        for half in [&mut self.past, &mut self.current] {
            half.batch.clear();
            half.writer.rollback()?;
        }
        Ok(())
    }

    /// Waits until running merges are done, and closes the writer.
    pub fn finish(self) -> Result<(), IndexError> {
        self.current.writer.wait_merging_threads()?;
        self.past.writer.wait_merging_threads()?;
        Ok(())
    }
}

fn files(path: &Path, source: std::io::Error) -> IndexError {
    IndexError::Files {
        path: path.to_path_buf(),
        source,
    }
}

fn folder_size(folder: &Path) -> u64 {
    let Ok(entries) = fs::read_dir(folder) else {
        return 0;
    };
    entries
        .flatten()
        .map(|entry| match entry.metadata() {
            Ok(data) if data.is_dir() => folder_size(&entry.path()),
            Ok(data) => data.len(),
            Err(_) => 0,
        })
        .sum()
}
