//! Small bars drawn in the page.

use maud::{Markup, html};

/// The width of a bar, in units of its drawing.
const WIDTH: f64 = 600.0;

/// One part of a whole.
pub struct Part {
    /// Its name in Chinese.
    pub zh: &'static str,
    /// Its name in English.
    pub en: &'static str,
    /// The style's class that colours it.
    pub class: &'static str,
    /// How much it is.
    pub count: u64,
}

impl Part {
    /// A part.
    pub fn new(zh: &'static str, en: &'static str, class: &'static str, count: u64) -> Part {
        Part {
            zh,
            en,
            class,
            count,
        }
    }
}

/// All parts in one bar.
pub fn stacked(parts: &[Part]) -> Markup {
    let all: u64 = parts.iter().map(|part| part.count).sum();
    let mut places = Vec::new();
    let mut from = 0.0;
    for part in parts.iter().filter(|part| part.count > 0) {
        let width = WIDTH * part.count as f64 / all.max(1) as f64;
        places.push((part, from, width));
        from += width;
    }
    html! {
        svg class="stacked" viewBox="0 0 600 24" preserveAspectRatio="none" role="img" {
            @for (part, from, width) in places {
                rect class=(part.class) x=(short(from)) y="0" width=(short(width)) height="24" {
                    title { (part.zh) " " (part.en) ": " (part.count) }
                }
            }
        }
    }
}

/// A colour of the legend.
pub fn swatch(class: &str) -> Markup {
    html! { svg class="swatch" viewBox="0 0 12 12" { rect class=(class) width="12" height="12" {} } }
}

/// How much of a whole something is.
pub fn share(part: u64, whole: u64) -> Markup {
    let width = 100.0 * part as f64 / whole.max(1) as f64;
    html! {
        svg class="share" viewBox="0 0 100 10" preserveAspectRatio="none" role="img" {
            rect class="ground" x="0" y="0" width="100" height="10" {}
            rect class="c1" x="0" y="0" width=(short(width)) height="10" {}
        }
    }
}

/// A percentage with one decimal; all and nothing are only what they are.
pub fn percent(part: u64, whole: u64) -> String {
    if whole == 0 {
        return "–".to_string();
    }
    let percent = 100.0 * part as f64 / whole as f64;
    let shown = if part < whole {
        percent.min(99.9)
    } else {
        percent
    };
    let shown = if part > 0 { shown.max(0.1) } else { shown };
    format!("{shown:.1} %")
}

fn short(number: f64) -> String {
    format!("{number:.2}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn almost_all_is_not_all() {
        assert_eq!(percent(100_000, 100_000), "100.0 %");
        assert_eq!(percent(99_999, 100_000), "99.9 %");
        assert_eq!(percent(1, 100_000), "0.1 %");
        assert_eq!(percent(0, 100_000), "0.0 %");
        assert_eq!(percent(0, 0), "–");
    }
}
