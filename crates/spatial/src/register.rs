//! The spatial register as the store sees it: what a division code tells, and whether places lie where
//! they claim to.

use std::sync::Arc;

use geometry::{Position, Shape};
use record::{CompactString, Day, FieldNumber, Fields, Predicate, Problem, Value};
use register::rules::{get, set};
use register::{CheckContext, Checker, Deadline, Register, Search, StoreError, TimeScope, View};
use schema::{Catalog, Collection};

use crate::rules::division_code::{DivisionCode, DivisionLevel, TownKind, VillageKind};
use crate::rules::placement::{DivisionAreas, Placement};

/// The collection of divisions.
const DIVISION: &str = "division";
/// About the error of boundaries that are generalised for maps of a province.
const TOLERANCE_METRES: f64 = 500.0;
/// Boundaries read at once.
const PAGE: usize = 500;

/// The spatial register.
#[derive(Clone, Copy, Debug, Default)]
pub struct SpatialRegister;

impl Register for SpatialRegister {
    fn name(&self) -> &'static str {
        "spatial"
    }

    fn checker(
        &self,
        collection: &Arc<Collection>,
        context: CheckContext,
        view: &dyn View,
    ) -> Result<Box<dyn Checker>, StoreError> {
        let claims = collection.location.zip(collection.division);
        let areas = match claims {
            Some(_) if collection.name != DIVISION => {
                boundaries(context.catalog, context.today, view)?
            }
            _ => DivisionAreas::default(),
        };
        let codes = collection
            .key
            .iter()
            .copied()
            .filter(|_| collection.name == DIVISION)
            .collect();
        Ok(Box::new(SpatialChecker {
            collection: collection.clone(),
            claims,
            areas,
            codes,
        }))
    }

    fn compute(&self, collection: &Collection, fields: &mut Fields) {
        let Some(key) = collection
            .key
            .first()
            .filter(|_| collection.name == DIVISION)
        else {
            return;
        };
        let Some(Value::Text(text)) = get(fields, *key) else {
            return;
        };
        let Ok(code) = DivisionCode::parse(text) else {
            return;
        };
        for field in &collection.fields {
            let value = match field.computed.as_deref() {
                Some("division-level") => Some(level_code(code.level()).into()),
                Some("division-parent") => code.parent().map(|parent| parent.as_str().into()),
                Some("division-kind") => kind_code(code).map(CompactString::const_new),
                _ => None,
            };
            if let Some(value) = value {
                set(fields, field.number, Value::Text(value));
            }
        }
    }
}

/// The entry of the code list `division-level`.
fn level_code(level: DivisionLevel) -> &'static str {
    match level {
        DivisionLevel::Nation => "nation",
        DivisionLevel::Province => "province",
        DivisionLevel::City => "city",
        DivisionLevel::County => "county",
        DivisionLevel::Town => "town",
        DivisionLevel::Village => "village",
    }
}

/// The entry of the code list `division-kind`.
fn kind_code(code: DivisionCode) -> Option<&'static str> {
    if let Some(kind) = code.village_kind() {
        return Some(match kind {
            VillageKind::ResidentsCommittee => "residents-committee",
            VillageKind::VillagersCommittee => "villagers-committee",
            VillageKind::Quasi => "quasi-village",
        });
    }
    code.town_kind()
        .filter(|_| code.level() == DivisionLevel::Town)
        .map(|kind| match kind {
            TownKind::Street => "street",
            TownKind::Town => "town",
            TownKind::Township => "township",
            TownKind::Quasi => "quasi-town",
        })
}

/// The boundaries that the register holds on a day, which is today.
///
/// # Errors
///
/// The store's; a record that cannot be read.
pub fn boundaries(
    catalog: &Catalog,
    today: Day,
    view: &dyn View,
) -> Result<DivisionAreas, StoreError> {
    let mut areas = DivisionAreas::new(TOLERANCE_METRES);
    let Some(division) = catalog.collection(DIVISION) else {
        return Ok(areas);
    };
    let Some(location) = division.location else {
        return Ok(areas);
    };
    let predicate = Predicate::Not(Box::new(Predicate::IsNull {
        field: division.at(location).name.clone(),
    }));
    let mut after = None;
    loop {
        let search = Search {
            predicate: &predicate,
            time: TimeScope::Present(today),
            sort: &[],
            after: after.as_ref(),
            limit: PAGE,
            deadline: Deadline::NONE,
        };
        let page = view.search(DIVISION, &search)?;
        for record in &page.records {
            let body: serde_json::Value = serde_json::from_str(&record.body)
                .map_err(|reason| StoreError::Damaged(format!("{}: {reason}", record.id)))?;
            let code = body["properties"]["code"].as_str().unwrap_or_default();
            if let (Ok(code), Ok(shape)) = (
                DivisionCode::parse(code),
                Shape::from_geojson(&body["geometry"]),
            ) {
                // A boundary that is no area says nothing of what lies inside.
                let _ = areas.insert(code, shape);
            }
        }
        match page.next {
            Some(next) => after = Some(next),
            None => return Ok(areas),
        }
    }
}

struct SpatialChecker {
    collection: Arc<Collection>,
    /// The fields with the geometry and the division claimed.
    claims: Option<(FieldNumber, FieldNumber)>,
    areas: DivisionAreas,
    /// Fields that are division codes themselves.
    codes: Vec<FieldNumber>,
}

impl Checker for SpatialChecker {
    fn check(&self, fields: &mut Fields, problems: &mut Vec<Problem>) {
        for number in &self.codes {
            let Some(Value::Text(text)) = get(fields, *number) else {
                continue;
            };
            match DivisionCode::parse(text) {
                Ok(code) => set(fields, *number, Value::text(code.as_str())),
                Err(error) => problems.push(Problem::new(
                    "not-a-division-code",
                    &self.collection.at(*number).name,
                    text,
                    error.to_string(),
                )),
            }
        }
        self.check_place(fields, problems);
    }
}

impl SpatialChecker {
    fn check_place(&self, fields: &Fields, problems: &mut Vec<Problem>) {
        let Some((location, division)) = self.claims else {
            return;
        };
        let Some(Value::Text(text)) = get(fields, division) else {
            return;
        };
        let Ok(claimed) = DivisionCode::parse(text) else {
            return;
        };
        let (placement, code, place) = match get(fields, location) {
            Some(Value::Point { lon, lat }) => {
                let position = Position {
                    lon: *lon,
                    lat: *lat,
                };
                let (lon, lat) = position.degrees();
                let placement = self.areas.place_position(claimed, position);
                (
                    placement,
                    "coordinate-outside-division",
                    format!("{lon}, {lat}"),
                )
            }
            Some(Value::Geometry(wkb)) => {
                let Ok(shape) = Shape::from_wkb(wkb) else {
                    return;
                };
                let (lon, lat) = shape.representative_point().degrees();
                let placement = self.areas.place_shape(claimed, &shape);
                (
                    placement,
                    "geometry-outside-division",
                    format!("{lon}, {lat}"),
                )
            }
            _ => return,
        };
        if let Placement::Outside { found, .. } = placement {
            let value = match found {
                Some(found) => format!("{place} ({})", found.as_str()),
                None => place,
            };
            let name = &self.collection.at(location).name;
            problems.push(Problem::new(code, name, &value, claimed.as_str()));
        }
    }
}
