//! Small numbers are withheld, and as many others as it takes that nobody can work them out.
//!
//! A table is cells and *lines*: a line says that its first cell is the sum of the others. Tables that
//! share a margin share its cell, so that all tables of a collection are looked at together. Withheld are,
//! first, the small cells (*primary*), then others (*complementary*), until
//!
//! - no line has exactly one cell withheld, which subtraction would tell, and
//! - of no small cell the best attacker can tell more than this: knowing every line, every cell that is
//!   published, and that what is withheld is at least 1, the values that are left to a small cell are at
//!   least `threshold - 1` apart. Where a square of withheld cells shows that at once it is enough;
//!   otherwise a linear program finds the smallest and the largest value that fit.

use std::collections::{BTreeSet, HashMap};

use microlp::{ComparisonOp, OptimizationDirection, Problem, Variable};

/// A line: the first cell is the sum of the others.
pub type Line = Vec<usize>;

/// Cells with their values, and the lines between them.
#[derive(Clone, Debug, Default)]
pub struct Cells {
    /// The values.
    pub values: Vec<u64>,
    /// How dear each cell is: a margin is published rather than a part of it.
    pub ranks: Vec<u8>,
    /// The lines.
    pub lines: Vec<Line>,
}

/// The cells that are withheld, small ones and others.
pub fn withheld(cells: &Cells, threshold: u64) -> BTreeSet<usize> {
    let small = |value: u64| value > 0 && value < threshold;
    let primary: Vec<usize> = (0..cells.values.len())
        .filter(|cell| small(cells.values[*cell]))
        .collect();
    let mut work = Work {
        cells,
        of_cell: lines_of(cells),
        withheld: primary.iter().copied().collect(),
        width: threshold.saturating_sub(1),
    };
    loop {
        while let Some(line) = work.lonely() {
            if !work.withhold_in([line]) {
                // Every other cell of it is nought, and so tells nothing more: the line is one cell.
                break;
            }
        }
        let exposed = primary.iter().find(|cell| work.is_exposed(**cell));
        let Some(exposed) = exposed else {
            return work.withheld;
        };
        let lines = work.of_cell[*exposed].clone();
        if !work.withhold_in(lines) && !work.withhold_any() {
            return work.withheld;
        }
    }
}

fn lines_of(cells: &Cells) -> Vec<Vec<usize>> {
    let mut of_cell = vec![Vec::new(); cells.values.len()];
    for (line, members) in cells.lines.iter().enumerate() {
        for cell in members {
            of_cell[*cell].push(line);
        }
    }
    of_cell
}

struct Work<'a> {
    cells: &'a Cells,
    of_cell: Vec<Vec<usize>>,
    withheld: BTreeSet<usize>,
    /// How far apart the values left to a small cell must be.
    width: u64,
}

impl Work<'_> {
    /// Whether a cell may be withheld besides: noughts are published, and tell nothing by it.
    fn is_free(&self, cell: usize) -> bool {
        self.cells.values[cell] > 0 && !self.withheld.contains(&cell)
    }

    /// A line of which one cell is withheld, and another could be.
    fn lonely(&self) -> Option<usize> {
        let lines = self.cells.lines.iter().enumerate();
        let mut lonely = lines.filter(|(_, line)| {
            let count = line.iter().filter(|cell| self.withheld.contains(cell));
            count.count() == 1 && line.iter().any(|cell| self.is_free(*cell))
        });
        lonely.next().map(|(line, _)| line)
    }

    /// Withholds the cheapest cell of some lines; `false` where there is none left.
    fn withhold_in(&mut self, lines: impl IntoIterator<Item = usize>) -> bool {
        let members = lines.into_iter().flat_map(|line| &self.cells.lines[line]);
        let free = members.copied().filter(|cell| self.is_free(*cell));
        let cheapest = free.min_by_key(|cell| self.cost(*cell));
        cheapest.is_some_and(|cell| self.withheld.insert(cell))
    }

    fn withhold_any(&mut self) -> bool {
        let free = (0..self.cells.values.len()).filter(|cell| self.is_free(*cell));
        let cheapest = free.min_by_key(|cell| self.cost(*cell));
        cheapest.is_some_and(|cell| self.withheld.insert(cell))
    }

    /// Parts before margins; of those with a neighbour withheld across, which makes squares, then the
    /// smallest.
    fn cost(&self, cell: usize) -> (u8, usize, u64, usize) {
        let beside = self.of_cell[cell].iter().filter(|line| {
            let others = self.cells.lines[**line].iter();
            others.filter(|other| self.withheld.contains(other)).count() > 0
        });
        let alone = self.of_cell[cell].len() - beside.count();
        (self.cells.ranks[cell], alone, self.cells.values[cell], cell)
    }

    /// Whether an attacker can tell more of a small cell than is allowed.
    fn is_exposed(&self, cell: usize) -> bool {
        if self.has_square(cell) {
            return false;
        }
        match self.range(cell) {
            Some((least, most)) => most - least + 1e-6 < self.width as f64,
            // What cannot be reckoned is not published.
            None => true,
        }
    }

    /// Whether a square of withheld parts lets the cell move far enough while every line stays as it is.
    fn has_square(&self, cell: usize) -> bool {
        let value = |cell: usize| self.cells.values[cell];
        let part = |line: usize| self.cells.lines[line][1..].iter().copied();
        let open = |one: &usize| *one != cell && self.withheld.contains(one);
        let crossing = |one: usize, line: usize| {
            self.of_cell[one]
                .iter()
                .copied()
                .filter(move |other| *other != line)
        };
        let own: Vec<usize> = self.of_cell[cell].clone();
        // A part of one table belongs to two lines; margins belong to more, and are left to the program.
        let [rows, columns] = own[..] else {
            return false;
        };
        for right in part(rows).filter(open) {
            for below in part(columns).filter(open) {
                let lines: Vec<usize> = crossing(right, rows).collect();
                let across: Vec<usize> = crossing(below, columns).collect();
                let ([column], [row]) = (&lines[..], &across[..]) else {
                    continue;
                };
                let corner =
                    part(*column).find(|one| open(one) && part(*row).any(|other| other == *one));
                let Some(corner) = corner else {
                    continue;
                };
                if self.of_cell[corner].len() != 2 {
                    continue;
                }
                let down = value(cell).min(value(corner)) - 1;
                let up = value(right).min(value(below)) - 1;
                if down + up >= self.width {
                    return true;
                }
            }
        }
        false
    }

    /// The smallest and the largest value of a cell that fit all that is published.
    fn range(&self, cell: usize) -> Option<(f64, f64)> {
        let least = self.extreme(cell, OptimizationDirection::Minimize)?;
        let most = self.extreme(cell, OptimizationDirection::Maximize)?;
        Some((least, most))
    }

    fn extreme(&self, cell: usize, direction: OptimizationDirection) -> Option<f64> {
        // Nobody counts more than everybody: without a bound a margin withheld could be anything.
        let most = self.cells.values.iter().sum::<u64>() as f64 * 2.0 + 1.0;
        let mut problem = Problem::new(direction);
        let mut variables: HashMap<usize, Variable> = HashMap::new();
        for one in &self.withheld {
            let weight = if *one == cell { 1.0 } else { 0.0 };
            variables.insert(*one, problem.add_var(weight, (1.0, most)));
        }
        for line in &self.cells.lines {
            let signed = line.iter().enumerate().map(|(place, one)| {
                let sign = if place == 0 { 1.0 } else { -1.0 };
                (*one, sign)
            });
            let mut known = 0.0;
            let mut terms: Vec<(Variable, f64)> = Vec::new();
            for (one, sign) in signed {
                match variables.get(&one) {
                    Some(variable) => terms.push((*variable, sign)),
                    None => known += sign * self.cells.values[one] as f64,
                }
            }
            if !terms.is_empty() {
                problem.add_constraint(&terms, ComparisonOp::Eq, -known);
            }
        }
        let solution = problem.solve().ok()?.into_solution().ok()?;
        Some(solution.objective())
    }
}

#[cfg(test)]
mod tests;
