//! Attacks on tables with cells withheld: by solving the linear system, and by trying every table that fits.

use std::collections::BTreeSet;

use super::*;

/// Numbers that look random and are the same every time.
struct Dice(u64);

impl Dice {
    fn next(&mut self, below: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % below
    }
}

/// A table of rows and columns with its margins; parts first, then rows' sums, columns' sums, the total.
fn table(rows: usize, columns: usize, values: impl Fn(usize, usize) -> u64) -> Cells {
    let mut cells = Cells::default();
    let part = |row: usize, column: usize| row * columns + column;
    for row in 0..rows {
        for column in 0..columns {
            cells.values.push(values(row, column));
            cells.ranks.push(0);
        }
    }
    let sum =
        |cells: &Cells, line: &[usize]| line.iter().map(|one| cells.values[*one]).sum::<u64>();
    let mut row_sums = Vec::new();
    for row in 0..rows {
        let line: Vec<usize> = (0..columns).map(|column| part(row, column)).collect();
        row_sums.push(cells.values.len());
        add(&mut cells, &line, 1, sum);
    }
    let mut column_sums = Vec::new();
    for column in 0..columns {
        let line: Vec<usize> = (0..rows).map(|row| part(row, column)).collect();
        column_sums.push(cells.values.len());
        add(&mut cells, &line, 1, sum);
    }
    let total = cells.values.len();
    add(&mut cells, &row_sums, 2, sum);
    let mut line = vec![total];
    line.extend(column_sums);
    cells.lines.push(line);
    cells
}

fn add(cells: &mut Cells, parts: &[usize], rank: u8, sum: impl Fn(&Cells, &[usize]) -> u64) {
    let value = sum(cells, parts);
    let mut line = vec![cells.values.len()];
    line.extend(parts);
    cells.values.push(value);
    cells.ranks.push(rank);
    cells.lines.push(line);
}

/// The withheld cells whose values the linear system alone determines: Gauss's elimination over the
/// rationals, here modulo a large prime.
fn determined(cells: &Cells, withheld: &BTreeSet<usize>) -> Vec<usize> {
    const PRIME: i128 = 2_147_483_647;
    let columns: Vec<usize> = withheld.iter().copied().collect();
    let mut rows: Vec<Vec<i128>> = Vec::new();
    for line in &cells.lines {
        let entry = |cell: &usize| match line.iter().position(|one| one == cell) {
            Some(0) => 1,
            Some(_) => PRIME - 1,
            None => 0,
        };
        rows.push(columns.iter().map(entry).collect());
    }
    let inverse = |value: i128| {
        let (mut power, mut base, mut out) = (PRIME - 2, value % PRIME, 1);
        while power > 0 {
            if power & 1 == 1 {
                out = out * base % PRIME;
            }
            base = base * base % PRIME;
            power >>= 1;
        }
        out
    };
    let mut done = 0;
    for column in 0..columns.len() {
        let Some(pivot) = (done..rows.len()).find(|row| rows[*row][column] != 0) else {
            continue;
        };
        rows.swap(done, pivot);
        let scale = inverse(rows[done][column]);
        for value in &mut rows[done] {
            *value = *value * scale % PRIME;
        }
        let own = rows[done].clone();
        for (place, row) in rows.iter_mut().enumerate() {
            let factor = row[column];
            if place != done && factor != 0 {
                for (value, subtract) in row.iter_mut().zip(&own) {
                    *value = (*value - factor * subtract).rem_euclid(PRIME);
                }
            }
        }
        done += 1;
    }
    let single = rows.iter().filter_map(|row| {
        let mut places = (0..row.len()).filter(|place| row[*place] != 0);
        let first = places.next()?;
        places.next().is_none().then(|| columns[first])
    });
    single.collect()
}

fn small(cells: &Cells, threshold: u64) -> Vec<usize> {
    let is_small = |cell: &usize| (1..threshold).contains(&cells.values[*cell]);
    (0..cells.values.len()).filter(is_small).collect()
}

#[test]
fn the_attack_finds_what_subtraction_tells() {
    // One small cell withheld alone: every line tells it.
    let cells = table(2, 2, |row, column| [[3, 20], [30, 40]][row][column]);
    assert_eq!(determined(&cells, &BTreeSet::from([0])), [0]);
    assert_eq!(determined(&cells, &BTreeSet::from([0, 1])).len(), 2);
    assert!(determined(&cells, &BTreeSet::from([0, 1, 2, 3])).is_empty());
}

#[test]
fn small_cells_cannot_be_worked_out_by_solving_the_system() {
    let mut dice = Dice(7);
    for round in 0..60 {
        let (rows, columns) = (2 + dice.next(5) as usize, 2 + dice.next(4) as usize);
        let drawn: Vec<u64> = (0..rows * columns)
            .map(|_| match dice.next(4) {
                0 => 0,
                1 => dice.next(10),
                _ => dice.next(200),
            })
            .collect();
        let cells = table(rows, columns, |row, column| drawn[row * columns + column]);
        let hidden = withheld(&cells, 10);
        for one in small(&cells, 10) {
            assert!(hidden.contains(&one), "round {round}: {one} is published");
        }
        let found = determined(&cells, &hidden);
        let told: Vec<usize> = small(&cells, 10)
            .into_iter()
            .filter(|one| found.contains(one))
            .collect();
        assert!(
            told.is_empty(),
            "round {round}: {told:?} of {cells:?}, withheld {hidden:?}"
        );
        // Noughts are published: nothing is withheld but where it must be.
        assert!(hidden.iter().all(|cell| cells.values[*cell] > 0));
        if small(&cells, 10).is_empty() {
            assert!(hidden.is_empty(), "round {round}");
        }
    }
}

/// Every table with values from 1 in its withheld parts whose published cells are as published.
fn fitting(cells: &Cells, hidden: &BTreeSet<usize>, parts: usize, most: u64) -> Vec<Vec<u64>> {
    fn go(
        cells: &Cells,
        hidden: &BTreeSet<usize>,
        parts: usize,
        most: u64,
        values: &mut Vec<u64>,
        out: &mut Vec<Vec<u64>>,
    ) {
        let place = values.len();
        if place == parts {
            let value = |cell: usize, values: &[u64]| values.get(cell).copied();
            let mut all = values.clone();
            for line in &cells.lines {
                let sum: u64 = line[1..].iter().filter_map(|cell| value(*cell, &all)).sum();
                if line[0] == all.len() {
                    all.push(sum);
                }
                let is_withheld = hidden.contains(&line[0]);
                if (!is_withheld && sum != cells.values[line[0]]) || (is_withheld && sum == 0) {
                    return;
                }
            }
            out.push(all);
            return;
        }
        let range = match hidden.contains(&place) {
            true => 1..=most,
            false => cells.values[place]..=cells.values[place],
        };
        for value in range {
            values.push(value);
            go(cells, hidden, parts, most, values, out);
            values.pop();
        }
    }
    let mut out = Vec::new();
    go(cells, hidden, parts, most, &mut Vec::new(), &mut out);
    out
}

#[test]
fn of_every_table_that_fits_small_cells_differ_by_the_threshold() {
    let mut dice = Dice(11);
    let threshold = 4;
    for round in 0..6 {
        let drawn: Vec<u64> = (0..6).map(|_| dice.next(9)).collect();
        let cells = table(2, 3, |row, column| drawn[row * 3 + column]);
        let hidden = withheld(&cells, threshold);
        let tables = fitting(&cells, &hidden, 6, 12);
        assert!(tables.contains(&cells.values), "round {round}");
        for cell in small(&cells, threshold) {
            let values: BTreeSet<u64> = tables.iter().map(|one| one[cell]).collect();
            let (least, most) = (values.first().expect("one"), values.last().expect("one"));
            assert!(
                most - least + 1 >= threshold,
                "round {round}: {cell} of {cells:?} withheld {hidden:?} is {values:?}"
            );
        }
    }
}

#[test]
fn tables_that_share_a_margin_protect_one_another() {
    // Rows by two kinds of columns: the rows' sums are the same cells. In the second table a row's sum
    // would be told by its parts if only the first were looked at.
    let mut cells = table(3, 2, |row, column| {
        [[2, 3], [50, 60], [70, 80]][row][column]
    });
    // parts 0..6, rows' sums 6..9, columns' sums 9..11, total 11
    for (row, parts) in [[1u64, 4], [55, 55], [75, 75]].iter().enumerate() {
        let first = cells.values.len();
        for value in parts {
            cells.values.push(*value);
            cells.ranks.push(0);
        }
        cells.lines.push(vec![6 + row, first, first + 1]);
    }
    for column in 0..2 {
        let line: Vec<usize> = (0..3).map(|row| 12 + row * 2 + column).collect();
        let value = line.iter().map(|one| cells.values[*one]).sum();
        let margin = cells.values.len();
        cells.values.push(value);
        cells.ranks.push(1);
        let mut whole = vec![margin];
        whole.extend(line);
        cells.lines.push(whole);
    }
    cells.lines.push(vec![11, 18, 19]);
    let hidden = withheld(&cells, 10);
    let found = determined(&cells, &hidden);
    for one in small(&cells, 10) {
        assert!(
            hidden.contains(&one) && !found.contains(&one),
            "{one} of {hidden:?}"
        );
    }
}
