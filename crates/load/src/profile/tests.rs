//! Profiles of rows whose truth is known.

use super::*;

/// Rows of three columns with a known truth: a number that occurs once, a code, a day with gaps.
fn rows() -> Vec<[String; 3]> {
    (0..10_000u64)
        .map(|n| {
            let code = if n % 3 == 0 { "男" } else { "女" };
            let day = if n % 4 == 0 {
                String::new()
            } else {
                format!("2024-{:02}-01", n % 12 + 1)
            };
            [format!("11013{n:013}"), code.to_string(), day]
        })
        .collect()
}

fn profile(rows: &[[String; 3]], batch: usize) -> Vec<Summary> {
    let mut all = Profile::default();
    let mut line = 1;
    for rows in rows.chunks(batch) {
        let mut columns = BatchColumns::new(3);
        for row in rows {
            line += 1;
            for (place, text) in row.iter().enumerate() {
                columns.cell(
                    place,
                    line,
                    Some(text.as_str()).filter(|text| !text.is_empty()),
                );
            }
            columns.value(2, line, line as f64);
        }
        all.merge(columns.finish());
    }
    all.columns.iter().map(ColumnProfile::summary).collect()
}

#[test]
fn columns_are_described_as_they_are() {
    let found = profile(&rows(), 1_000);
    assert_eq!((found[0].cells, found[0].filled), (10_000, 10_000));
    assert_eq!((found[0].distinct, found[0].distinct_exact), (10_000, true));
    assert!(found[0].top.is_empty(), "{:?}", found[0].top);
    assert_eq!(found[0].forms, [("9(18)".to_string(), 10_000)]);
    let top: Vec<_> = found[1]
        .top
        .iter()
        .map(|one| (one.text.as_str(), one.count))
        .collect();
    assert_eq!(top, [("女", 6_666), ("男", 3_334)]);
    assert_eq!((found[1].top_error, found[1].distinct), (0, 2));
    assert_eq!(found[1].forms, [("汉".to_string(), 10_000)]);
    // n % 12 is never 0, 4 or 8 where n % 4 is not 0.
    assert_eq!((found[2].filled, found[2].distinct), (7_500, 9));
    assert_eq!(found[2].forms, [("9999-99-99".to_string(), 7_500)]);
    assert_eq!(
        found[2]
            .shortest
            .as_ref()
            .map(|one| (one.characters, one.line)),
        Some((10, 3))
    );
    let spread = found[2].spread.as_ref().expect("values");
    assert_eq!(
        (spread.minimum, spread.maximum, spread.count),
        (2.0, 10_001.0, 10_000)
    );
}

#[test]
fn batches_do_not_change_what_is_counted() {
    let rows = rows();
    let (one, many) = (profile(&rows, 10_000), profile(&rows, 77));
    for (one, many) in one.iter().zip(&many) {
        assert_eq!(
            (one.filled, one.distinct, &one.forms),
            (many.filled, many.distinct, &many.forms)
        );
        assert_eq!(
            (&one.top, &one.shortest, &one.longest),
            (&many.top, &many.shortest, &many.longest)
        );
    }
    assert_eq!(
        profile(&rows, 77),
        many,
        "the same batches give the same profile"
    );
}
