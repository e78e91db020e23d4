//! What the server has done, in Prometheus' text form (version 0.0.4).

use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
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

/// Counters by route. They are made once and never locked; those of a caller are made when it first asks.
pub struct Metrics {
    routes: Vec<RouteCounters>,
    callers: RwLock<BTreeMap<String, Arc<CallerCounters>>>,
}

/// How many callers are counted by themselves; others count together, as `other`.
const CALLERS: usize = 1000;
/// Kinds of answers that a caller's are counted by: given, refused, failed.
const OUTCOMES: [&str; 3] = ["answered", "refused", "failed"];

/// A caller's requests, by route and outcome.
type CallerCounters = Vec<[AtomicU64; OUTCOMES.len()]>;

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
        Metrics {
            routes: all,
            callers: RwLock::default(),
        }
    }

    /// Counts an answer to a caller.
    pub fn count_caller(&self, caller: &str, route: Option<&str>, status: u16) {
        let counters = self.of_caller(caller);
        let outcome = match status {
            ..400 => 0,
            400..500 => 1,
            _ => 2,
        };
        counters[self.place(route)][outcome].fetch_add(1, Ordering::Relaxed);
    }

    fn of_caller(&self, caller: &str) -> Arc<CallerCounters> {
        let known = self.callers.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(counters) = known.get(caller) {
            return counters.clone();
        }
        drop(known);
        let mut known = self.callers.write().unwrap_or_else(PoisonError::into_inner);
        let is_one_more = known.len() >= CALLERS && !known.contains_key(caller);
        let caller = if is_one_more { "other" } else { caller };
        let none = || {
            let zero = self
                .routes
                .iter()
                .map(|_| [const { AtomicU64::new(0) }; OUTCOMES.len()]);
            Arc::new(zero.collect())
        };
        known.entry(caller.to_string()).or_insert_with(none).clone()
    }

    /// The place of a route's counters; all others have the first.
    fn place(&self, route: Option<&str>) -> usize {
        let found = route.and_then(|route| self.routes.iter().position(|one| one.route == route));
        found.unwrap_or(0)
    }

    /// Counts an answer.
    pub fn count(&self, route: Option<&str>, status: u16, took: Duration) {
        let counters = &self.routes[self.place(route)];
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

impl Metrics {
    /// Writes the counters of callers.
    pub fn write_callers(&self, out: &mut String) {
        out.push_str(
            "# HELP jiku_caller_requests_total Requests answered, by caller.\n# TYPE jiku_caller_requests_total counter\n",
        );
        let known = self.callers.read().unwrap_or_else(PoisonError::into_inner);
        for (caller, counters) in known.iter() {
            for (route, counts) in self.routes.iter().zip(counters.iter()) {
                for (outcome, count) in OUTCOMES.iter().zip(counts) {
                    let count = count.load(Ordering::Relaxed);
                    if count > 0 {
                        let caller = caller.replace(['\\', '"', '\n'], "_");
                        let labels = [
                            ("caller", caller.as_str()),
                            ("route", route.route),
                            ("outcome", outcome),
                        ];
                        line(out, "jiku_caller_requests_total", &labels, count);
                    }
                }
            }
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
