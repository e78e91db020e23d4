//! Vocabularies and authority tables.

/// A term of DCAT 3.
pub fn dcat(name: &str) -> String {
    format!("http://www.w3.org/ns/dcat#{name}")
}

/// A term of Dublin Core.
pub fn dct(name: &str) -> String {
    format!("http://purl.org/dc/terms/{name}")
}

/// A term of FOAF.
pub fn foaf(name: &str) -> String {
    format!("http://xmlns.com/foaf/0.1/{name}")
}

/// A term of SKOS.
pub fn skos(name: &str) -> String {
    format!("http://www.w3.org/2004/02/skos/core#{name}")
}

/// A term of vCard.
pub fn vcard(name: &str) -> String {
    format!("http://www.w3.org/2006/vcard/ns#{name}")
}

/// `rdfs:label`.
pub const LABEL: &str = "http://www.w3.org/2000/01/rdf-schema#label";
/// `rdfs:Resource`.
pub const RESOURCE: &str = "http://www.w3.org/2000/01/rdf-schema#Resource";
/// The prefixes that Turtle and JSON-LD are written with.
pub const PREFIXES: [(&str, &str); 8] = [
    ("dcat", "http://www.w3.org/ns/dcat#"),
    ("dct", "http://purl.org/dc/terms/"),
    ("foaf", "http://xmlns.com/foaf/0.1/"),
    ("rdf", "http://www.w3.org/1999/02/22-rdf-syntax-ns#"),
    ("rdfs", "http://www.w3.org/2000/01/rdf-schema#"),
    ("skos", "http://www.w3.org/2004/02/skos/core#"),
    ("vcard", "http://www.w3.org/2006/vcard/ns#"),
    ("xsd", "http://www.w3.org/2001/XMLSchema#"),
];

// Authority tables of the Publications Office of the European Union, which the profile names.

/// Access rights.
pub const ACCESS_RIGHT: &str = "http://publications.europa.eu/resource/authority/access-right/";
/// Data themes.
pub const DATA_THEME: &str = "http://publications.europa.eu/resource/authority/data-theme/";
/// File types.
pub const FILE_TYPE: &str = "http://publications.europa.eu/resource/authority/file-type/";
/// Frequencies.
pub const FREQUENCY: &str = "http://publications.europa.eu/resource/authority/frequency/";
/// Languages.
pub const LANGUAGE: &str = "http://publications.europa.eu/resource/authority/language/";
/// The country.
pub const COUNTRY: &str = "http://publications.europa.eu/resource/authority/country/CHN";
/// Media types, of IANA.
pub const MEDIA_TYPE: &str = "http://www.iana.org/assignments/media-types/";
