//! Who is known, by what they show.
//!
//! | module | what |
//! |---|---|
//! | [`key`] | the text of an API key, and its hash |
//! | [`register`] | the file that says who there is |
//! | [`guesses`] | who shows what is not known, again and again |
//! | [`pace`] | how often each may ask |
//! | [`usage`] | what quotas are used up to, over a restart |
//! | [`token`] | signed tokens of issuers that are trusted |
//! | [`jwks`] | where an issuer's keys are had from |

pub mod guesses;
pub mod jwks;
pub mod key;
pub mod pace;
pub mod register;
pub mod token;
pub mod usage;

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::SystemTime;

use jiff::Timestamp;

use crate::{Caller, Means};
use pace::Pace;
use register::{Entry, Register, RegisterError};
use token::{Issuer, IssuerError, Tokens};

/// How long a change of the register may go unseen.
const SEEN_AFTER_MILLISECONDS: i64 = 250;
/// How often what quotas are used up to is written.
const WRITTEN_EVERY_MILLISECONDS: i64 = 10_000;

/// How many callers of issuers are counted one by one.
const PACES: usize = 100_000;

/// Why it cannot be told who is known.
#[derive(Debug, thiserror::Error)]
pub enum CallersError {
    /// The register.
    #[error(transparent)]
    Register(#[from] RegisterError),
    /// An issuer of the settings.
    #[error(transparent)]
    Issuer(#[from] IssuerError),
}

/// Why somebody is not let in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// What is shown is not known, or no longer. Which of it is nobody's business.
    Unknown,
    /// Known, and asks too often.
    TooMany {
        /// After how many seconds the next request is let through.
        seconds: u64,
    },
}

/// Everybody who is known.
pub struct Callers {
    register: Register,
    tokens: Tokens,
    /// How often those may ask who are in no register, by name.
    paces: Mutex<HashMap<String, Arc<Pace>>>,
    known: RwLock<Arc<Known>>,
    /// When the file was last looked at, in milliseconds, and what it was like.
    looked: AtomicI64,
    /// When what is used was last written, in milliseconds.
    written: AtomicI64,
    seen: Mutex<Option<Stamp>>,
}

type Stamp = (SystemTime, u64);

fn step(pace: &Pace) -> Result<(), Refusal> {
    let too_many = |seconds| Refusal::TooMany { seconds };
    pace.step().map_err(too_many)
}

/// The register, ready to be looked up in.
#[derive(Default)]
struct Known {
    keys: HashMap<String, KnownKey>,
    /// By the subjects of certificates.
    subjects: HashMap<String, (Arc<Caller>, Arc<Pace>)>,
    paces: HashMap<String, Arc<Pace>>,
}

struct KnownKey {
    hash: blake3::Hash,
    until: Option<Timestamp>,
    caller: Arc<Caller>,
    pace: Arc<Pace>,
}

impl Callers {
    /// Those of a data directory, and those of whom issuers speak.
    ///
    /// # Errors
    ///
    /// The register cannot be read; an issuer that cannot be.
    pub fn open(data: &Path, issuers: Vec<Issuer>) -> Result<Callers, CallersError> {
        let callers = Callers {
            register: Register::open(data)?,
            tokens: Tokens::new(issuers)?,
            paces: Mutex::default(),
            known: RwLock::default(),
            looked: AtomicI64::new(0),
            written: AtomicI64::new(Timestamp::now().as_millisecond()),
            seen: Mutex::new(None),
        };
        callers.read()?;
        let used = usage::read(&callers.usage_path());
        for (name, pace) in &callers.known().paces {
            used.get(name).inspect(|used| pace.resume(**used));
        }
        Ok(callers)
    }

    /// The register behind them.
    pub fn register(&self) -> &Register {
        &self.register
    }

    /// Whose credentials these are: the value of the header `Authorization`.
    ///
    /// # Errors
    ///
    /// [`Refusal`].
    pub fn bearer(&self, header: &[u8]) -> Result<Arc<Caller>, Refusal> {
        let (scheme, shown) = header.split_at_checked(7).ok_or(Refusal::Unknown)?;
        if !scheme.eq_ignore_ascii_case(b"bearer ") {
            return Err(Refusal::Unknown);
        }
        match shown.starts_with(b"jiku_") {
            true => self.key(shown),
            false => self.token(shown),
        }
    }

    /// Whose certificate has this subject (RFC 4514); whoever took it has seen that it is in order.
    ///
    /// # Errors
    ///
    /// [`Refusal`].
    pub fn certificate(&self, subject: &str) -> Result<Arc<Caller>, Refusal> {
        self.refresh();
        let known = self.known();
        let (caller, pace) = known.subjects.get(subject).ok_or(Refusal::Unknown)?;
        step(pace)?;
        Ok(caller.clone())
    }

    /// Whose token this is. May wait for an issuer's answer.
    fn token(&self, shown: &[u8]) -> Result<Arc<Caller>, Refusal> {
        let shown = self.tokens.verify(shown).ok_or(Refusal::Unknown)?;
        if shown.per_minute.is_some() || shown.per_day.is_some() {
            let mut paces = self.paces.lock().unwrap_or_else(PoisonError::into_inner);
            if paces.len() >= PACES && !paces.contains_key(&shown.caller.id) {
                return Err(Refusal::TooMany { seconds: 60 });
            }
            let pace = paces
                .entry(shown.caller.id.clone())
                .or_insert_with(|| Arc::new(Pace::new(shown.per_minute, shown.per_day)));
            let pace = pace.clone();
            drop(paces);
            step(&pace)?;
        }
        Ok(Arc::new(shown.caller))
    }

    /// Whose key this is.
    fn key(&self, shown: &[u8]) -> Result<Arc<Caller>, Refusal> {
        self.refresh();
        let known = self.known();
        // Hashed first and compared whole: the time tells neither whether an id is known nor where a
        // secret differs.
        let hash = self.register.pepper.hash(shown);
        let found = key::id_of(shown).and_then(|id| known.keys.get(id));
        let now = Timestamp::now();
        let found = found.filter(|key| {
            let is_same = key.hash == hash;
            is_same && key.until.is_none_or(|until| now < until)
        });
        let key = found.ok_or(Refusal::Unknown)?;
        step(&key.pace)?;
        Ok(key.caller.clone())
    }

    fn known(&self) -> Arc<Known> {
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        known.clone()
    }

    /// Reads the register again where it has changed. One that cannot be read leaves what was known.
    fn refresh(&self) {
        let now = Timestamp::now().as_millisecond();
        let before = self.looked.load(Ordering::Relaxed);
        if now - before < SEEN_AFTER_MILLISECONDS {
            return;
        }
        let exchanged =
            self.looked
                .compare_exchange(before, now, Ordering::Relaxed, Ordering::Relaxed);
        if exchanged.is_ok()
            && self.stamp() != self.last_seen()
            && let Err(error) = self.read()
        {
            tracing::warn!(%error, "the register of callers is not read");
        }
        if exchanged.is_ok()
            && now - self.written.load(Ordering::Relaxed) > WRITTEN_EVERY_MILLISECONDS
        {
            self.written.store(now, Ordering::Relaxed);
            self.write_usage();
        }
    }

    fn usage_path(&self) -> PathBuf {
        self.register.path().with_file_name("usage.json")
    }

    /// Writes what quotas are used up to, where there are any.
    fn write_usage(&self) {
        let known = self.known();
        let used = known.paces.iter();
        let used = used.filter_map(|(name, pace)| Some((name.clone(), pace.used()?)));
        let used: BTreeMap<_, _> = used.collect();
        if !used.is_empty() {
            usage::write(&self.usage_path(), &used);
        }
    }

    fn stamp(&self) -> Option<Stamp> {
        let file = std::fs::metadata(self.register.path()).ok()?;
        Some((file.modified().ok()?, file.len()))
    }

    fn last_seen(&self) -> Option<Stamp> {
        *self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn read(&self) -> Result<(), RegisterError> {
        let stamp = self.stamp();
        let entries = self.register.entries()?;
        let before = self.known();
        let mut known = Known::default();
        for entry in &entries {
            known.add(entry, &before);
        }
        *self.known.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(known);
        *self.seen.lock().unwrap_or_else(PoisonError::into_inner) = stamp;
        Ok(())
    }
}

impl Drop for Callers {
    fn drop(&mut self) {
        self.write_usage();
    }
}

impl Known {
    /// Adds a caller; what it has used so far goes on.
    fn add(&mut self, entry: &Entry, before: &Known) {
        let pace = Arc::new(Pace::new(entry.per_minute, entry.per_day));
        let used = before.paces.get(&entry.name).and_then(|pace| pace.used());
        used.inspect(|used| pace.resume(*used));
        self.paces.insert(entry.name.clone(), pace.clone());
        let caller = Arc::new(Caller {
            id: entry.name.clone(),
            label: entry.label.clone(),
            department: entry.department.clone(),
            user: None,
            roles: entry.roles.clone(),
            division: entry.division.clone(),
            means: Means::Key,
        });
        let by_certificate = Arc::new(Caller {
            means: Means::Certificate,
            ..Caller::clone(&caller)
        });
        for subject in &entry.certificates {
            let known = (by_certificate.clone(), pace.clone());
            self.subjects.insert(subject.clone(), known);
        }
        for key in entry.keys.iter().filter(|key| key.revoked.is_none()) {
            let Some(hash) = key.fingerprint.hash() else {
                continue;
            };
            let known = KnownKey {
                hash,
                until: key.expires,
                caller: caller.clone(),
                pace: pace.clone(),
            };
            self.keys.insert(key.id.clone(), known);
        }
    }
}
