//! Edges sorted into bands of latitude.

use crate::position::Position;

/// An edge of an area, in the direction in which the area is on its left.
#[derive(Clone, Copy, Debug)]
pub(super) struct Edge {
    pub from: Position,
    pub to: Position,
}

/// How many copies of an edge there may be on average: an edge is kept in every band it reaches.
const MAXIMUM_COPIES: usize = 4;

/// Bands of equal height. The edges of a band lie side by side in memory, so that a test reads one
/// stretch of it and follows no references.
#[derive(Clone, Debug)]
pub(super) struct Bands {
    south: i32,
    north: i32,
    /// Where each band begins in `edges`, and at last the end of the last.
    begins: Vec<u32>,
    edges: Vec<Edge>,
}

impl Bands {
    /// About as many bands as edges, fewer if that took too many copies.
    pub(super) fn new(south: i32, north: i32, edges: &[Edge]) -> Bands {
        let mut bands = Bands {
            south,
            north,
            begins: Vec::new(),
            edges: Vec::new(),
        };
        let mut count = edges.len().max(1);
        loop {
            bands.begins = vec![0; count + 1];
            let reached = edges.iter().map(|edge| {
                let (first, last) = bands.reach(edge);
                last - first + 1
            });
            let copies: usize = reached.sum();
            if count == 1 || copies <= edges.len().saturating_mul(MAXIMUM_COPIES) {
                bands.fill(edges, copies);
                return bands;
            }
            count = count.div_ceil(2);
        }
    }

    /// Sorts the edges into the bands, by counting.
    fn fill(&mut self, edges: &[Edge], copies: usize) {
        let Some(&any) = edges.first() else {
            return;
        };
        for edge in edges {
            let (first, last) = self.reach(edge);
            for band in first..=last {
                self.begins[band + 1] += 1;
            }
        }
        for band in 1..self.begins.len() {
            self.begins[band] += self.begins[band - 1];
        }
        self.edges = vec![any; copies];
        let mut next = self.begins.clone();
        for edge in edges {
            let (first, last) = self.reach(edge);
            for place in &mut next[first..=last] {
                self.edges[*place as usize] = *edge;
                *place += 1;
            }
        }
    }

    /// The edges that may reach a latitude, which must be between the southernmost and the
    /// northernmost.
    pub(super) fn at(&self, lat: i32) -> &[Edge] {
        let band = self.band(lat);
        &self.edges[self.begins[band] as usize..self.begins[band + 1] as usize]
    }

    /// The edges that may reach a range of latitudes; some more than once.
    pub(super) fn between(&self, south: i32, north: i32) -> impl Iterator<Item = &Edge> {
        let outside = north < self.south || south > self.north;
        let first = self.band(south.clamp(self.south, self.north));
        let last = self.band(north.clamp(self.south, self.north));
        let end = if outside { first } else { last + 1 };
        self.edges[self.begins[first] as usize..self.begins[end] as usize].iter()
    }

    fn reach(&self, edge: &Edge) -> (usize, usize) {
        let (a, b) = (self.band(edge.from.lat), self.band(edge.to.lat));
        (a.min(b), a.max(b))
    }

    /// The band of a latitude. Whole numbers only, so that it never falls as latitude rises.
    fn band(&self, lat: i32) -> usize {
        let height = u64::from(self.north.abs_diff(self.south)) + 1;
        let above = u64::from(lat.abs_diff(self.south));
        let bands = self.begins.len() as u64 - 1;
        (above * bands / height) as usize
    }
}
