//! Known points, round trips, and the EPSG table against the rule.

use proptest::prelude::*;

use super::gauss_kruger::Zone;
use super::*;

const GRID_METRES: f64 = 0.001;

fn close(a: (f64, f64), b: (f64, f64), tolerance: f64) -> bool {
    (a.0 - b.0).abs() <= tolerance && (a.1 - b.1).abs() <= tolerance
}

#[test]
fn worked_example_of_beijing() {
    let (lon, lat) = (116.3913, 39.9075);
    let cm = Crs::GaussKruger { epsg: 4548 };
    let zoned = Crs::GaussKruger { epsg: 4527 };
    let plane = cm.from_geographic(lon, lat).expect("within reach");
    assert!(
        close(plane, (447_950.515, 4_419_435.790), GRID_METRES),
        "{plane:?}"
    );
    let plane = zoned.from_geographic(lon, lat).expect("within reach");
    assert!(
        close(plane, (39_447_950.515, 4_419_435.790), GRID_METRES),
        "{plane:?}"
    );
    let back = cm
        .to_geographic(447_950.515, 4_419_435.790)
        .expect("within reach");
    assert!(close(back, (lon, lat), 1e-8), "{back:?}");
}

#[test]
fn the_rule_agrees_with_every_line_of_the_epsg_table() {
    let table = include_str!("../../data/epsg_cgcs2000.csv");
    let mut seen = 0;
    for line in table.lines().skip(1) {
        let cells: Vec<&str> = line.split(',').collect();
        let epsg: u16 = cells[0].parse().unwrap();
        let zone = Zone::of_epsg(epsg).unwrap_or_else(|| panic!("no rule for {epsg}"));
        assert_eq!(
            zone.central_meridian,
            cells[2].parse::<f64>().unwrap(),
            "{epsg}"
        );
        assert_eq!(cells[3], "1.0", "{epsg}");
        assert_eq!(
            zone.false_easting,
            cells[4].parse::<f64>().unwrap(),
            "{epsg}"
        );
        assert_eq!(cells[5], "0.0", "{epsg}");
        // The whole area of use is within reach, at the latitudes of China.
        let crs = Crs::GaussKruger { epsg };
        for lon in [cells[6], cells[7]] {
            assert!(
                crs.from_geographic(lon.parse().unwrap(), 16.0).is_ok(),
                "{epsg}"
            );
        }
        seen += 1;
    }
    assert_eq!(seen, 64);
    assert_eq!(Zone::of_epsg(4490), None);
    assert_eq!(Zone::of_epsg(4555), None);
}

#[test]
fn wrong_zones_swapped_axes_and_degrees_are_refused() {
    let cm = Crs::GaussKruger { epsg: 4548 };
    for (x, y) in [
        (39_447_950.515, 4_419_435.79),
        (4_419_435.79, 447_950.515),
        (f64::NAN, 4_419_435.79),
        (447_950.515, f64::INFINITY),
    ] {
        assert!(
            matches!(cm.to_geographic(x, y), Err(CrsError::Outside { .. })),
            "{x} {y}"
        );
    }
    assert!(
        Crs::GaussKruger { epsg: 4527 }
            .to_geographic(116.39, 39.9)
            .is_err()
    );
    assert!(cm.from_geographic(75.0, 39.0).is_err());
    assert!(cm.from_geographic(-63.0, 39.0).is_err());
    assert!(Crs::Cgcs2000.to_geographic(200.0, 0.0).is_err());
    assert!(Crs::WebMercator.to_geographic(0.0, 1e9).is_err());
    assert!(matches!(
        Crs::GaussKruger { epsg: 4490 }.to_geographic(0.0, 0.0),
        Err(CrsError::Unknown { .. })
    ));
}

#[test]
fn obfuscated_systems_at_a_known_point() {
    // The point published with the common open implementations of these formulas.
    let gcj = Crs::Gcj02
        .from_geographic(116.404, 39.915)
        .expect("in range");
    assert!(
        close(gcj, (116.410_244_499_169_38, 39.916_404_281_501_64), 1e-9),
        "{gcj:?}"
    );
    let bd = super::bd09::from_gcj02(116.404, 39.915);
    assert!(
        close(bd, (116.410_369_493_710_29, 39.921_336_993_510_22), 1e-9),
        "{bd:?}"
    );
    // Outside China nothing moves.
    assert_eq!(Crs::Gcj02.from_geographic(2.35, 48.86), Ok((2.35, 48.86)));
    assert_eq!(Crs::Bd09.to_geographic(-73.9, 40.7), Ok((-73.9, 40.7)));
}

#[test]
fn web_mercator_known_points() {
    let (x, y) = Crs::WebMercator
        .from_geographic(180.0, 85.051_128_779_806_6)
        .expect("in range");
    assert!(
        close(
            (x, y),
            (20_037_508.342_789_244, 20_037_508.342_789_244),
            1e-5
        ),
        "{x} {y}"
    );
    assert_eq!(
        Crs::WebMercator.to_geographic(x, 0.0).map(|at| at.0),
        Ok(180.0)
    );
}

#[test]
fn names_of_all_kinds() {
    let cases = [
        ("CGCS2000", Crs::Cgcs2000),
        ("wgs 84", Crs::Wgs84),
        ("GCJ-02", Crs::Gcj02),
        ("gcj02", Crs::Gcj02),
        ("BD-09", Crs::Bd09),
        ("CRS84", Crs::Crs84),
        ("EPSG:4548", Crs::GaussKruger { epsg: 4548 }),
        ("[EPSG:3857]", Crs::WebMercator),
        ("http://www.opengis.net/def/crs/EPSG/0/4490", Crs::Cgcs2000),
        (
            "https://www.opengis.net/def/crs/EPSG/9.9.1/4326",
            Crs::Wgs84,
        ),
        ("http://www.opengis.net/def/crs/OGC/1.3/CRS84", Crs::Crs84),
        (
            "urn:ogc:def:crs:EPSG::4527",
            Crs::GaussKruger { epsg: 4527 },
        ),
        ("urn:ogc:def:crs:OGC:1.3:CRS84", Crs::Crs84),
    ];
    for (name, crs) in cases {
        assert_eq!(Crs::from_name(name), Ok(crs), "{name}");
        assert_eq!(Crs::from_name(&crs.to_string()), Ok(crs), "{crs}");
        if let Some(uri) = crs.uri() {
            assert_eq!(Crs::from_name(&uri), Ok(crs), "{uri}");
        }
    }
    for name in [
        "",
        "EPSG:",
        "EPSG:2437",
        "EPSG:99999999999",
        "EPSG/0/4490",
        "BD-9",
        "OGC:4490",
        "http://www.opengis.net/def/crs/EPSG/0/4490/more",
    ] {
        assert!(
            matches!(Crs::from_name(name), Err(CrsError::Unknown { .. })),
            "{name}"
        );
    }
    assert_eq!(Crs::Cgcs2000.axis_order(), AxisOrder::NorthEast);
    assert_eq!(Crs::Crs84.axis_order(), AxisOrder::EastNorth);
}

proptest! {
    #[test]
    fn gauss_kruger_round_trip(epsg in 4491u16..=4554, from_meridian in -3.2..=3.2f64, lat in 0.0..=60.0f64) {
        let zone = Zone::of_epsg(epsg).expect("a code of the table");
        let crs = Crs::GaussKruger { epsg };
        let lon = zone.central_meridian + from_meridian;
        let (x, y) = crs.from_geographic(lon, lat).expect("within reach");
        let back = crs.to_geographic(x, y).expect("within reach");
        prop_assert!(close(back, (lon, lat), 1e-9), "{:?}", back);
    }

    #[test]
    fn obfuscated_round_trips(lon in 73.0..=136.0f64, lat in 2.0..=54.0f64) {
        for crs in [Crs::Gcj02, Crs::Bd09] {
            let (x, y) = crs.from_geographic(lon, lat).expect("in range");
            let back = crs.to_geographic(x, y).expect("in range");
            prop_assert!(close(back, (lon, lat), 1e-9), "{} {:?}", crs, back);
            // Displaced by some hundred metres, never by kilometres.
            prop_assert!((x - lon).abs() < 0.03 && (y - lat).abs() < 0.02);
        }
    }

    #[test]
    fn web_mercator_round_trip(lon in -180.0..=180.0f64, lat in -85.0..=85.0f64) {
        let (x, y) = Crs::WebMercator.from_geographic(lon, lat).expect("in range");
        let back = Crs::WebMercator.to_geographic(x, y).expect("in range");
        prop_assert!(close(back, (lon, lat), 1e-9), "{:?}", back);
    }
}
