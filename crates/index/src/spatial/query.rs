//! The query over the trees: which documents have a point in common with an area.

use std::fmt;
use std::sync::Arc;

use geometry::{Position, PreparedArea, Shape};
use tantivy::query::{ConstScorer, EmptyScorer, EnableScoring, Explanation, Query, Scorer, Weight};
use tantivy::{BitSet, DocId, Score, SegmentReader};

use crate::documents::SortedDocuments;
use crate::segments::{OpenSegment, Segments};
use crate::time::Deadline;

/// How many geometries are read between two looks at the clock.
const DOCUMENTS_BETWEEN_LOOKS: usize = 64;

/// What is sought.
#[derive(Clone)]
pub enum Area {
    /// A box: minimum longitude, minimum latitude, maximum longitude, maximum latitude, 1e-7 degrees.
    Box([i32; 4]),
    /// A polygon or several; the prepared form answers for points and boxes quickly.
    Polygon {
        /// The shape itself, for records that are no points.
        shape: Arc<Shape>,
        /// The same, prepared.
        prepared: Arc<PreparedArea>,
    },
    /// Any other shape: lines and points.
    Shape(Arc<Shape>),
    /// A disc on the sphere.
    Disc {
        /// Its centre.
        centre: Position,
        /// Its radius in metres.
        metres: f64,
    },
    /// Everything within a distance of a shape.
    Around {
        /// The shape.
        shape: Arc<Shape>,
        /// The distance in metres.
        metres: f64,
    },
}

impl Area {
    /// The area a shape covers.
    pub fn of(shape: Shape) -> Area {
        let shape = Arc::new(shape);
        match PreparedArea::new(&shape) {
            Ok(prepared) => Area::Polygon {
                shape,
                prepared: Arc::new(prepared),
            },
            Err(_) => Area::Shape(shape),
        }
    }

    /// What lies within a distance of a shape.
    pub fn around(shape: Shape, metres: f64) -> Area {
        match shape.position() {
            Some(centre) => Area::Disc { centre, metres },
            None => Area::Around {
                shape: Arc::new(shape),
                metres,
            },
        }
    }

    /// A box that holds the area: outwards, never too small.
    pub fn bounds(&self) -> [i32; 4] {
        let of = |bounds: geometry::Bounds| {
            [
                bounds.min.lon,
                bounds.min.lat,
                bounds.max.lon,
                bounds.max.lat,
            ]
        };
        match self {
            Area::Box(bounds) => *bounds,
            Area::Polygon { shape, .. } | Area::Shape(shape) => of(shape.bounds()),
            Area::Disc { centre, metres } => {
                of(geometry::distance::circle_bounds(*centre, *metres))
            }
            Area::Around { shape, metres } => {
                of(geometry::distance::around_bounds(shape.bounds(), *metres))
            }
        }
    }

    /// Whether the record's box alone decides: `Some(hit)`, or `None` where its geometry must be read.
    fn decide(&self, item: [i32; 4]) -> Option<bool> {
        let [west, south, east, north] = item;
        let corner = Position {
            lon: west,
            lat: south,
        };
        if west == east && south == north {
            return Some(match self {
                Area::Box(_) => true,
                Area::Polygon { prepared, .. } => prepared.contains(corner),
                Area::Shape(shape) => geometry::distance::distance_metres(shape, corner) == 0.0,
                Area::Disc { centre, metres } => {
                    geometry::distance::haversine_metres(*centre, corner) <= *metres
                }
                Area::Around { shape, metres } => {
                    geometry::distance::distance_metres(shape, corner) <= *metres
                }
            });
        }
        match self {
            Area::Box(sought) => {
                let inside = sought[0] <= west
                    && sought[1] <= south
                    && east <= sought[2]
                    && north <= sought[3];
                inside.then_some(true)
            }
            Area::Polygon { prepared, .. } => {
                use geometry::BoundsRelation as Relation;
                let bounds = geometry::Bounds {
                    min: corner,
                    max: Position {
                        lon: east,
                        lat: north,
                    },
                };
                match prepared.relation(bounds) {
                    Relation::Inside => Some(true),
                    Relation::Outside => Some(false),
                    Relation::Crosses => None,
                }
            }
            Area::Shape(_) | Area::Around { .. } => None,
            Area::Disc { centre, metres } => {
                let corners = [(west, south), (west, north), (east, south), (east, north)];
                let inside = corners.iter().all(|(lon, lat)| {
                    geometry::distance::haversine_metres(
                        *centre,
                        Position {
                            lon: *lon,
                            lat: *lat,
                        },
                    ) <= *metres
                });
                inside.then_some(true)
            }
        }
    }

    /// The exact answer for a record's geometry.
    fn touches(&self, shape: &Shape) -> bool {
        match self {
            Area::Box(bounds) => geometry::predicate::intersects(
                shape,
                &Shape::of_bounds(geometry::Bounds {
                    min: Position {
                        lon: bounds[0],
                        lat: bounds[1],
                    },
                    max: Position {
                        lon: bounds[2],
                        lat: bounds[3],
                    },
                }),
            ),
            Area::Polygon { shape: area, .. } | Area::Shape(area) => {
                geometry::predicate::intersects(area, shape)
            }
            Area::Disc { centre, metres } => {
                geometry::distance::distance_metres(shape, *centre) <= *metres
            }
            Area::Around {
                shape: place,
                metres,
            } => geometry::distance::between_metres(place, shape) <= *metres,
        }
    }
}

/// Documents that have a point in common with one of some areas.
#[derive(Clone)]
pub struct SpatialQuery {
    areas: Arc<[Area]>,
    segments: Segments,
    deadline: Deadline,
}

impl SpatialQuery {
    /// Geometries are read only of documents whose box does not decide.
    pub fn new(areas: Vec<Area>, segments: Segments, deadline: Deadline) -> SpatialQuery {
        SpatialQuery {
            areas: areas.into(),
            segments,
            deadline,
        }
    }
}

/// The geometry of a document, where it is no point.
pub fn shape(open: &OpenSegment, document: DocId) -> tantivy::Result<Option<Shape>> {
    Ok(open
        .bodies
        .with(document, |record| Shape::from_wkb(record.shape).ok())?)
}

impl fmt::Debug for SpatialQuery {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bounds: Vec<[i32; 4]> = self.areas.iter().take(8).map(Area::bounds).collect();
        write!(out, "Spatial({}: {bounds:?})", self.areas.len())
    }
}

impl Query for SpatialQuery {
    fn weight(&self, _: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        Ok(Box::new(SpatialWeight {
            query: self.clone(),
        }))
    }
}

struct SpatialWeight {
    query: SpatialQuery,
}

impl SpatialWeight {
    fn documents(&self, reader: &SegmentReader) -> tantivy::Result<Vec<DocId>> {
        let open = self.query.segments.get(&reader.segment_id());
        let Some((open, tree)) = open.and_then(|open| Some((open, open.tree.as_ref()?))) else {
            return Ok(Vec::new());
        };
        let mut certain = Vec::new();
        // Areas of a list overlap: what one has decided for, no other is asked about.
        let several = self.query.areas.len() > 1;
        let mut seen = several.then(|| BitSet::with_max_value(reader.max_doc()));
        let mut doubtful = Vec::new();
        for area in self.query.areas.iter() {
            self.query.deadline.check()?;
            tree.visit(area.bounds(), |document, item| {
                if seen.as_ref().is_some_and(|seen| seen.contains(document)) {
                    return;
                }
                match area.decide(item) {
                    Some(true) => {
                        certain.push(document);
                        if let Some(seen) = &mut seen {
                            seen.insert(document);
                        }
                    }
                    Some(false) => {}
                    None => doubtful.push(document),
                }
            });
            doubtful.sort_unstable();
            for (place, document) in doubtful.drain(..).enumerate() {
                if place % DOCUMENTS_BETWEEN_LOOKS == DOCUMENTS_BETWEEN_LOOKS - 1 {
                    self.query.deadline.check()?;
                }
                if reader.is_deleted(document) {
                    continue;
                }
                if let Some(shape) = shape(open, document)?
                    && area.touches(&shape)
                {
                    certain.push(document);
                    if let Some(seen) = &mut seen {
                        seen.insert(document);
                    }
                }
            }
        }
        certain.sort_unstable();
        Ok(certain)
    }
}

impl Weight for SpatialWeight {
    fn scorer(&self, reader: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        let documents = self.documents(reader)?;
        if documents.is_empty() {
            return Ok(Box::new(EmptyScorer));
        }
        Ok(Box::new(ConstScorer::new(
            SortedDocuments::new(documents),
            boost,
        )))
    }

    fn explain(&self, reader: &SegmentReader, document: DocId) -> tantivy::Result<Explanation> {
        let score = if self.documents(reader)?.binary_search(&document).is_ok() {
            1.0
        } else {
            0.0
        };
        Ok(Explanation::new("spatial", score))
    }
}
