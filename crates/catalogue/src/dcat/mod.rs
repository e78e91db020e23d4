//! The catalogue as DCAT-AP 3.0.1: a graph of RDF, written as JSON-LD or Turtle.
//!
//! Each collection is a dataset, with the query interface as its distribution; what is published without a
//! key is a dataset of its own, with files. Every thing that is named is also typed, since the profile's
//! shapes ask for the class of what a property leads to, and a catalogue is checked by itself.

mod graph;
mod terms;

#[cfg(test)]
mod tests;

use schema::{Catalog, OpenForm, OpenResource, SharingDesk, SharingType, UpdateCycle};

pub use graph::{Graph, Syntax};

use crate::entry::{Entry, entries};
use terms::{
    ACCESS_RIGHT, COUNTRY, DATA_THEME, FILE_TYPE, FREQUENCY, LANGUAGE, MEDIA_TYPE, dcat, dct, foaf,
    skos, vcard,
};

/// What the catalogue holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extent {
    /// All that departments may ask for, and what is published without a key.
    Everything,
    /// What is published without a key.
    Open,
}

/// The catalogue as a graph. `origin` is where the server is, `http://host:port`, before which every address
/// begins.
pub fn graph(catalog: &Catalog, desk: &SharingDesk, origin: &str, extent: Extent) -> Graph {
    let mut out = Describing {
        graph: Graph::default(),
        catalog,
        desk,
        origin: origin.trim_end_matches('/'),
    };
    out.catalogue(extent);
    out.graph
}

struct Describing<'a> {
    graph: Graph,
    catalog: &'a Catalog,
    desk: &'a SharingDesk,
    origin: &'a str,
}

impl Describing<'_> {
    fn address(&self, path: &str) -> String {
        format!("{}{path}", self.origin)
    }

    fn catalogue(&mut self, extent: Extent) {
        let (path, zh, en) = match extent {
            Extent::Everything => (
                "/catalog",
                "基础库共享目录",
                "Catalogue of the base registers",
            ),
            Extent::Open => ("/open", "基础库开放目录", "Open data of the base registers"),
        };
        let this = self.address(path);
        self.graph.is_a(&this, &dcat("Catalog"));
        self.both(&this, &dct("title"), zh, en);
        self.both(
            &this,
            &dct("description"),
            "人口、法人、空间、宏观经济四大基础库的信息资源",
            "The information resources of the city's base registers: persons, organizations, space, macroeconomy",
        );
        let publisher = self.department(&self.desk.supervisor.clone());
        self.graph.leads(&this, &dct("publisher"), &publisher);
        self.languages(&this);
        let scheme = DATA_THEME.trim_end_matches('/').to_string();
        self.graph.is_a(&scheme, &skos("ConceptScheme"));
        self.graph
            .says_in(&scheme, &dct("title"), "Data theme", "en");
        self.graph.leads(&this, &dcat("themeTaxonomy"), &scheme);
        self.licence_of(&this);
        let service = self.service();
        self.graph.leads(&this, &dcat("service"), &service);
        if extent == Extent::Everything {
            for entry in entries(self.catalog) {
                let dataset = self.dataset(&entry, &service);
                self.graph.leads(&this, &dcat("dataset"), &dataset);
                self.graph.leads(&service, &dcat("servesDataset"), &dataset);
            }
        }
        let open = self.catalog.open.clone();
        for resource in &open.resources {
            let dataset = self.open_dataset(resource);
            self.graph.leads(&this, &dcat("dataset"), &dataset);
        }
    }

    /// The interface over which everything is asked.
    fn service(&mut self) -> String {
        let this = self.address("/#service");
        self.graph.is_a(&this, &dcat("DataService"));
        self.both(
            &this,
            &dct("title"),
            "基库查询接口",
            "Query interface of the base registers",
        );
        self.resource(&this, &dcat("endpointURL"), &self.address("/"));
        self.resource(&this, &dcat("endpointDescription"), &self.address("/api"));
        let standard = "http://www.opengis.net/spec/ogcapi-features-1/1.0";
        self.graph.is_a(standard, &dct("Standard"));
        self.graph.leads(&this, &dct("conformsTo"), standard);
        self.rights(&this, "RESTRICTED");
        let publisher = self.department(&self.desk.supervisor.clone());
        self.graph.leads(&this, &dct("publisher"), &publisher);
        self.contact(&this);
        this
    }

    fn dataset(&mut self, entry: &Entry, service: &str) -> String {
        let this = self.address(&format!("/catalog/resources/{}", entry.collection));
        self.described(&this, &entry.name, &entry.summary, entry.update_cycle);
        self.graph.says(&this, &dct("identifier"), &entry.code);
        for keyword in &entry.keywords {
            self.both(&this, &dcat("keyword"), &keyword.zh, &keyword.en);
        }
        self.theme(&this, &entry.theme);
        let publisher = self.department(&entry.provider.id);
        self.graph.leads(&this, &dct("publisher"), &publisher);
        self.graph.leads(&this, &dct("creator"), &publisher);
        let right = match entry.terms.sharing.id {
            SharingType::Unconditional | SharingType::Conditional => "RESTRICTED",
            SharingType::NotShared => "NON_PUBLIC",
        };
        self.rights(&this, right);
        if let Some(day) = &entry.published {
            self.graph.day(&this, &dct("issued"), day);
        }
        self.page(&this, &this.clone());
        let distribution = format!("{this}#interface");
        self.graph.is_a(&distribution, &dcat("Distribution"));
        self.graph
            .leads(&this, &dcat("distribution"), &distribution);
        self.both(&distribution, &dct("title"), "查询接口", "Query interface");
        let access = self.address(&format!("/collections/{}", entry.collection));
        self.resource(&distribution, &dcat("accessURL"), &access);
        self.graph
            .leads(&distribution, &dcat("accessService"), service);
        self.form(&distribution, "GEOJSON", "application/geo+json");
        let note = format!("{}；{}", entry.terms.sharing.zh, entry.terms.ground.zh);
        let note_en = format!("{}; {}", entry.terms.sharing.en, entry.terms.ground.en);
        let rights = format!("{this}#terms");
        self.graph.is_a(&rights, &dct("RightsStatement"));
        self.both(&rights, terms::LABEL, &note, &note_en);
        self.graph.leads(&distribution, &dct("rights"), &rights);
        this
    }

    fn open_dataset(&mut self, resource: &OpenResource) -> String {
        let this = self.address(&format!("/open/{}", resource.name));
        self.described(
            &this,
            &resource.label,
            &resource.description,
            resource.edition,
        );
        self.graph.says(&this, &dct("identifier"), &resource.name);
        let sharing = self.catalog.sharing.get(&resource.collection);
        let theme = sharing.map_or("GOVE", |one| one.theme.as_str()).to_string();
        self.theme(&this, &theme);
        let provider = self.catalog.collection(&resource.collection);
        let provider = provider.map(|one| one.authority.responsible.clone());
        let publisher = self.department(&provider.unwrap_or_else(|| self.desk.supervisor.clone()));
        self.graph.leads(&this, &dct("publisher"), &publisher);
        self.rights(&this, "PUBLIC");
        self.page(&this, &this.clone());
        let forms = match resource.form {
            OpenForm::Records(_) => &[
                ("csv", "CSV", "text/csv"),
                ("ndjson", "JSON", "application/x-ndjson"),
            ][..],
            OpenForm::Counts { .. } => &[
                ("csv", "CSV", "text/csv"),
                ("json", "JSON", "application/json"),
            ][..],
        };
        for (name, file_type, media_type) in forms {
            let distribution = format!("{this}#{name}");
            self.graph.is_a(&distribution, &dcat("Distribution"));
            self.graph
                .leads(&this, &dcat("distribution"), &distribution);
            self.both(&distribution, &dct("title"), file_type, file_type);
            let address = format!("{this}?f={name}");
            self.resource(&distribution, &dcat("accessURL"), &address);
            self.resource(&distribution, &dcat("downloadURL"), &address);
            self.form(&distribution, file_type, media_type);
            self.licence_of(&distribution);
        }
        this
    }

    /// What every dataset has.
    fn described(
        &mut self,
        this: &str,
        name: &schema::Label,
        summary: &schema::Label,
        cycle: UpdateCycle,
    ) {
        self.graph.is_a(this, &dcat("Dataset"));
        self.both(this, &dct("title"), &name.zh, &name.en);
        self.both(this, &dct("description"), &summary.zh, &summary.en);
        let often = match cycle {
            UpdateCycle::Daily => "DAILY",
            UpdateCycle::Weekly => "WEEKLY",
            UpdateCycle::Monthly => "MONTHLY",
            UpdateCycle::Quarterly => "QUARTERLY",
            UpdateCycle::Annual => "ANNUAL",
            UpdateCycle::Irregular => "IRREG",
        };
        let often = format!("{FREQUENCY}{often}");
        self.graph.is_a(&often, &dct("Frequency"));
        self.graph.leads(this, &dct("accrualPeriodicity"), &often);
        self.graph.is_a(COUNTRY, &dct("Location"));
        self.graph.leads(this, &dct("spatial"), COUNTRY);
        self.languages(this);
        self.contact(this);
    }

    fn both(&mut self, this: &str, property: &str, zh: &str, en: &str) {
        self.graph.says_in(this, property, zh, "zh");
        self.graph.says_in(this, property, en, "en");
    }

    /// A property that leads to something of which no more is said than that it is there.
    fn resource(&mut self, this: &str, property: &str, address: &str) {
        self.graph.is_a(address, terms::RESOURCE);
        self.graph.leads(this, property, address);
    }

    fn languages(&mut self, this: &str) {
        for code in ["ZHO", "ENG"] {
            let language = format!("{LANGUAGE}{code}");
            self.graph.is_a(&language, &dct("LinguisticSystem"));
            self.graph.leads(this, &dct("language"), &language);
        }
    }

    fn rights(&mut self, this: &str, code: &str) {
        let right = format!("{ACCESS_RIGHT}{code}");
        self.graph.is_a(&right, &dct("RightsStatement"));
        self.graph.leads(this, &dct("accessRights"), &right);
    }

    fn theme(&mut self, this: &str, code: &str) {
        let theme = format!("{DATA_THEME}{code}");
        self.graph.is_a(&theme, &skos("Concept"));
        self.graph.says_in(&theme, &skos("prefLabel"), code, "en");
        self.graph.leads(this, &dcat("theme"), &theme);
    }

    fn page(&mut self, this: &str, address: &str) {
        let page = format!("{address}?f=html");
        self.graph.is_a(&page, &foaf("Document"));
        self.graph.leads(this, &dcat("landingPage"), &page);
    }

    fn form(&mut self, this: &str, file_type: &str, media_type: &str) {
        let form = format!("{FILE_TYPE}{file_type}");
        self.graph.is_a(&form, &dct("MediaTypeOrExtent"));
        self.graph.leads(this, &dct("format"), &form);
        let media = format!("{MEDIA_TYPE}{media_type}");
        self.graph.is_a(&media, &dct("MediaType"));
        self.graph.leads(this, &dcat("mediaType"), &media);
    }

    fn licence_of(&mut self, this: &str) {
        let licence = self.catalog.open.license.clone();
        if !licence.is_empty() {
            self.graph.is_a(&licence, &dct("LicenseDocument"));
            self.graph.leads(this, &dct("license"), &licence);
        }
    }

    fn department(&mut self, id: &str) -> String {
        let this = self.address(&format!("/catalog/responsibility#{id}"));
        let label = self
            .catalog
            .departments
            .get(id)
            .cloned()
            .unwrap_or_default();
        self.graph.is_a(&this, &foaf("Agent"));
        self.both(&this, &foaf("name"), &label.zh, &label.en);
        this
    }

    fn contact(&mut self, this: &str) {
        let contact = self.address("/catalog#contact");
        self.graph.is_a(&contact, &vcard("Organization"));
        self.graph.is_a(&contact, &vcard("Kind"));
        let label = self.catalog.departments.get(&self.desk.supervisor);
        let name = label.map_or("", |label| &label.zh).to_string();
        self.graph.says(&contact, &vcard("fn"), &name);
        let property = match self.desk.contact.starts_with("mailto:") {
            true => vcard("hasEmail"),
            false => vcard("hasURL"),
        };
        self.resource(&contact, &property, &self.desk.contact.clone());
        self.graph.leads(this, &dcat("contactPoint"), &contact);
    }
}
