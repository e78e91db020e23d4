//! Pages of other sites may not write. A browser sends what any page asks of a server on this machine,
//! and names the page's origin; programs name none.

use axum::extract::Request;
use axum::http::{HeaderMap, Method, header};
use record::Problem;

use crate::failure::Failure;

/// Refuses requests that change something and come from a page that this server has not served. Where the
/// server is guarded it may be known by any name: a page of another one can show no key, and a browser
/// that shows a certificate has seen that the name is the server's.
///
/// # Errors
///
/// The problem `cross-site`.
pub fn check(request: &Request, is_guarded: bool) -> Result<(), Failure> {
    let only_reads = matches!(
        *request.method(),
        Method::GET | Method::HEAD | Method::OPTIONS
    );
    let headers = request.headers();
    if only_reads || is_own(headers, is_guarded) {
        return Ok(());
    }
    let origin = text(headers, header::ORIGIN).unwrap_or_default();
    Err(Failure::of(Problem::new("cross-site", "", origin, "")))
}

/// Whether no page asks, or one of this server under a name that is this machine's own.
fn is_own(headers: &HeaderMap, is_guarded: bool) -> bool {
    let Some(origin) = text(headers, header::ORIGIN) else {
        // Some old browsers name no origin, but all that matter say where a request comes from.
        return headers
            .get("sec-fetch-site")
            .is_none_or(|site| site == "same-origin" || site == "none");
    };
    let host = text(headers, header::HOST).unwrap_or_default();
    let (_, named) = origin.split_once("://").unwrap_or_default();
    // A stranger's name may lead to this machine too, and reach what nobody guards.
    let (name, _) = host.rsplit_once(':').unwrap_or((host, ""));
    let here = ["localhost", "127.0.0.1", "[::1]"].contains(&name);
    named == host && (here || is_guarded)
}

fn text(headers: &HeaderMap, name: header::HeaderName) -> Option<&str> {
    headers.get(name)?.to_str().ok()
}

#[cfg(test)]
mod tests {
    use axum::body::Body;

    use super::*;

    #[test]
    fn only_own_pages_and_programs_write() {
        for (method, origin, host, passes) in [
            ("POST", "", "127.0.0.1:8080", true),
            ("POST", "http://127.0.0.1:8080", "127.0.0.1:8080", true),
            ("POST", "http://localhost:8080", "localhost:8080", true),
            ("POST", "http://[::1]:8080", "[::1]:8080", true),
            ("POST", "http://localhost:9090", "localhost:8080", false),
            ("POST", "https://example.org", "127.0.0.1:8080", false),
            ("POST", "null", "127.0.0.1:8080", false),
            ("POST", "http://example.org:8080", "example.org:8080", false),
            ("DELETE", "https://example.org", "127.0.0.1:8080", false),
            ("GET", "https://example.org", "127.0.0.1:8080", true),
        ] {
            let mut request = Request::builder().method(method).header("host", host);
            if !origin.is_empty() {
                request = request.header("origin", origin);
            }
            let request = request.body(Body::empty()).expect("a request");
            assert_eq!(
                check(&request, false).is_ok(),
                passes,
                "{method} {origin} {host}"
            );
        }
    }

    #[test]
    fn a_guarded_server_has_any_name() {
        for (origin, passes) in [
            ("https://jiku.example.gov.cn", true),
            ("https://jiku.example.gov.cn:8443", false),
            ("https://example.org", false),
            ("null", false),
        ] {
            let request = Request::post("/loads").header("host", "jiku.example.gov.cn");
            let request = request.header("origin", origin).body(Body::empty());
            let request = request.expect("a request");
            assert_eq!(check(&request, true).is_ok(), passes, "{origin}");
        }
    }

    #[test]
    fn a_request_that_says_whence_it_comes_needs_no_origin() {
        for (site, passes) in [("cross-site", false), ("same-origin", true)] {
            let request = Request::post("/loads").header("sec-fetch-site", site);
            let request = request.body(Body::empty()).expect("a request");
            assert_eq!(check(&request, false).is_ok(), passes, "{site}");
        }
    }
}
