//! Where the server of a data directory listens.

use std::fs;
use std::io::{self, Write};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use serde::{Deserialize, Serialize};

/// The file in the data directory that says it.
pub const FILE: &str = "server.json";

/// Where a server listens, and how it knows its own commands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Address {
    /// Its address and port.
    pub address: SocketAddr,
    /// Its process.
    pub pid: u32,
    /// What its commands must show; any other page or process on this machine does not know it.
    pub secret: String,
}

impl Address {
    /// The address of this process, with a new secret.
    pub fn new(address: SocketAddr) -> anyhow::Result<Address> {
        let mut bytes = [0_u8; 32];
        getrandom::fill(&mut bytes)
            .map_err(io::Error::from)
            .context("no random numbers")?;
        let secret = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        Ok(Address {
            address,
            pid: std::process::id(),
            secret,
        })
    }

    /// The address in a data directory; `None` where there is none that can be read.
    pub fn read(data: &Path) -> Option<Address> {
        let text = fs::read_to_string(data.join(FILE)).ok()?;
        serde_json::from_str(&text).ok()
    }

    /// Writes the address into a data directory until the registration is dropped.
    pub fn register(&self, data: &Path) -> anyhow::Result<Registration> {
        let path = data.join(FILE);
        // One left by a process that was killed may be readable by others.
        match fs::remove_file(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                return Err(error).with_context(|| path.display().to_string());
            }
            _ => (),
        }
        let mut file = private_file(&path).with_context(|| path.display().to_string())?;
        file.write_all(serde_json::to_string(self)?.as_bytes())
            .with_context(|| path.display().to_string())?;
        Ok(Registration { path })
    }
}

/// A file that only its owner may read.
pub fn private_file(path: &Path) -> io::Result<fs::File> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// The address stands in the data directory for as long as this lives.
#[derive(Debug)]
pub struct Registration {
    path: PathBuf,
}

impl Drop for Registration {
    fn drop(&mut self) {
        // Left behind it would do no harm: the next server writes its own.
        let _ = fs::remove_file(&self.path);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_stands_while_it_is_registered() {
        let folder = tempfile::tempdir().unwrap();
        let address = Address::new(([127, 0, 0, 1], 8080).into()).unwrap();
        assert_eq!(address.secret.len(), 64);
        assert_ne!(
            address.secret,
            Address::new(address.address).unwrap().secret
        );
        fs::write(folder.path().join(FILE), "left by a killed process").unwrap();
        assert_eq!(Address::read(folder.path()), None);
        let registration = address.register(folder.path()).unwrap();
        assert_eq!(Address::read(folder.path()), Some(address));
        drop(registration);
        assert!(!folder.path().join(FILE).exists());
    }
}
