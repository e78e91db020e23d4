//! The web console: the files that Vite builds from `web/` (`npm ci && npm run build` in this folder), embedded.
//!
//! Every text file is there three times, as it is and compressed with Brotli and gzip, so that nothing is
//! compressed at a request. A binary that was built without them serves everything but the console.

use include_dir::{Dir, include_dir};

static DIST: Dir<'_> = include_dir!("$OUT_DIR/dist");

/// The page that everything else belongs to.
pub const INDEX: &str = "index.html";

/// What the page may do: run its own scripts and styles, ask its own server, and nothing else. Icons of
/// the map's buttons stand in its style sheet as `data:`.
pub const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
                          img-src 'self' data: blob:; connect-src 'self'; worker-src 'self'; \
                          base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/// A file as it is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asset {
    /// What is sent.
    pub bytes: &'static [u8],
    /// Its media type.
    pub media_type: &'static str,
    /// `br` or `gzip`; none where it is sent as it is.
    pub encoding: Option<&'static str>,
    /// Whether its name changes with its content, so that it may be kept for ever.
    pub is_lasting: bool,
}

/// Whether the console was built into this binary.
pub fn is_built() -> bool {
    DIST.get_file(INDEX).is_some()
}

/// A file by its path below `/console/`, in the smallest form that an `Accept-Encoding` allows.
pub fn find(path: &str, accepted: &str) -> Option<Asset> {
    let plain = DIST.get_file(path)?;
    let media_type = media_type(path)?;
    let smaller = [("br", "br"), ("gzip", "gz")];
    let smaller = smaller.into_iter().find_map(|(encoding, ending)| {
        let file = DIST.get_file(format!("{path}.{ending}"))?;
        accepts(accepted, encoding).then_some((encoding, file))
    });
    Some(Asset {
        bytes: smaller.map_or(plain, |(_, file)| file).contents(),
        media_type,
        encoding: smaller.map(|(encoding, _)| encoding),
        is_lasting: path.starts_with("assets/"),
    })
}

/// What is sent; other files are not, the compressed ones by their own names among them.
fn media_type(path: &str) -> Option<&'static str> {
    let (_, ending) = path.rsplit_once('.')?;
    Some(match ending {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "woff2" => "font/woff2",
        _ => return None,
    })
}

/// Whether an `Accept-Encoding` (RFC 9110, 12.5.3) names an encoding, and not with weight 0.
fn accepts(accepted: &str, encoding: &str) -> bool {
    accepted.split(',').any(|one| {
        let mut parts = one.split(';').map(str::trim);
        let named = parts.next() == Some(encoding);
        let weight = parts.find_map(|part| part.strip_prefix("q="));
        named && weight.is_none_or(|weight| weight.parse().unwrap_or(0.0) > 0.0)
    })
}

#[cfg(test)]
mod tests;
