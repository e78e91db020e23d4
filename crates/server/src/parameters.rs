//! Query strings. Every parameter is used or refused by name; none is ignored, none counts twice.

use query::{QueryError, times};
use record::{Validity, prose};

/// The parameters of one request that no one has taken yet.
pub struct Parameters {
    left: Vec<(String, String)>,
    known: Vec<&'static str>,
}

impl Parameters {
    /// Reads a query string.
    pub fn parse(query: Option<&str>) -> Result<Parameters, QueryError> {
        let left: Vec<(String, String)> = form_urlencoded::parse(query.unwrap_or("").as_bytes())
            .into_owned()
            .collect();
        for (place, (name, value)) in left.iter().enumerate() {
            if left[..place].iter().any(|(other, _)| other == name) {
                return Err(QueryError::bad(
                    name,
                    value,
                    prose!("只给一次：它出现了两次", "one value: it is given twice"),
                ));
            }
        }
        Ok(Parameters {
            left,
            known: Vec::new(),
        })
    }

    /// Takes a parameter.
    pub fn take(&mut self, name: &'static str) -> Option<String> {
        self.known.push(name);
        let place = self.left.iter().position(|(other, _)| other == name)?;
        Some(self.left.remove(place).1)
    }

    /// Takes a parameter that is a list with commas between.
    pub fn take_list(&mut self, name: &'static str) -> Vec<String> {
        let text = self.take(name).unwrap_or_default();
        text.split(',')
            .map(str::trim)
            .filter(|one| !one.is_empty())
            .map(str::to_string)
            .collect()
    }

    /// Takes a parameter that is a whole number.
    pub fn take_number(&mut self, name: &'static str) -> Result<Option<usize>, QueryError> {
        let text = self.take(name);
        text.map(|text| {
            text.parse()
                .map_err(|_| QueryError::bad(name, &text, prose!("非负整数", "a whole number")))
        })
        .transpose()
    }

    /// Whether a parameter is there and was not taken yet.
    pub fn has(&self, name: &str) -> bool {
        self.left.iter().any(|(other, _)| other == name)
    }

    /// Takes a parameter only where it has this value.
    pub fn take_if(&mut self, name: &'static str, value: &str) -> bool {
        let has_it = self
            .left
            .iter()
            .any(|(other, text)| other == name && text == value);
        has_it && self.take(name).is_some()
    }

    /// Takes `f`; an error where it names none of the formats. The first is the default.
    pub fn take_format(&mut self, formats: &[&'static str]) -> Result<&'static str, QueryError> {
        match self.take("f") {
            None => Ok(formats[0]),
            Some(text) => formats
                .iter()
                .copied()
                .find(|format| *format == text)
                .ok_or_else(|| QueryError::bad("f", &text, formats.join(", "))),
        }
    }

    /// Takes all that `is_wanted` accepts.
    pub fn take_others(&mut self, is_wanted: impl Fn(&str) -> bool) -> Vec<(String, String)> {
        let (taken, left) = self.left.drain(..).partition(|(name, _)| is_wanted(name));
        self.left = left;
        taken
    }

    /// Refuses what is left; `others` are further names that would have been taken.
    pub fn finish<'a>(self, others: impl IntoIterator<Item = &'a str>) -> Result<(), QueryError> {
        match self.left.first() {
            None => Ok(()),
            Some((name, _)) => {
                let names = self.known.iter().copied().chain(others);
                Err(QueryError::UnknownParameter {
                    name: name.clone(),
                    known: query::names::nearest(name, names),
                })
            }
        }
    }
}

/// `west,south,east,north`, or six numbers with heights. A box with its west in the east of its east
/// goes across the antimeridian.
pub fn bbox(text: &str) -> Result<[f64; 4], QueryError> {
    let wrong = || {
        QueryError::bad(
            "bbox",
            text,
            prose!(
                "以度为单位的 west,south,east,north",
                "west,south,east,north in degrees"
            ),
        )
    };
    let numbers: Vec<f64> = text
        .split(',')
        .map(|one| one.trim().parse())
        .collect::<Result<_, _>>()
        .map_err(|_| wrong())?;
    let corners = match numbers.as_slice() {
        [west, south, east, north] | [west, south, _, east, north, _] => {
            [*west, *south, *east, *north]
        }
        _ => return Err(wrong()),
    };
    let [west, south, east, north] = corners;
    geometry::Bounds::of_degrees(west.min(east), south, east.max(west), north)
        .map(|_| corners)
        .ok_or_else(wrong)
}

/// OGC's `datetime`: a day or an instant on it, or two with a slash between.
pub fn datetime(text: &str) -> Result<Validity, QueryError> {
    times::days(text).ok_or_else(|| QueryError::bad("datetime", text, times::days_form()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_ignored() {
        let mut parameters = Parameters::parse(Some("limit=5&lmit=6")).expect("parameters");
        assert_eq!(parameters.take_number("limit").expect("a number"), Some(5));
        assert!(
            matches!(parameters.finish([]), Err(QueryError::UnknownParameter { name, .. }) if name == "lmit")
        );
        assert!(Parameters::parse(Some("a=1&a=2")).is_err());
        assert!(bbox("116,39,117,40").is_ok() && bbox("170,39,-170,40").is_ok());
        assert!(
            bbox("117,40,116,39").is_err() && bbox("1,2,3").is_err() && bbox("a,b,c,d").is_err()
        );
        assert!(datetime("2024-01-01/..").is_ok() && datetime("..").is_err());
    }
}
