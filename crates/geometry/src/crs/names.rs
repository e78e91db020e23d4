//! Names of coordinate reference systems: short names, EPSG codes, OGC URIs and URNs.

use std::fmt;

use super::{Crs, CrsError};

impl Crs {
    /// The system of a name. Accepted, whatever the case, spaces and hyphens:
    ///
    /// * `CGCS2000`, `WGS84`, `CRS84`, `GCJ-02`, `BD-09`
    /// * `EPSG:4490`, `OGC:CRS84`, also in brackets (safe CURIE)
    /// * `http://www.opengis.net/def/crs/EPSG/0/4490`,
    ///   `http://www.opengis.net/def/crs/OGC/1.3/CRS84` (https too)
    /// * `urn:ogc:def:crs:EPSG::4490`, `urn:ogc:def:crs:OGC:1.3:CRS84`
    ///
    /// # Errors
    ///
    /// [`CrsError::Unknown`] with the name as given.
    pub fn from_name(name: &str) -> Result<Crs, CrsError> {
        parse(name).ok_or_else(|| CrsError::Unknown {
            name: name.to_owned(),
        })
    }

    /// The system of an EPSG code: 4490, 4326, 3857 and 4491 to 4554.
    pub fn from_epsg(code: u32) -> Option<Crs> {
        match code {
            4490 => Some(Crs::Cgcs2000),
            4326 => Some(Crs::Wgs84),
            3857 => Some(Crs::WebMercator),
            4491..=4554 => u16::try_from(code)
                .ok()
                .map(|epsg| Crs::GaussKruger { epsg }),
            _ => None,
        }
    }

    /// Every system that has an OGC URI: CRS84 first, then by EPSG code those in degrees, Web Mercator and
    /// the Gauss-Krüger zones.
    pub fn with_uri() -> impl Iterator<Item = Crs> {
        let first = [Crs::Crs84, Crs::Cgcs2000, Crs::Wgs84, Crs::WebMercator];
        let zones = (4491..=4554).map(|epsg| Crs::GaussKruger { epsg });
        first.into_iter().chain(zones)
    }

    /// The EPSG code, for the systems that have one.
    pub fn epsg(self) -> Option<u16> {
        match self {
            Crs::Cgcs2000 => Some(4490),
            Crs::Wgs84 => Some(4326),
            Crs::GaussKruger { epsg } => Some(epsg),
            Crs::WebMercator => Some(3857),
            Crs::Crs84 | Crs::Gcj02 | Crs::Bd09 => None,
        }
    }

    /// The OGC URI, for the systems that have one: what a `Content-Crs` header carries.
    pub fn uri(self) -> Option<String> {
        match (self, self.epsg()) {
            (Crs::Crs84, _) => Some("http://www.opengis.net/def/crs/OGC/1.3/CRS84".to_owned()),
            (_, Some(code)) => Some(format!("http://www.opengis.net/def/crs/EPSG/0/{code}")),
            (_, None) => None,
        }
    }
}

/// The short name, which [`Crs::from_name`] reads back: `EPSG:4490`, `OGC:CRS84`, `GCJ-02`.
impl fmt::Display for Crs {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self, self.epsg()) {
            (_, Some(code)) => write!(formatter, "EPSG:{code}"),
            (Crs::Gcj02, _) => formatter.write_str("GCJ-02"),
            (Crs::Bd09, _) => formatter.write_str("BD-09"),
            (_, None) => formatter.write_str("OGC:CRS84"),
        }
    }
}

fn parse(name: &str) -> Option<Crs> {
    let name = name.trim().to_ascii_uppercase();
    let name = name
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'))
        .unwrap_or(&name);
    let uri = name
        .strip_prefix("HTTP://WWW.OPENGIS.NET/DEF/CRS/")
        .or_else(|| name.strip_prefix("HTTPS://WWW.OPENGIS.NET/DEF/CRS/"));
    if let Some(path) = uri {
        let mut parts = path.split('/');
        return authority(parts.next()?, parts.next()?, parts.next()?)
            .filter(|_| parts.next().is_none());
    }
    if let Some(path) = name.strip_prefix("URN:OGC:DEF:CRS:") {
        let mut parts = path.split(':');
        return authority(parts.next()?, parts.next()?, parts.next()?)
            .filter(|_| parts.next().is_none());
    }
    if let Some((who, code)) = name.split_once(':') {
        return authority(who, "", code);
    }
    let bare: String = name
        .chars()
        .filter(|character| !matches!(character, ' ' | '-' | '_'))
        .collect();
    match bare.as_str() {
        "CGCS2000" => Some(Crs::Cgcs2000),
        "WGS84" => Some(Crs::Wgs84),
        "CRS84" => Some(Crs::Crs84),
        "GCJ02" => Some(Crs::Gcj02),
        "BD09" => Some(Crs::Bd09),
        _ => None,
    }
}

/// A code of an authority. EPSG versions are not told apart: the systems known here never changed.
fn authority(who: &str, version: &str, code: &str) -> Option<Crs> {
    let digits = |text: &str| text.chars().all(|c| c.is_ascii_digit() || c == '.');
    if !digits(version) {
        return None;
    }
    match who {
        "EPSG" => Crs::from_epsg(code.parse().ok()?),
        "OGC" if code == "CRS84" => Some(Crs::Crs84),
        _ => None,
    }
}
