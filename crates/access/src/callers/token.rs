//! Signed tokens (JWT, RFC 7519) of issuers that are trusted, as an OpenID provider hands them out.
//!
//! A token counts where an issuer of the settings has signed it with one of its own keys and by an
//! algorithm that the settings allow, for this server (`aud`), and now (`exp`, `nbf`). What a token says
//! of where its key is to be found is not looked at.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::{Duration, Instant};

use jsonwebtoken::jwk::{JwkSet, PublicKeyUse};
use jsonwebtoken::{Algorithm, AlgorithmFamily, DecodingKey, Validation, decode, decode_header};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::jwks;
use crate::{Caller, Means};

/// How many bytes a token may have.
const LONGEST: usize = 16 << 10;
/// How far an issuer's clock may be from this one, in seconds.
const LEEWAY: u64 = 30;
/// How soon an issuer is asked for its keys again, when a token names one that is not known.
const AGAIN_AFTER: Duration = Duration::from_secs(30);
/// After how long it is asked at the latest: keys that it has withdrawn are no longer taken then.
const STALE_AFTER: Duration = Duration::from_secs(600);

/// Who signs tokens, and what its tokens say.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Issuer {
    /// What the audit trail calls its callers by, before a colon and the subject.
    pub name: String,
    /// The claim `iss`.
    pub issuer: String,
    /// What the claim `aud` must hold.
    pub audience: String,
    /// Where its keys are: an address (https, or http on this machine), or a file.
    pub jwks: String,
    /// Authorities that vouch for the address, in PEM, where they are not the public ones.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ca: Option<PathBuf>,
    /// The algorithms that are taken.
    #[serde(default = "algorithms")]
    pub algorithms: Vec<Algorithm>,
    /// The claim that lists roles.
    #[serde(default = "roles_claim")]
    pub roles_claim: String,
    /// The claim that names the department.
    #[serde(default = "department_claim")]
    pub department_claim: String,
    /// The claim that names the division.
    #[serde(default = "division_claim")]
    pub division_claim: String,
    /// The claim that names the person.
    #[serde(default = "user_claim")]
    pub user_claim: String,
    /// How many requests a minute each of its callers may send.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub per_minute: Option<u32>,
    /// How many requests a day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub per_day: Option<u64>,
}

fn algorithms() -> Vec<Algorithm> {
    vec![
        Algorithm::RS256,
        Algorithm::PS256,
        Algorithm::ES256,
        Algorithm::EdDSA,
    ]
}
fn roles_claim() -> String {
    "roles".to_string()
}
fn department_claim() -> String {
    "department".to_string()
}
fn division_claim() -> String {
    "division".to_string()
}
fn user_claim() -> String {
    "preferred_username".to_string()
}

/// Why an issuer of the settings cannot be.
#[derive(Debug, thiserror::Error)]
pub enum IssuerError {
    /// An algorithm by which whoever checks a token could sign one too.
    #[error("issuer '{0}': {1:?} is no algorithm with a public key")]
    Algorithm(String, Algorithm),
    /// A name that could be another caller's.
    #[error(
        "issuer '{0}': a name is 1 to 32 lower-case letters, digits and hyphens, and used once"
    )]
    Name(String),
    /// Its keys may not be asked for there.
    #[error("issuer '{0}': {1}")]
    Keys(String, jwks::KeysError),
}

impl Issuer {
    /// Takes the paths of a settings file as they stand beside it.
    pub fn settle(&mut self, folder: &Path) {
        if !jwks::is_address(&self.jwks) {
            self.jwks = folder.join(&self.jwks).display().to_string();
        }
        self.ca = self.ca.take().map(|path| folder.join(path));
    }

    fn check(&self) -> Result<(), IssuerError> {
        let is_name = |byte: u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-');
        let name = self.name.as_bytes();
        if name.is_empty() || name.len() > 32 || !name.iter().copied().all(is_name) {
            return Err(IssuerError::Name(self.name.clone()));
        }
        let shared = self.algorithms.iter();
        let mut shared = shared.filter(|one| one.family() == AlgorithmFamily::Hmac);
        if let Some(one) = shared.next() {
            return Err(IssuerError::Algorithm(self.name.clone(), *one));
        }
        jwks::check(&self.jwks).map_err(|error| IssuerError::Keys(self.name.clone(), error))
    }
}

/// The issuers, with their keys as far as they are known.
#[derive(Default)]
pub struct Tokens {
    issuers: Vec<Known>,
}

struct Known {
    issuer: Issuer,
    keys: RwLock<Arc<JwkSet>>,
    /// When its keys were last asked for; held while they are.
    asked: Mutex<Option<Instant>>,
}

/// Whose token it is, and how often it may ask.
pub struct Shown {
    /// Who.
    pub caller: Caller,
    /// Requests a minute.
    pub per_minute: Option<u32>,
    /// Requests a day.
    pub per_day: Option<u64>,
}

impl Tokens {
    /// Of these issuers.
    ///
    /// # Errors
    ///
    /// One of them cannot be. That its keys cannot be had now is no error: they are asked for again.
    pub fn new(issuers: Vec<Issuer>) -> Result<Tokens, IssuerError> {
        for (place, issuer) in issuers.iter().enumerate() {
            issuer.check()?;
            if issuers[..place]
                .iter()
                .any(|other| other.name == issuer.name)
            {
                return Err(IssuerError::Name(issuer.name.clone()));
            }
        }
        let issuers = issuers.into_iter().map(|issuer| Known {
            issuer,
            keys: RwLock::new(Arc::new(JwkSet { keys: Vec::new() })),
            asked: Mutex::new(None),
        });
        Ok(Tokens {
            issuers: issuers.collect(),
        })
    }

    /// Whose token this is; `None` where it does not count, for whatever reason. May ask an issuer for
    /// its keys, and wait for the answer.
    pub fn verify(&self, token: &[u8]) -> Option<Shown> {
        let is_short = token.len() <= LONGEST;
        let token = std::str::from_utf8(token).ok().filter(|_| is_short)?;
        self.issuers.iter().find_map(|issuer| issuer.verify(token))
    }
}

impl Known {
    fn verify(&self, token: &str) -> Option<Shown> {
        let header = decode_header(token).ok()?;
        let algorithm = header.alg;
        if !self.issuer.algorithms.contains(&algorithm) {
            return None;
        }
        let key = self.key(header.kid.as_deref(), algorithm)?;
        let mut validation = Validation::new(algorithm);
        validation.leeway = LEEWAY;
        validation.validate_nbf = true;
        validation.set_audience(&[&self.issuer.audience]);
        validation.set_issuer(&[&self.issuer.issuer]);
        validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
        let claims = decode::<Map<String, Value>>(token, &key, &validation)
            .ok()?
            .claims;
        self.shown(&claims)
    }

    /// The key of a token: the one it names, or the only one there is.
    fn key(&self, kid: Option<&str>, algorithm: Algorithm) -> Option<DecodingKey> {
        let is_stale = {
            let asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
            asked.is_none_or(|asked| asked.elapsed() > STALE_AFTER)
        };
        if is_stale {
            self.ask();
        }
        let found = self.find(kid, algorithm);
        if found.is_some() {
            return found;
        }
        self.ask();
        self.find(kid, algorithm)
    }

    fn find(&self, kid: Option<&str>, algorithm: Algorithm) -> Option<DecodingKey> {
        let keys = self.keys.read().unwrap_or_else(PoisonError::into_inner);
        let jwk = match kid {
            Some(kid) => keys.find(kid)?,
            None => keys.keys.first().filter(|_| keys.keys.len() == 1)?,
        };
        let is_for_signing = !matches!(&jwk.common.public_key_use, Some(PublicKeyUse::Encryption));
        let key = DecodingKey::from_jwk(jwk).ok().filter(|_| is_for_signing)?;
        (key.family() == algorithm.family()).then_some(key)
    }

    /// Asks the issuer for its keys, unless that was just done. Where it does not answer, those that
    /// are known stay.
    fn ask(&self) {
        let mut asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
        if asked.is_some_and(|asked| asked.elapsed() < AGAIN_AFTER) {
            return;
        }
        *asked = Some(Instant::now());
        match jwks::fetch(&self.issuer.jwks, self.issuer.ca.as_deref()) {
            Ok(found) => {
                *self.keys.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(found);
            }
            Err(error) => tracing::warn!(issuer = self.issuer.name, %error, "no keys"),
        }
    }

    /// Who a token that counts speaks of. One that names no role is nobody's here.
    fn shown(&self, claims: &Map<String, Value>) -> Option<Shown> {
        let text = |claim: &str| Some(claims.get(claim)?.as_str()?.to_string());
        let subject = text("sub").filter(|subject| !subject.is_empty() && subject.len() <= 255)?;
        let roles: Vec<String> = match claims.get(&self.issuer.roles_claim)? {
            Value::String(roles) => roles.split_whitespace().map(str::to_string).collect(),
            Value::Array(roles) => {
                let roles = roles.iter().map(|role| role.as_str().map(str::to_string));
                roles.collect::<Option<_>>()?
            }
            _ => return None,
        };
        if roles.is_empty() {
            return None;
        }
        let user = text(&self.issuer.user_claim);
        Some(Shown {
            caller: Caller {
                id: format!("{}:{subject}", self.issuer.name),
                label: user.clone().unwrap_or_default(),
                department: text(&self.issuer.department_claim),
                user: user.or(Some(subject)),
                roles,
                division: text(&self.issuer.division_claim),
                means: Means::Token,
            },
            per_minute: self.issuer.per_minute,
            per_day: self.issuer.per_day,
        })
    }
}
