//! The routes: one file a noun.
//!
//! To add one: write the handler in `routes/<noun>.rs` (decode, call one function, encode); name the
//! file below; add the route to [`all`] and to [`TABLE`], from which the OpenAPI description and the
//! metrics are made; add its request to `tests.rs`. A test checks that the two lists agree.

mod api;
mod audit;
pub mod catalog;
mod collections;
pub mod comparisons;
mod conflicts;
pub mod conformance;
mod console;
mod functions;
mod health;
pub mod item;
pub mod items;
mod landing;
pub mod links;
mod load_events;
mod load_files;
mod loads;
mod lookup;
mod metrics;
pub mod objections;
pub mod open;
mod query;
mod recalls;
mod receipts;
pub mod requests;
mod responsibility;
mod search;
mod sources;
mod subjects;
mod suggest;
mod tiles;
mod verify;
pub mod write;

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::Response;
use axum::routing::{get, post};

use catalogue::desk::objection::Act;

use crate::app::App;
use crate::formats::{self, Format};
use crate::parameters::Parameters;
use links::Link;

/// All routes.
pub fn all() -> Router<Arc<App>> {
    Router::new()
        .route("/", get(landing::landing))
        .route("/conformance", get(conformance::conformance))
        .route("/functions", get(functions::functions))
        .route("/console", get(console::slash))
        .route("/console/", get(console::page))
        .route("/console/{*path}", get(console::asset))
        .route("/api", get(api::api))
        .route("/health/live", get(health::live))
        .route("/health/ready", get(health::ready))
        .route("/metrics", get(metrics::metrics))
        .merge(of_records())
        .route("/responsibility", get(responsibility::responsibility))
        .merge(of_tiles())
        .route("/collections/{collection}/lookup", post(lookup::lookup))
        .route("/collections/{collection}/verify", post(verify::verify))
        .route("/query", post(query::query))
        .route("/search", get(search::search))
        .route("/suggest", get(suggest::suggest))
        .merge(of_the_desk())
        .merge(of_receipts())
        .merge(comparisons::routes())
        .merge(of_sharing())
        .route("/sources", get(sources::list))
        .route("/sources/{source}", get(sources::one))
}

/// The routes of collections and their records.
fn of_records() -> Router<Arc<App>> {
    Router::new()
        .route("/collections", get(collections::list))
        .route("/collections/{collection}", get(collections::one))
        .route("/collections/{collection}/schema", get(collections::schema))
        .route(
            "/collections/{collection}/queryables",
            get(collections::queryables),
        )
        .route(
            "/collections/{collection}/items",
            get(items::items).post(write::create),
        )
        .route(
            ITEM,
            get(item::item)
                .put(write::replace)
                .patch(write::change)
                .delete(write::delete),
        )
        .route("/collections/{collection}/items/{id}/end", post(write::end))
        .route(
            "/collections/{collection}/items/{id}/retract",
            post(write::retract),
        )
        .route(
            "/collections/{collection}/items/{id}/merge",
            post(write::merge),
        )
        .route(
            "/collections/{collection}/items/{id}/split",
            post(write::split),
        )
        .route(
            "/collections/{collection}/items/{id}/dispute",
            post(write::dispute),
        )
        .route(
            "/collections/{collection}/items/{id}/versions",
            get(item::versions),
        )
        .route(
            "/collections/{collection}/items/{id}/statements",
            get(item::statements),
        )
        .route(
            "/collections/{collection}/conflicts",
            get(conflicts::conflicts),
        )
}

/// The routes of vector tiles.
fn of_tiles() -> Router<Arc<App>> {
    Router::new()
        .route("/collections/{collection}/tiles", get(tiles::list))
        .route("/collections/{collection}/tiles/{set}", get(tiles::one))
        .route(
            "/collections/{collection}/tiles/{set}/{matrix}/{row}/{column}",
            get(tiles::tile),
        )
        .route("/tileMatrixSets", get(tiles::sets))
        .route("/tileMatrixSets/{set}", get(tiles::set))
}

/// The routes of the catalogue, and of what is asked for by it.
fn of_sharing() -> Router<Arc<App>> {
    Router::new()
        .route("/catalog", get(catalog::catalog))
        .route("/catalog/responsibility", get(catalog::responsibility))
        .route("/catalog/databases", get(catalog::databases))
        .route("/catalog/sharing", get(catalog::sharing))
        .route("/catalog/resources/{resource}", get(catalog::resource))
        .route("/requests", get(requests::list).post(requests::apply))
        .route("/requests/board", get(requests::board))
        .route("/requests/{request}", get(requests::one))
        .route("/requests/{request}/check", post(requests::check))
        .route("/requests/{request}/answer", post(requests::answer))
        .route("/requests/{request}/resubmit", post(requests::resubmit))
        .route("/requests/{request}/publish", post(requests::publish))
        .route("/requests/{request}/withdraw", post(requests::withdraw))
        .route("/requests/{request}/revoke", post(requests::revoke))
        .route(
            "/objections",
            get(objections::list).post(objections::object),
        )
        .route("/objections/{objection}", get(objections::one))
        .route(
            "/objections/{objection}/accept",
            objections::noted(Act::Accept),
        )
        .route(
            "/objections/{objection}/reject",
            objections::noted(Act::Reject),
        )
        .route("/objections/{objection}/mark", objections::noted(Act::Mark))
        .route("/objections/{objection}/verify", post(objections::verify))
        .route(
            "/objections/{objection}/unmark",
            objections::noted(Act::Unmark),
        )
        .route(
            "/objections/{objection}/withdraw",
            objections::noted(Act::Withdraw),
        )
        .route("/open", get(open::list))
        .route("/open/{open}", get(open::one))
}

/// The routes of loads.
fn of_the_desk() -> Router<Arc<App>> {
    Router::new()
        .route("/loads", get(loads::list).post(loads::receive))
        .route("/loads/{load}", get(loads::one))
        .route("/loads/{load}/events", get(load_events::events))
        .route("/loads/{load}/report", get(load_files::report))
        .route("/loads/{load}/rejects", get(load_files::rejects))
        .route("/loads/{load}/notices", get(load_files::notices))
        .route("/loads/{load}/publish", post(loads::publish))
        .route("/loads/{load}/undo", post(loads::undo))
        .route("/loads/{load}/discard", post(loads::discard))
}

/// The routes of receipts and of the trail.
fn of_receipts() -> Router<Arc<App>> {
    Router::new()
        .route("/receipts", get(receipts::list))
        .route("/receipts/{receipt}", get(receipts::one))
        .route("/receipts/{receipt}/replay", get(receipts::replay))
        .route("/receipts/{receipt}/diff", get(receipts::diff))
        .route("/receipts/{receipt}/proof", get(audit::proof))
        .route("/recalls", get(recalls::recalls))
        .route("/subjects/log", post(subjects::log))
        .route("/audit/head", get(audit::head))
        .route("/audit/consistency", get(audit::consistency))
}

/// A route as it is described.
pub struct Route {
    /// `get`, `post`, `put`, `patch` or `delete`.
    pub method: &'static str,
    /// The template.
    pub path: &'static str,
    /// What it is for, in English.
    pub summary: &'static str,
    /// What it is for, in Chinese.
    pub summary_zh: &'static str,
    /// Names of its parameters in the query and in headers, described in [`crate::openapi`].
    pub parameters: &'static [&'static str],
    /// The media type of its answer.
    pub answer: &'static str,
}

const fn route(
    method: &'static str,
    path: &'static str,
    summary: &'static str,
    summary_zh: &'static str,
    parameters: &'static [&'static str],
    answer: &'static str,
) -> Route {
    Route {
        method,
        path,
        summary,
        summary_zh,
        parameters,
        answer,
    }
}

const JSON: &str = "application/json";
const GEOJSON: &str = "application/geo+json";
const TEXT: &str = "text/plain";

/// The routes, described.
#[rustfmt::skip]
pub const TABLE: &[Route] = &[
    route("get", "/", "Landing page", "入口", &[], JSON),
    route("get", "/conformance", "Conformance classes", "符合的规范", &[], JSON),
    route("get", "/functions", "The functions that filters know", "过滤条件可用的函数", &[], JSON),
    route("get", "/console/", "The web console", "控制台", &[], "text/html"),
    route("get", "/api", "This description", "接口描述", &[], "application/vnd.oai.openapi+json;version=3.1"),
    route("get", "/health/live", "The process runs", "存活探针", &[], JSON),
    route("get", "/health/ready", "Reads are answered", "就绪探针", &[], JSON),
    route("get", "/metrics", "Prometheus metrics", "监控指标", &[], TEXT),
    route("get", "/collections", "The collections", "数据集列表", &[], JSON),
    route("get", "/collections/{collection}", "A collection", "数据集", &[], JSON),
    route("get", "/collections/{collection}/schema", "JSON Schema of its records", "记录的 JSON Schema", &[], JSON),
    route("get", "/collections/{collection}/queryables", "Fields a filter may name", "可查询字段", &[], JSON),
    route("get", "/collections/{collection}/items", "Search; any queryable field is a parameter too", "检索", ITEMS, GEOJSON),
    route("get", "/collections/{collection}/items/{id}", "One record", "单条记录", &["expand", "crs", "validAt", "knownAt"], GEOJSON),
    route("post", "/collections/{collection}/items", "A new record", "新增记录", CREATE, GEOJSON),
    route("delete", "/collections/{collection}/items/{id}", "The department says nothing of it from today on; its history stays", "自今日起终止，历史保留", WRITE, GEOJSON),
    route("put", "/collections/{collection}/items/{id}", "All that the department says of a record", "整体替换本部门的记录", WRITE, GEOJSON),
    route("patch", "/collections/{collection}/items/{id}", "Some fields of a record: a change, a correction, a late arrival", "修改部分字段：变更、更正、补录", WRITE, GEOJSON),
    route("post", "/collections/{collection}/items/{id}/end", "The department says nothing of it from a day on", "自某日起终止", WRITE, GEOJSON),
    route("post", "/collections/{collection}/items/{id}/retract", "A statement on it is withdrawn, from now on", "撤回一条陈述", WRITE, GEOJSON),
    route("post", "/collections/{collection}/items/{id}/merge", "It is another record: its id leads there", "并入另一条记录", WRITE, GEOJSON),
    route("post", "/collections/{collection}/items/{id}/split", "Statements on it are of a new record", "拆分出新记录", WRITE, GEOJSON),
    route("post", "/collections/{collection}/items/{id}/dispute", "A field is in doubt: raised, accepted, verified, removed", "字段异议：提出、受理、核实、撤销", WRITE, GEOJSON),
    route("get", "/collections/{collection}/items/{id}/versions", "Every version of a record", "记录的全部版本", &[], JSON),
    route("get", "/collections/{collection}/items/{id}/statements", "Who said what of a record", "记录的来源陈述", &[], JSON),
    route("get", "/collections/{collection}/conflicts", "Fields of which sources say different things", "各来源说法不一的字段", &["field", "limit", "cursor", "validAt", "knownAt"], JSON),
    route("get", "/responsibility", "Who answers for what, and what is overdue", "责任部门与更新情况", &[], JSON),
    route("post", "/collections/{collection}/lookup", "Records by natural key, up to 1000", "按主键批量查找", &[], JSON),
    route("post", "/collections/{collection}/verify", "Claims on records, each answered by a word", "核验：只答是否相符，不透露内容", &[], JSON),
    route("post", "/query", "The unified query", "统一查询", &["charset"], GEOJSON),
    route("get", "/comparisons", "The caller's list comparisons, newest first", "批量比对任务列表", &[], JSON),
    route("post", "/comparisons", "Compare a list of up to 50,000 keys by agreed questions", "提交名单批量比对", &["grant", "columns"], JSON),
    route("get", "/comparisons/{comparison}", "One list comparison", "一项批量比对", &[], JSON),
    route("delete", "/comparisons/{comparison}", "Remove a comparison's keys and answers", "删除比对的名单和结果", &[], JSON),
    route("get", "/comparisons/{comparison}/answers", "Its answers: yes, no or unknown", "比对结果：是、否、未知", &["offset", "limit", "charset"], JSON),
    route("post", "/comparisons/{comparison}/resume", "Have a comparison go on that failed", "继续失败的比对", &[], JSON),
    route("get", "/collections/{collection}/tiles", "Its vector tilesets", "矢量瓦片集", &[], JSON),
    route("get", "/collections/{collection}/tiles/{set}", "A tileset; also as TileJSON", "一个瓦片集", &[], JSON),
    route("get", "/collections/{collection}/tiles/{set}/{matrix}/{row}/{column}", "A vector tile", "矢量瓦片", TILE, "application/vnd.mapbox-vector-tile"),
    route("get", "/tileMatrixSets", "The tile matrix sets", "瓦片矩阵集列表", &[], JSON),
    route("get", "/tileMatrixSets/{set}", "A tile matrix set", "瓦片矩阵集", &[], JSON),
    route("get", "/search", "One ranked list across the registers", "跨库全文检索", &["q", "collections", "limit", "validAt", "knownAt"], JSON),
    route("get", "/suggest", "Names that begin so, by characters or pinyin", "按开头的字或拼音提示名称", &["q", "collections", "limit", "validAt", "knownAt"], JSON),
    route("get", "/loads", "The loads, newest first", "装载列表，最新在前", &["state", "source", "limit", "cursor"], JSON),
    route("post", "/loads", "Take in a file of any size, and rehearse it", "上传数据文件并试装", &["source", "file", "asOf", "maxRejects", "by"], JSON),
    route("get", "/loads/{load}", "One load", "单次装载", &[], JSON),
    route("get", "/loads/{load}/events", "A load as it goes on, as server-sent events", "装载进度事件流", &[], "text/event-stream"),
    route("get", "/loads/{load}/report", "What a load would change, or has; also as a page", "试装报告", &[], JSON),
    route("get", "/loads/{load}/rejects", "The rows refused, as they came, to mend and send back", "拒收行（原编码、原列序）", &[], "text/csv"),
    route("get", "/loads/{load}/notices", "Rows that say what their department does not answer for", "权责提示（来源部门不负责的字段）", &[], "text/csv"),
    route("post", "/loads/{load}/publish", "Publish a rehearsed load", "发布", &["maxRejects", "by"], JSON),
    route("post", "/loads/{load}/undo", "Undo a published load, by a load of its own", "撤销", &["by"], JSON),
    route("post", "/loads/{load}/discard", "Throw an upload away", "丢弃上传的文件", &["by"], JSON),
    route("get", "/receipts", "What was answered to whom, newest first", "答复凭据列表，最新在前", &["caller", "limit", "cursor"], JSON),
    route("get", "/receipts/{receipt}", "One receipt: who asked what, what for, and what was read", "单个答复凭据", &[], JSON),
    route("get", "/receipts/{receipt}/replay", "The same answer again", "按凭据重放答复", &[], JSON),
    route("get", "/receipts/{receipt}/diff", "What has changed since an answer", "答复之后的变化", &[], JSON),
    route("get", "/receipts/{receipt}/proof", "The proof that an answer stands in the audit trail (RFC 6962)", "凭据在审计日志中的证明", &[], JSON),
    route("get", "/recalls", "Answers that held a value which was corrected since", "召回：答复中后被更正的值", &["record", "limit", "cursor"], JSON),
    route("post", "/subjects/log", "Who looked at a record, when, and what for", "本人查询记录：谁、何时、为何查看", &[], JSON),
    route("get", "/audit/head", "The head of the audit trail, signed", "审计日志的签名摘要", &[], JSON),
    route("get", "/audit/consistency", "The proof that the audit trail continues an earlier one", "审计日志的一致性证明", &["from"], JSON),
    route("get", "/catalog", "The catalogue (GB/T 21063); also as DCAT-AP", "共享目录", &[], JSON),
    route("get", "/catalog/resources/{resource}", "An entry of the catalogue", "目录条目", &[], JSON),
    route("get", "/catalog/responsibility", "Who answers for what, by department", "责任清单", &[], JSON),
    route("get", "/catalog/databases", "The registers as databases, and the sources that feed them", "数据库清单", &[], JSON),
    route("get", "/catalog/sharing", "What is shared, by type of sharing", "共享清单", &[], JSON),
    route("get", "/requests", "What the department asked for, and what others asked of it", "共享申请列表", &["state", "Jiku-Department"], JSON),
    route("post", "/requests", "Ask for what another department shares", "提出共享申请", DESK, JSON),
    route("get", "/requests/board", "What waits for whom, the overdue first", "督办看板", DESK, JSON),
    route("get", "/requests/{request}", "One request", "共享申请", DESK, JSON),
    route("post", "/requests/{request}/check", "The supervisor says whether it conforms", "规范性审核", DESK, JSON),
    route("post", "/requests/{request}/answer", "A provider shares, or says why not", "提供方答复", DESK, JSON),
    route("post", "/requests/{request}/resubmit", "The applicant mends what was returned", "修改后重新提交", DESK, JSON),
    route("post", "/requests/{request}/publish", "What was granted is published: the grant begins", "发布并授权", DESK, JSON),
    route("post", "/requests/{request}/withdraw", "The applicant takes it back", "撤回申请", DESK, JSON),
    route("post", "/requests/{request}/revoke", "The grant is taken back", "收回授权", DESK, JSON),
    route("get", "/objections", "Objections that the department has a part in", "异议列表", DESK, JSON),
    route("post", "/objections", "Say that a value is wrong", "提出异议", DESK, JSON),
    route("get", "/objections/{objection}", "One objection", "异议", DESK, JSON),
    route("post", "/objections/{objection}/accept", "The responsible department takes it on", "受理异议", DESK, JSON),
    route("post", "/objections/{objection}/reject", "It does not, and says why", "不予受理", DESK, JSON),
    route("post", "/objections/{objection}/mark", "The record says that the value is in doubt", "标注存疑", DESK, JSON),
    route("post", "/objections/{objection}/verify", "It is known what is right", "核实", DESK, JSON),
    route("post", "/objections/{objection}/unmark", "The record says nothing of it any more", "撤销标注", DESK, JSON),
    route("post", "/objections/{objection}/withdraw", "Whoever raised it takes it back", "撤回异议", DESK, JSON),
    route("get", "/open", "What is published without a key; also as DCAT-AP", "开放目录", &[], JSON),
    route("get", "/open/{open}", "Open records, or an edition of open counts", "开放数据", &["edition", "limit", "cursor", "charset"], JSON),
    route("get", "/sources", "The source mappings", "来源映射列表", &[], JSON),
    route("get", "/sources/{source}", "A source mapping: its columns", "来源映射", &[], JSON),
];

/// Whether a route takes as long as its caller needs, or asks for.
pub fn takes_long(template: &str) -> bool {
    template.starts_with("/loads") || template.starts_with("/comparisons")
}

/// One record, whose entity tag tells its version.
pub const ITEM: &str = "/collections/{collection}/items/{id}";

const DESK: &[&str] = &["Jiku-Department"];
const CREATE: &[&str] = &["Jiku-Department", "Idempotency-Key", "Content-Crs"];
const WRITE: &[&str] = &[
    "Jiku-Department",
    "Idempotency-Key",
    "If-Match",
    "Content-Crs",
];
const ITEMS: &[&str] = &[
    "q",
    "bbox",
    "bbox-crs",
    "datetime",
    "filter",
    "filter-lang",
    "filter-crs",
    "crs",
    "sortby",
    "properties",
    "limit",
    "cursor",
    "validAt",
    "knownAt",
    "charset",
];
const TILE: &[&str] = &[
    "q",
    "bbox",
    "bbox-crs",
    "datetime",
    "filter",
    "filter-lang",
    "filter-crs",
    "properties",
    "validAt",
    "knownAt",
];

/// An answer of this media type.
fn answer(kind: &'static str, body: impl Into<Body>) -> Response {
    let mut response = Response::new(body.into());
    response
        .headers_mut()
        .insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    response
}

/// A JSON answer.
fn json(value: &impl serde::Serialize) -> Response {
    match serde_json::to_vec(value) {
        Ok(text) => answer(JSON, text),
        Err(error) => axum::response::IntoResponse::into_response(
            crate::failure::Failure::internal(&error.to_string()),
        ),
    }
}

/// Refuses every query parameter.
fn no_parameters(query: Option<&str>) -> Result<(), ::query::QueryError> {
    crate::parameters::Parameters::parse(query)?.finish([])
}

/// What most routes offer.
const PAGES: [Format; 2] = [Format::Json, Format::Html];

/// The form a request asks for, where it takes no other parameter.
fn form_of(
    query: Option<&str>,
    headers: &HeaderMap,
    offered: &[Format],
) -> Result<Format, ::query::QueryError> {
    let mut given = Parameters::parse(query)?;
    let format = formats::asked(&mut given, headers, offered)?;
    given.finish([])?;
    Ok(format)
}

/// A value as JSON, or as the page that shows it.
fn shown(
    format: Format,
    value: &serde_json::Value,
    links: &[Link],
    page: impl FnOnce() -> String,
) -> Response {
    let mut response = match format {
        Format::Html => page_answer(page()),
        format => answer(format.media_type(), value.to_string()),
    };
    links::insert(&mut response, links);
    let vary = HeaderValue::from_static("Accept");
    response.headers_mut().insert(header::VARY, vary);
    response
}

/// A page for a browser, which may load nothing and run nothing.
fn page_answer(page: impl Into<Body>) -> Response {
    let mut response = answer(Format::Html.media_type(), page);
    let policy =
        "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'";
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static(policy),
    );
    headers.insert(
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    );
    response
}

/// The link to an answer in its form, and those to its other forms.
fn self_and_alternates(path: &str, format: Format, offered: &[Format]) -> Vec<Link> {
    let link = |other: &Format| {
        let rel = if *other == format {
            "self"
        } else {
            "alternate"
        };
        Link::new(
            format!("{path}?f={}", other.name()),
            rel,
            other.media_type(),
        )
    };
    let own = offered.iter().filter(|other| **other == format);
    let others = offered.iter().filter(|other| **other != format);
    own.chain(others).map(link).collect()
}
