//! `GET /metrics`: counters and sizes for Prometheus.

use axum::response::Response;
use record::Predicate;
use register::TimeScope;

use crate::failure::Failure;
use crate::metrics::line;
use crate::visit::Visit;

/// Requests, records, bytes and the transaction.
pub async fn metrics(app: Visit) -> Result<Response, Failure> {
    let mut out = String::new();
    app.metrics.write(&mut out);
    app.metrics.write_callers(&mut out);
    let counts = app
        .blocking(|app, context| {
            let now = TimeScope::Present(context.today);
            let count = |name: &str| {
                context
                    .view
                    .count(name, &Predicate::All, now, context.deadline)
            };
            let collections = app.store.catalog().collections.iter();
            collections
                .map(|one| {
                    Ok((
                        one.name.clone(),
                        count(&one.name).map_err(|error| context.error(error))?,
                    ))
                })
                .collect::<Result<Vec<_>, ::query::QueryError>>()
        })
        .await?;
    out.push_str("# HELP jiku_records Records valid now.\n# TYPE jiku_records gauge\n");
    for (name, count) in &counts {
        line(&mut out, "jiku_records", &[("collection", name)], count);
    }
    let (ledger, index) = app.store.size_on_disk();
    out.push_str("# HELP jiku_disk_bytes Bytes on disk.\n# TYPE jiku_disk_bytes gauge\n");
    line(&mut out, "jiku_disk_bytes", &[("part", "ledger")], ledger);
    line(&mut out, "jiku_disk_bytes", &[("part", "index")], index);
    out.push_str(
        "# HELP jiku_transaction The last transaction published.\n# TYPE jiku_transaction gauge\n",
    );
    line(
        &mut out,
        "jiku_transaction",
        &[],
        app.store.view().transaction().0,
    );
    overdue(&app, &mut out);
    Ok(super::answer(
        "text/plain; version=0.0.4; charset=utf-8",
        out,
    ))
}

/// Clocks of requests and objections that have run out, or soon will.
fn overdue(app: &Visit, out: &mut String) {
    let desk = app
        .sharing
        .as_ref()
        .and_then(|sharing| sharing.desk.as_ref());
    let Some(desk) = desk else {
        return;
    };
    let board = desk.board(&desk.rules().supervisor, catalogue::desk::today());
    for (name, help, count) in [
        (
            "jiku_sharing_overdue",
            "Clocks of requests and objections that have run out.",
            board.overdue,
        ),
        (
            "jiku_sharing_due_soon",
            "Clocks of requests and objections that soon will.",
            board.due_soon,
        ),
    ] {
        out.push_str(&format!("# HELP {name} {help}\n# TYPE {name} gauge\n"));
        line(out, name, &[], count);
    }
}
