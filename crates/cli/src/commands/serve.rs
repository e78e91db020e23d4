//! `jiku serve`: answers queries over HTTP.

use std::net::SocketAddr;
use std::sync::Arc;

use access::callers::CallersError;
use anyhow::Context as _;
use clap::Args;
use compare::list::{Comparisons, Terms};
use load::book::{Book, Lane};
use register::{Embedded, Store};
use serde_json::json;
use server::guard::{Guard, GuardError};
use tokio::net::TcpListener;

use super::keys;
use crate::context::Context;
use crate::log;
use crate::refusal::refusal;
use crate::served::{self, Address};
use crate::settings::{self, Settings};

/// Arguments of `jiku serve`.
#[derive(Debug, Args)]
pub struct Arguments {
    /// How the server is set up.
    #[command(flatten)]
    pub settings: settings::Setup,
}

/// Serves the data directory until it is told to stop (Ctrl-C, or SIGTERM).
pub fn run(context: &Context, arguments: &Arguments) -> anyhow::Result<()> {
    let settings = arguments.settings.settle(&context.global.data)?;
    check(&settings)?;
    log::begin(settings.log);
    let store = context.open()?;
    let key = keys::first(&keys::open(context)?)?;
    let scheme = match settings.transport.tls {
        Some(_) => "https",
        None => "http",
    };
    serve(context, store, &settings, stopped(), |address| {
        let key_text = key.as_ref().map(|key| &key.text);
        let answer = json!({ "address": address, "administratorKey": key_text });
        context.answer(&answer, |_| {
            key.as_ref().inspect(|key| keys::tell_first(key));
            println!("服务已启动，Ctrl-C 停止 serving, stop with Ctrl-C: {scheme}://{address}/");
        })
    })
}

/// Refuses addresses that other machines can reach, where nothing encrypts what is said there.
pub fn check(settings: &Settings) -> anyhow::Result<()> {
    let listen = settings.listen;
    server::check_listen(listen, &settings.transport).map_err(|error| {
        let zh = format!(
            "{listen} 可被其他机器访问，而传输未加密：请启用 TLS（--tls-cert、--tls-key），\
             或声明前有终止 TLS 的代理（--behind-proxy），或只监听本机地址（127.0.0.1、[::1]）"
        );
        refusal(zh, error.to_string())
    })
}

/// Serves a store until `stop` resolves. `ready` hears of the address once connections are taken.
pub fn serve(
    context: &Context,
    store: Embedded,
    settings: &Settings,
    stop: impl Future<Output = ()> + Send + 'static,
    ready: impl FnOnce(SocketAddr) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let book = Book::open(store)?;
    let guard = guard(context, book.store(), settings)?;
    let comparisons = comparisons(book.store())?;
    // Dropped last: what they are at is finished, what waits is taken up by the next start.
    let _workers = book.work(&[Lane::Rehearse, Lane::Publish])?;
    let runtime = server::runtime().context("starting threads")?;
    runtime.block_on(async {
        let listener = bind(settings.listen).await?;
        let public = listener.local_addr()?;
        // Commands on this machine speak no TLS, and their secret belongs on no other network: where
        // the server listens for others, they have a way of their own.
        let is_own = settings.transport.tls.is_none() && public.ip().is_loopback();
        let desk = match is_own {
            true => None,
            false => Some(bind(([127, 0, 0, 1], 0).into()).await?),
        };
        let own = desk.as_ref().map_or(Ok(public), TcpListener::local_addr)?;
        let address = Address::new(own)?;
        let registered = address.register(&context.global.data)?;
        let operations = served::router(book.clone(), &address.secret);
        let data = server::Data::writable(book.store().clone())?.with_book(book.clone());
        let data = data.guarded(guard).with_comparisons(comparisons);
        let (beside, apart) = match desk {
            None => (operations, None),
            Some(listener) => (axum::Router::new(), Some((listener, operations))),
        };
        let routes = server::router_beside(data, settings.options.clone(), beside);
        let (stopping, stopped) = tokio::sync::watch::channel(false);
        let book = book.clone();
        let stop = async move {
            stop.await;
            book.stop();
            let _ = stopping.send(true);
        };
        ready(public)?;
        if let Some((listener, operations)) = apart {
            let mut stopped = stopped.clone();
            let until = async move {
                let _ = stopped.wait_for(|stops| *stops).await;
            };
            let plain = server::Transport::default();
            tokio::spawn(server::connection::run(listener, operations, plain, until));
        }
        server::connection::run(listener, routes, settings.transport.clone(), stop).await?;
        drop(registered);
        Ok(())
    })
    // Dropping the runtime waits for a load that is under way.
}

async fn bind(listen: SocketAddr) -> anyhow::Result<TcpListener> {
    TcpListener::bind(listen).await.map_err(|error| {
        refusal(
            format!("不能监听 {listen}：{error}（可用 --listen 换一个端口）"),
            format!("cannot listen on {listen}: {error} (take another port with --listen)"),
        )
    })
}

/// Who receives list comparisons: what was received before goes on now.
fn comparisons(store: &Embedded) -> anyhow::Result<Arc<Comparisons>> {
    let folder = store.directory().comparisons();
    let whole = Arc::new(store.clone());
    Ok(Arc::new(Comparisons::open(
        &folder,
        whole,
        Terms::default(),
    )?))
}

/// Who may come in.
fn guard(context: &Context, store: &Embedded, settings: &Settings) -> anyhow::Result<Guard> {
    let issuers = settings.issuers.clone();
    match Guard::open_with(
        &context.global.data,
        store.catalog(),
        issuers,
        settings.audit_sync,
    ) {
        Err(GuardError::Callers(CallersError::Register(error))) => Err(keys::told(error)),
        Err(GuardError::Callers(CallersError::Issuer(error))) => Err(refusal(
            format!("设置中的令牌签发方有误：{error}"),
            format!("the settings are wrong: {error}"),
        )),
        Err(GuardError::Rules(error)) => Err(refusal(
            format!("访问规则有误：{error}"),
            format!("the rules of access are wrong: {error}"),
        )),
        guard => Ok(guard?),
    }
}

/// Resolves at the first signal to stop. A second one stops at once: the ledger outlives that.
pub async fn stopped() {
    signal().await;
    eprintln!("正在停止 stopping");
    tokio::spawn(async {
        signal().await;
        std::process::exit(130);
    });
}

/// Resolves at Ctrl-C or SIGTERM.
async fn signal() {
    let interrupted = async {
        if tokio::signal::ctrl_c().await.is_err() {
            // No such signal can come.
            std::future::pending::<()>().await;
        }
    };
    tokio::select! {
        () = interrupted => (),
        () = terminated() => (),
    }
}

#[cfg(unix)]
async fn terminated() {
    use tokio::signal::unix::{SignalKind, signal};
    match signal(SignalKind::terminate()) {
        Ok(mut signal) => {
            signal.recv().await;
        }
        Err(_) => std::future::pending().await,
    }
}

#[cfg(not(unix))]
async fn terminated() {
    std::future::pending().await
}
