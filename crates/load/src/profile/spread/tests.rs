//! Spreads against values whose truth is known.

use proptest::prelude::*;

use super::*;

fn of(values: &[f64]) -> Values {
    let mut all = Values::default();
    for (line, value) in values.iter().enumerate() {
        all.add(*value, line as u64 + 2);
    }
    all
}

#[test]
fn numbers_far_from_the_median_are_outliers() {
    let mut values: Vec<f64> = (0..1_000).map(|n| 20.0 + f64::from(n % 60)).collect();
    values[500] = 9_999.0;
    values[7] = -400.0;
    let spread = of(&values).spread().expect("values");
    assert_eq!((spread.minimum, spread.maximum), (-400.0, 9_999.0));
    assert!((45.0..=53.0).contains(&spread.median), "{spread:?}");
    assert_eq!(spread.outliers, 2, "{spread:?}");
    assert_eq!(spread.examples, [(9_999.0, 502), (-400.0, 9)]);
}

#[test]
fn amounts_over_powers_of_ten_are_usual() {
    let mut values: Vec<f64> = (0..2_000)
        .map(|n| 10f64.powf(4.0 + f64::from(n % 100) / 25.0))
        .collect();
    assert_eq!(of(&values).spread().expect("values").outliers, 0);
    values.push(1e19);
    let spread = of(&values).spread().expect("values");
    assert_eq!(spread.examples, [(1e19, 2_002)], "{spread:?}");
}

#[test]
fn one_value_among_equal_ones_is_an_outlier() {
    let mut values = vec![1.0; 999];
    values.push(50.0);
    let spread = of(&values).spread().expect("values");
    assert_eq!((spread.median, spread.outliers), (1.0, 1), "{spread:?}");
    assert_eq!(of(&[3.0; 5]).spread().expect("values").outliers, 0);
    assert!(of(&[]).spread().is_none());
    assert!(of(&[f64::NAN]).spread().is_none());
}

#[test]
fn many_values_keep_their_median_within_a_bin() {
    let values: Vec<f64> = (0..200_000)
        .map(|n| f64::from(n) * 0.37 - 20_000.0)
        .collect();
    let spread = of(&values).spread().expect("values");
    let truth = values[100_000];
    assert!(
        (spread.median - truth).abs() <= truth.abs() * 0.001 + 1.0,
        "{spread:?} {truth}"
    );
}

proptest! {
    #[test]
    fn order_and_batches_do_not_matter(
        mut values in proptest::collection::vec(-1e6f64..1e6, 1..400),
        cut in 0usize..400,
    ) {
        let whole = of(&values);
        let cut = cut.min(values.len());
        let mut merged = of(&values[..cut]);
        merged.merge(of(&values[cut..]));
        prop_assert_eq!(merged.bins.values(), whole.bins.values());
        values.reverse();
        prop_assert_eq!(of(&values).bins.values(), whole.bins.values());
        values.sort_unstable_by(f64::total_cmp);
        prop_assert_eq!(whole.spread().map(|one| one.median), Some(values[(values.len() - 1) / 2]));
    }

    #[test]
    fn ordering_keeps_values(value in -1e300f64..1e300, other in -1e300f64..1e300) {
        prop_assert_eq!(number(ordered(value)), value);
        prop_assert_eq!(value < other, ordered(value) < ordered(other));
    }
}
