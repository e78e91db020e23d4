//! `jiku serve`: answers queries over HTTP.

use std::net::SocketAddr;
use std::sync::Arc;

use access::Callers;
use anyhow::Context as _;
use axum::serve::ListenerExt;
use clap::Args;
use load::book::{Book, Lane};
use register::Embedded;
use serde_json::json;
use server::guard::Guard;
use server::guard::decide::Decider;
use server::guard::receipt::Receipts;
use tokio::net::TcpListener;

use super::keys;
use crate::context::Context;
use crate::refusal::refusal;
use crate::served::{self, Address};

/// Arguments of `jiku serve`.
#[derive(Debug, Args)]
pub struct Arguments {
    /// Address and port, on this machine only; port 0 takes a free one 监听地址
    #[arg(long, default_value = "127.0.0.1:8080")]
    pub listen: SocketAddr,
}

/// Serves the data directory until it is told to stop (Ctrl-C, or SIGTERM).
pub fn run(context: &Context, arguments: &Arguments) -> anyhow::Result<()> {
    check(arguments.listen)?;
    let store = context.open()?;
    let key = keys::first(&keys::open(context)?)?;
    serve(context, store, arguments.listen, stopped(), |address| {
        let key_text = key.as_ref().map(|key| &key.text);
        let answer = json!({ "address": address, "administratorKey": key_text });
        context.answer(&answer, |_| {
            key.as_ref().inspect(|key| keys::tell_first(key));
            println!("服务已启动，Ctrl-C 停止 serving, stop with Ctrl-C: http://{address}/");
        })
    })
}

/// Refuses addresses that other machines can reach.
pub fn check(listen: SocketAddr) -> anyhow::Result<()> {
    server::check_listen(listen).map_err(|error| {
        let zh = format!(
            "{listen} 可被其他机器访问：访问控制建成之前只能监听本机地址（127.0.0.1 或 [::1]）"
        );
        refusal(zh, error.to_string())
    })
}

/// Serves a store until `stop` resolves. `ready` hears of the address once connections are taken.
pub fn serve(
    context: &Context,
    store: Embedded,
    listen: SocketAddr,
    stop: impl Future<Output = ()> + Send + 'static,
    ready: impl FnOnce(SocketAddr) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let book = Book::open(store)?;
    // Dropped last: what they are at is finished, what waits is taken up by the next start.
    let _workers = book.work(&[Lane::Rehearse, Lane::Publish])?;
    let runtime = server::runtime().context("starting threads")?;
    runtime.block_on(async {
        let listener = TcpListener::bind(listen).await.map_err(|error| {
            refusal(
                format!("不能监听 {listen}：{error}（可用 --listen 换一个端口）"),
                format!("cannot listen on {listen}: {error} (take another port with --listen)"),
            )
        })?;
        let address = Address::new(listener.local_addr()?)?;
        let registered = address.register(&context.global.data)?;
        let desk = served::router(book.clone(), &address.secret);
        let data = server::Data::writable(book.store().clone())?.with_book(book.clone());
        let data = data.guarded(guard(context)?);
        let routes = server::router_beside(data, server::Options::default(), desk);
        let stopped = book.clone();
        let stop = async move {
            stop.await;
            stopped.stop();
        };
        let listener = listener.tap_io(|stream| {
            // Answers are small: waiting to fill packets would only delay them.
            let _ = stream.set_nodelay(true);
        });
        ready(address.address)?;
        axum::serve(listener, routes)
            .with_graceful_shutdown(stop)
            .await?;
        drop(registered);
        Ok(())
    })
    // Dropping the runtime waits for a load that is under way.
}

/// Who may come in.
fn guard(context: &Context) -> anyhow::Result<Guard> {
    Ok(Guard {
        callers: Arc::new(Callers::open(&context.global.data).map_err(keys::told)?),
        decider: Decider::default(),
        receipts: Receipts::default(),
    })
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
