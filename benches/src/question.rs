//! What is asked.

use serde_json::{Value, json};

/// West, south, east, north, in degrees.
pub type Bounds = [f64; 4];

/// A question. Where there may be many records, the answer is how many there are and the first ten,
/// in the order in which they were registered.
#[derive(Clone, Debug)]
pub enum Question {
    /// The person of this identity number.
    Key(String),
    /// These two characters stand in the name.
    NameInside(String),
    /// This stands in the address.
    AddressPhrase(String),
    /// All persons in a box.
    Box(Bounds),
    /// The ten nearest.
    Nearest { lon: f64, lat: f64 },
    /// How many there are within a distance.
    Radius { lon: f64, lat: f64, metres: f64 },
    /// How many there are in each county, by sex.
    Group,
    /// The name begins so, in this county, in the box.
    Combined {
        prefix: String,
        county: String,
        bounds: Bounds,
    },
}

/// A collection's page is never longer.
pub const MOST: usize = 1000;

impl Question {
    /// The body of `POST /query`; a key look-up has a route of its own.
    pub fn json(&self) -> Value {
        let filter = |filter: String, limit: usize| json!({ "from": "person", "filter": filter, "limit": limit });
        match self {
            Question::Key(key) => json!({ "keys": [key] }),
            Question::NameInside(part) => filter(format!("text_match(name,'{part}')"), 10),
            Question::AddressPhrase(part) => {
                filter(format!("text_match(addressText,'{part}')"), 10)
            }
            Question::Box(bounds) => filter(inside(bounds), MOST),
            Question::Nearest { lon, lat } => {
                json!({ "from": "person", "near": { "lon": lon, "lat": lat, "k": 10 } })
            }
            Question::Radius { lon, lat, metres } => {
                let near = json!({ "lon": lon, "lat": lat, "metres": metres });
                json!({ "from": "person", "near": near, "limit": 0 })
            }
            Question::Group => {
                json!({ "from": "person", "group": ["division:county", "sex"], "measures": ["count"] })
            }
            Question::Combined {
                prefix,
                county,
                bounds,
            } => {
                let inside = inside(bounds);
                filter(
                    format!("name LIKE '{prefix}%' AND within_division('{county}') AND {inside}"),
                    10,
                )
            }
        }
    }
}

fn inside([west, south, east, north]: &Bounds) -> String {
    format!("S_INTERSECTS(geometry,BBOX({west},{south},{east},{north}))")
}
