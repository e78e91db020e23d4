//! What the server has done, in Prometheus' text form (version 0.0.4).

use std::fmt::Write;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// The statuses counted by themselves; any other counts under the last.
const STATUSES: [u16; 20] = [
    200, 201, 202, 204, 304, 400, 401, 403, 404, 405, 408, 409, 413, 422, 429, 500, 501, 503, 507,
    0,
];
/// Upper ends of the histogram's buckets, in microseconds.
const BUCKETS: [u64; 12] = [
    100, 250, 500, 1_000, 2_500, 5_000, 10_000, 50_000, 100_000, 500_000, 1_000_000, 10_000_000,
];

/// Counters by route. They are made once and never locked.
pub struct Metrics {
    routes: Vec<RouteCounters>,
}

struct RouteCounters {
    route: &'static str,
    statuses: [AtomicU64; STATUSES.len()],
    buckets: [AtomicU64; BUCKETS.len() + 1],
    microseconds: AtomicU64,
}

impl RouteCounters {
    fn new(route: &'static str) -> RouteCounters {
        RouteCounters {
            route,
            statuses: [const { AtomicU64::new(0) }; STATUSES.len()],
            buckets: [const { AtomicU64::new(0) }; BUCKETS.len() + 1],
            microseconds: AtomicU64::new(0),
        }
    }
}

impl Metrics {
    /// Counters for these route templates, and one for all else.
    pub fn new(routes: impl IntoIterator<Item = &'static str>) -> Metrics {
        let mut all: Vec<RouteCounters> = vec![RouteCounters::new("other")];
        for route in routes {
            if all.iter().all(|counters| counters.route != route) {
                all.push(RouteCounters::new(route));
            }
        }
        Metrics { routes: all }
    }

    /// Counts an answer.
    pub fn count(&self, route: Option<&str>, status: u16, took: Duration) {
        let found = route.and_then(|route| self.routes.iter().find(|one| one.route == route));
        let counters = found.unwrap_or(&self.routes[0]);
        let place = STATUSES
            .iter()
            .position(|one| *one == status)
            .unwrap_or(STATUSES.len() - 1);
        counters.statuses[place].fetch_add(1, Ordering::Relaxed);
        let micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
        let bucket = BUCKETS
            .iter()
            .position(|end| micros <= *end)
            .unwrap_or(BUCKETS.len());
        counters.buckets[bucket].fetch_add(1, Ordering::Relaxed);
        counters.microseconds.fetch_add(micros, Ordering::Relaxed);
    }

    /// Writes the counters of requests.
    pub fn write(&self, out: &mut String) {
        out.push_str(
            "# HELP jiku_requests_total Requests answered.\n# TYPE jiku_requests_total counter\n",
        );
        for one in &self.routes {
            for (status, count) in STATUSES.iter().zip(&one.statuses) {
                let count = count.load(Ordering::Relaxed);
                if count > 0 {
                    let status = if *status == 0 {
                        "other".to_string()
                    } else {
                        status.to_string()
                    };
                    line(
                        out,
                        "jiku_requests_total",
                        &[("route", one.route), ("status", &status)],
                        count,
                    );
                }
            }
        }
        out.push_str("# HELP jiku_request_seconds How long requests took.\n# TYPE jiku_request_seconds histogram\n");
        for one in &self.routes {
            let mut sum = 0;
            for (place, count) in one.buckets.iter().enumerate() {
                sum += count.load(Ordering::Relaxed);
                let end = BUCKETS
                    .get(place)
                    .map(|end| (*end as f64 / 1e6).to_string());
                let end = end.unwrap_or_else(|| "+Inf".to_string());
                line(
                    out,
                    "jiku_request_seconds_bucket",
                    &[("route", one.route), ("le", &end)],
                    sum,
                );
            }
            let seconds = one.microseconds.load(Ordering::Relaxed) as f64 / 1e6;
            line(
                out,
                "jiku_request_seconds_sum",
                &[("route", one.route)],
                seconds,
            );
            line(
                out,
                "jiku_request_seconds_count",
                &[("route", one.route)],
                sum,
            );
        }
    }
}

/// One sample.
pub fn line(out: &mut String, name: &str, labels: &[(&str, &str)], value: impl std::fmt::Display) {
    out.push_str(name);
    if !labels.is_empty() {
        let list: Vec<String> = labels
            .iter()
            .map(|(key, value)| format!("{key}=\"{value}\""))
            .collect();
        let _ = write!(out, "{{{}}}", list.join(","));
    }
    let _ = writeln!(out, " {value}");
}
