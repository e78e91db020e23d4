//! The temporary folder, removed however the run ends.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use tempfile::TempDir;

use crate::cluster;

/// A temporary folder that every user may enter: PostgreSQL may not run as root.
pub struct Scratch {
    folder: TempDir,
    programs: PathBuf,
}

impl Scratch {
    /// Makes it, and sees to it that Ctrl-C and SIGTERM remove it too.
    pub fn make(parent: Option<&Path>, programs: &Path) -> anyhow::Result<Scratch> {
        let parent = parent.map_or_else(std::env::temp_dir, Path::to_path_buf);
        let folder = tempfile::Builder::new()
            .prefix("jiku-bench-")
            .tempdir_in(&parent)
            .with_context(|| parent.display().to_string())?;
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755))?;
        let scratch = Scratch {
            folder,
            programs: programs.to_path_buf(),
        };
        sweep_at_signal(scratch.path().to_path_buf(), scratch.programs.clone())?;
        Ok(scratch)
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// The files of the city.
    pub fn city(&self) -> PathBuf {
        self.path().join("city")
    }

    /// Jiku's data directory.
    pub fn data(&self) -> PathBuf {
        self.path().join("data")
    }

    /// PostgreSQL's folder.
    pub fn cluster(&self) -> PathBuf {
        self.path().join("postgresql")
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // The folder itself goes with its `TempDir`.
        cluster::stop(&self.programs, &self.cluster());
    }
}

/// A server started with `pg_ctl` is in no terminal's process group: it must be stopped by name.
fn sweep_at_signal(folder: PathBuf, programs: PathBuf) -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    std::thread::spawn(move || {
        runtime.block_on(signalled());
        eprintln!("stopped: removing {}", folder.display());
        cluster::stop(&programs, &folder.join("postgresql"));
        let _ = fs::remove_dir_all(&folder);
        std::process::exit(130);
    });
    Ok(())
}

async fn signalled() {
    use tokio::signal::unix::{SignalKind, signal};
    let Ok(mut terminate) = signal(SignalKind::terminate()) else {
        return std::future::pending().await;
    };
    tokio::select! {
        _ = terminate.recv() => (),
        _ = tokio::signal::ctrl_c() => (),
    }
}

/// Bytes on disk of all files below a folder, as the file system counts them.
pub fn bytes_below(folder: &Path) -> u64 {
    use std::os::unix::fs::MetadataExt as _;
    let Ok(entries) = fs::read_dir(folder) else {
        return 0;
    };
    entries
        .flatten()
        .map(|entry| match entry.metadata() {
            Ok(metadata) if metadata.is_dir() => bytes_below(&entry.path()),
            Ok(metadata) => metadata.blocks() * 512,
            Err(_) => 0,
        })
        .sum()
}
