//! Killed between answer and audit: no answer without its entry.
//!
//! The test starts its own binary again as the server to kill, told apart by an environment variable. Some
//! threads ask it without a pause, and keep what they got; it is killed in the middle of that. Every answer
//! that was read must have its entry, with the digest of just these bytes.

use std::io::{BufRead, BufReader, Write as _};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use audit::{Hash, Kind, Listed, Options, Trail, verify};
use register::Store;
use server::guard::Guard;
use ureq::http::Request;

use crate::city;
use crate::random::{Random, seeds};
use crate::served;

const DIRECTORY: &str = "JIKU_AUDITED_DIRECTORY";
const TEST: &str = "audit::kill::no_answer_is_without_its_entry";
const KILLS: usize = 6;
const PATIENCE: Duration = Duration::from_secs(60);

/// What the killed process does: serves, and says where.
fn serve_for_ever(directory: &Path) -> ! {
    let data = directory.join("data");
    let (store, _) = city::open(&data, true);
    let guard = Guard::open(&data, store.catalog(), Vec::new()).expect("a guard");
    let data = server::Data::writable(store)
        .expect("answers")
        .guarded(guard);
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(async move {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
            .await
            .expect("a port");
        let mut output = std::io::stdout().lock();
        let address = listener.local_addr().expect("an address");
        writeln!(output, "\nserving {address}").expect("heard");
        output.flush().expect("heard");
        drop(output);
        let never = std::future::pending();
        let options = server::Options::default();
        server::serve(data, listener, options, never)
            .await
            .expect("serving");
    });
    unreachable!("it serves until it is killed")
}

fn start(directory: &Path) -> (Child, SocketAddr) {
    let mut child = Command::new(std::env::current_exe().expect("this binary"))
        .args([TEST, "--exact", "--nocapture", "--test-threads=1"])
        .env(DIRECTORY, directory)
        .stdout(Stdio::piped())
        .spawn()
        .expect("a process");
    let output = BufReader::new(child.stdout.take().expect("its output"));
    let mut lines = output.lines().map_while(Result::ok);
    let said = lines.find_map(|line| line.strip_prefix("serving ")?.parse().ok());
    (child, said.expect("an address"))
}

/// Asks until the server is gone; keeps the receipt and the digest of what was read as a whole.
fn ask(address: SocketAddr, key: &str, path: &str, answers: &Mutex<Vec<(String, Hash)>>) {
    let agent = crate::callers::stage::agent();
    loop {
        let request = Request::get(format!("http://{address}{path}"))
            .header("authorization", format!("Bearer {key}"))
            .body(())
            .expect("a request");
        let Ok(mut got) = agent.run(request) else {
            return;
        };
        let receipt = got.headers().get("jiku-receipt").cloned();
        let Ok(bytes) = got.body_mut().read_to_vec() else {
            return;
        };
        assert_eq!(got.status(), 200, "{path}");
        let receipt = receipt.expect("a receipt");
        let receipt = receipt.to_str().expect("text").to_owned();
        answers
            .lock()
            .expect("a list")
            .push((receipt, Hash::of(&bytes)));
    }
}

#[test]
fn no_answer_is_without_its_entry() {
    if let Some(directory) = std::env::var_os(DIRECTORY) {
        serve_for_ever(Path::new(&directory));
    }
    let folder = tempfile::tempdir().expect("a folder");
    drop(served::loaded(folder.path(), 200, 1));
    let data = folder.path().join("data");
    let register = access::callers::register::Register::open(&data).expect("a register");
    let key = served::create(&register, "administrator", "administrator");
    let mut random = Random::new(seeds(&[1])[0]);
    let mut told = 0;
    for _ in 0..KILLS {
        let (mut child, address) = start(folder.path());
        let answers = Mutex::new(Vec::new());
        std::thread::scope(|scope| {
            for path in [
                "/collections/person/items?limit=1",
                "/collections/division/items?f=csv",
                "/search?q=%E7%8E%8B",
            ] {
                let (key, answers) = (&key, &answers);
                scope.spawn(move || ask(address, key, path, answers));
            }
            let enough = 20 + random.below(80) as usize;
            let begun = Instant::now();
            while answers.lock().expect("a list").len() < enough {
                assert!(begun.elapsed() < PATIENCE, "it does not answer");
                std::thread::sleep(Duration::from_millis(1));
            }
            child.kill().expect("killed");
            child.wait().expect("ended");
        });
        let answers = answers.into_inner().expect("a list");
        told += answers.len();
        let trail = Trail::open(&data.join("audit"), Options::default()).expect("a trail");
        for (receipt, digest) in answers {
            let receipt = receipt.parse().expect("a receipt");
            let entry = trail.find(receipt).expect("readable").expect("its entry");
            let note = match entry.note.kind {
                Kind::Begun => {
                    let listed = trail.listed(Listed::Of(entry.sequence), u64::MAX, 1);
                    trail
                        .entry(listed.expect("readable")[0])
                        .expect("its end")
                        .note
                }
                _ => entry.note,
            };
            assert_eq!(note.digest, Some(digest));
        }
    }
    assert!(
        told >= 20 * KILLS,
        "{told} answers are too few to tell anything"
    );
    let found = verify(&data.join("audit"), &|_, _| ()).expect("walked");
    assert_eq!(found.faults, [""; 0]);
}
