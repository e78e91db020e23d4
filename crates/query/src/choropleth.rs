//! Groups on a map: the division or the grid cell that each group is about.

use record::{Value, prose};
use register::GroupKey;
use schema::{Collection, FieldType};

use crate::QueryError;
use crate::body::{Body, texts};
use crate::execute::Groups;
use crate::plan::{Context, Plan};

/// Digits of a division code.
const DIGITS: usize = 12;

/// Where a group is.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Place {
    /// GeoJSON; none where the register has no boundary of the division.
    pub geometry: Option<String>,
    /// The division's name.
    pub name: Option<String>,
}

/// The place of each group, by the first of its keys that is a division or a cell of a grid, at the query's
/// own times.
///
/// # Errors
///
/// None of the keys is one.
pub fn places(
    context: &Context<'_>,
    plan: &Plan,
    groups: &Groups,
) -> Result<Vec<Place>, QueryError> {
    let named = plan.grouping.as_ref().ok_or_else(no_place)?;
    let keys = named.keys.iter().zip(&named.grouping.keys);
    let mut on_a_map = keys.filter(|(_, key)| match key {
        GroupKey::Division { .. } | GroupKey::Grid(_) => true,
        GroupKey::Field(name) => is_division(&plan.collection, name),
        _ => false,
    });
    let (name, key) = on_a_map.next().ok_or_else(no_place)?;
    let is_grid = matches!(key, GroupKey::Grid(_));
    let values = groups
        .groups
        .iter()
        .map(|group| group["key"][name].as_str());
    values
        .map(|value| match value {
            None => Ok(Place::default()),
            Some(cell) if is_grid => Ok(grid_cell(cell)),
            Some(code) => division(context, plan, code),
        })
        .collect()
}

fn no_place() -> QueryError {
    QueryError::bad(
        "f",
        "geojson",
        prose!(
            "按区划或网格的分组，如 division:county、grid:1000",
            "groups by division or by grid, such as division:county or grid:1000"
        ),
    )
}

fn is_division(collection: &Collection, name: &str) -> bool {
    let field = collection.field(name);
    field.is_some_and(|(_, field)| matches!(field.kind, FieldType::Division))
}

fn grid_cell(text: &str) -> Place {
    let bounds = text
        .parse()
        .ok()
        .and_then(|cell| geometry::grid::cell_bounds(cell).ok());
    let geometry = bounds.map(|bounds| geometry::Shape::of_bounds(bounds).to_geojson().to_string());
    Place {
        geometry,
        name: None,
    }
}

/// The record of a division, in the collection whose key is a division code.
fn division(context: &Context<'_>, plan: &Plan, code: &str) -> Result<Place, QueryError> {
    let mut collections = context.store.catalog().collections.iter();
    let register = collections.find(|one| {
        let key = one.single_key();
        key.is_some_and(|key| matches!(key.kind, FieldType::Division)) && one.location.is_some()
    });
    let Some(register) = register else {
        return Ok(Place::default());
    };
    let key = [Value::Text(format!("{code:0<DIGITS$}").into())];
    let found = context.view.lookup(&register.name, &key, plan.times.scope);
    let Some(record) = found.map_err(|error| context.error(error))? else {
        return Ok(Place::default());
    };
    let body = Body::parse(&record.body)?;
    let title = body.get(&register.at(register.title).name);
    Ok(Place {
        geometry: body.geometry.as_ref().map(|text| text.get().to_string()),
        name: title.and_then(|value| texts(value).into_iter().next()),
    })
}
