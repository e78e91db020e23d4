//! The header `Accept` (RFC 9110, 12.5.1).

/// Which of the forms an `Accept` wants most: each has the media types that ask for it. Among equals the one
/// that is named most closely, then the first; `None` where it wants none of them, or says nothing that can be read.
pub fn best<'a>(accept: &str, forms: impl Iterator<Item = &'a [&'a str]>) -> Option<usize> {
    let ranges: Vec<(String, f32)> = accept.split(',').filter_map(range).collect();
    let mut best: Option<(usize, (f32, u8))> = None;
    for (place, types) in forms.enumerate() {
        let wish = types.iter().map(|kind| wish(&ranges, kind));
        let Some(wish) =
            wish.max_by(|one, other| one.0.total_cmp(&other.0).then(one.1.cmp(&other.1)))
        else {
            continue;
        };
        if wish.0 > 0.0 && best.is_none_or(|(_, most)| wish > most) {
            best = Some((place, wish));
        }
    }
    best.map(|(place, _)| place)
}

/// A range with its weight, such as `text/*` and 0.5, without spaces and in small letters.
fn range(text: &str) -> Option<(String, f32)> {
    let mut parts = text.split(';').map(|part| part.trim().to_ascii_lowercase());
    let mut name = parts.next().filter(|name| name.contains('/'))?;
    let mut weight = 1.0;
    for part in parts {
        match part.strip_prefix("q=") {
            Some(q) => weight = q.trim().parse().ok().filter(|q| (0.0..=1.0).contains(q))?,
            None => {
                name.push(';');
                name.push_str(&part.replace('"', ""));
            }
        }
    }
    Some((name, weight))
}

/// How much a media type is wanted, by the range that fits it most closely.
fn wish(ranges: &[(String, f32)], kind: &str) -> (f32, u8) {
    let bare = kind.split(';').next().unwrap_or(kind);
    let family = bare.split('/').next().unwrap_or_default();
    let closeness = |range: &str| match range {
        same if same == kind => 4,
        // A parameter that is not ours, such as a charset, changes nothing.
        same if same == bare => 3,
        other if other.split(';').next() == Some(bare) && !kind.contains(';') => 3,
        any if any.strip_suffix("/*").is_some_and(|one| one == family) => 2,
        "*/*" => 1,
        _ => 0,
    };
    let fitting = ranges
        .iter()
        .map(|(range, weight)| (closeness(range), *weight));
    let closest = fitting
        .filter(|(close, _)| *close > 0)
        .max_by_key(|(close, _)| *close);
    closest.map_or((0.0, 0), |(close, weight)| (weight, close))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_form_most_wanted() {
        let forms: [&[&str]; 3] = [
            &["application/geo+json", "application/json"],
            &["text/html"],
            &["text/csv"],
        ];
        let of = |accept: &str| best(accept, forms.iter().copied());
        assert_eq!(of("*/*"), Some(0));
        assert_eq!(
            of("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"),
            Some(1)
        );
        assert_eq!(of("application/geo+json, application/json"), Some(0));
        assert_eq!(of("text/csv;q=0.9, text/html;q=0.1"), Some(2));
        assert_eq!(of("text/*"), Some(1));
        assert_eq!(of("text/html;q=0, text/*"), Some(2));
        assert_eq!(of("image/png"), None);
        assert_eq!(of("nonsense"), None);
        let apis: [&[&str]; 2] = [&["a/b;version=3.1", "a/b"], &["a/b;version=3.0"]];
        let of = |accept: &str| best(accept, apis.iter().copied());
        assert_eq!(of("a/b;version=3.0"), Some(1));
        assert_eq!(of("a/b; version=\"3.1\""), Some(0));
        assert_eq!(of("a/b"), Some(0));
    }
}
