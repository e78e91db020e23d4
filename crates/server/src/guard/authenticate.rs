//! Who asks, and whether not too often.

use std::net::IpAddr;
use std::sync::Arc;

use access::Caller;
use access::callers::Refusal;
use axum::extract::Request;
use axum::http::{HeaderMap, header};
use record::Problem;

use super::{Guard, is_open};
use crate::connection::Peer;
use crate::failure::Failure;

/// Tells who asks. Where nothing is shown, nobody known asks, which open routes allow.
///
/// # Errors
///
/// 401 `not-authenticated`, one text whatever is wrong with what is shown; 429 `too-many-requests`.
pub fn authenticate(
    guard: &Guard,
    request: &Request,
    route: Option<&str>,
) -> Result<Arc<Caller>, Failure> {
    let headers = request.headers();
    let peer = request.extensions().get::<Peer>();
    let subject = peer.and_then(|peer| peer.subject.as_deref());
    let mut shown = headers.get_all(header::AUTHORIZATION).iter();
    let known = match (shown.next(), shown.next()) {
        (None, _) => {
            let known = subject.map(|subject| guard.callers.certificate(subject));
            match known {
                Some(Ok(caller)) => Ok(caller),
                // A browser shows a certificate to every page.
                None | Some(Err(Refusal::Unknown)) if is_open(route) => {
                    Ok(Arc::new(Caller::nobody()))
                }
                None => return Err(unknown()),
                Some(refused) => refused,
            }
        }
        // A token may have to wait for its issuer's keys, while others go on.
        (Some(one), None) if one.as_bytes().contains(&b'.') => {
            tokio::task::block_in_place(|| guard.callers.bearer(one.as_bytes()))
        }
        (Some(one), None) => guard.callers.bearer(one.as_bytes()),
        // Of two, it could not be told which another server on the way has looked at.
        _ => Err(Refusal::Unknown),
    };
    known.map_err(|refusal| match refusal {
        Refusal::TooMany { seconds } => too_many(seconds),
        Refusal::Unknown => {
            let address = peer.map(|peer| address(peer, headers));
            match address.map_or(Ok(()), |address| guard.guesses.count(address)) {
                Ok(()) => unknown(),
                Err(seconds) => too_many(seconds),
            }
        }
    })
}

fn unknown() -> Failure {
    Failure::of(Problem::new("not-authenticated", "", "", ""))
}

fn too_many(seconds: u64) -> Failure {
    Failure {
        again_after: Some(seconds),
        ..Failure::of(Problem::new(
            "too-many-requests",
            "",
            seconds.to_string(),
            "",
        ))
    }
}

/// Where a request is from. What a proxy says counts only where there is one, and of that only what
/// the proxy itself has added, at the end.
fn address(peer: &Peer, headers: &HeaderMap) -> IpAddr {
    let said = || {
        let last = headers.get_all("x-forwarded-for").iter().next_back()?;
        last.to_str().ok()?.rsplit(',').next()?.trim().parse().ok()
    };
    let said = peer.is_proxy.then(said).flatten();
    said.unwrap_or(peer.address)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_what_the_last_proxy_says() {
        let here: IpAddr = [127, 0, 0, 1].into();
        for (is_proxy, said, expected) in [
            (false, "10.1.1.1", "127.0.0.1"),
            (true, "10.1.1.1", "10.1.1.1"),
            (true, "6.6.6.6, 10.1.1.1", "10.1.1.1"),
            (true, "nobody", "127.0.0.1"),
        ] {
            let peer = Peer {
                address: here,
                is_proxy,
                subject: None,
            };
            let mut headers = HeaderMap::new();
            headers.insert("x-forwarded-for", said.parse().expect("a header"));
            assert_eq!(address(&peer, &headers).to_string(), expected, "{said}");
        }
    }
}
