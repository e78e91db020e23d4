//! The commands on a small synthetic city: here, and through a running server.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use clap::Parser;
use serde_json::Value;

use crate::arguments::Arguments;
use crate::commands::loads::Ask;
use crate::commands::{self, serve};
use crate::context::Context;
use crate::refusal::Refusal;
use crate::served::{Address, perform_quietly};
use crate::settings::{self, Given};

/// Runs a command line, words apart by spaces, in a folder of its own.
struct Shell {
    folder: tempfile::TempDir,
}

impl Shell {
    fn new() -> Shell {
        Shell {
            folder: tempfile::tempdir().unwrap(),
        }
    }

    fn path(&self, name: &str) -> String {
        self.folder.path().join(name).display().to_string()
    }

    /// `@name` is a file of the folder.
    fn parsed(&self, line: &str) -> Arguments {
        let word = |word: &str| match word.strip_prefix('@') {
            Some(name) => self.path(name),
            None => word.to_owned(),
        };
        Arguments::try_parse_from(line.split(' ').map(word)).unwrap()
    }

    fn run(&self, line: &str) -> anyhow::Result<()> {
        commands::run(self.parsed(line))
    }

    fn done(&self, line: &str) {
        self.run(line)
            .unwrap_or_else(|error| panic!("{line}: {error:#}"));
    }

    fn refused(&self, line: &str) -> Refusal {
        match self.run(line) {
            Ok(()) => panic!("{line} was not refused"),
            Err(error) => Refusal::of(&error),
        }
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.folder.path().join(name)).unwrap()
    }

    /// A data directory with everything of a synthetic city.
    fn city(&self) {
        self.done("jiku synth --persons 300 --out @files --json");
        self.done("jiku init --synthetic --data @city --json");
        for file in synth::FILES {
            self.done(&format!(
                "jiku load {} @files/{} --data @city --json",
                file.source, file.file
            ));
        }
    }
}

#[test]
fn a_city_is_loaded_exported_backed_up_and_restored() {
    let shell = Shell::new();
    shell.city();
    shell.done("jiku export person --data @city --out @person.csv --json");
    let csv = shell.read("person.csv");
    assert_eq!(csv.lines().count(), 301);
    assert!(
        csv.starts_with("\u{feff}id,identityNumber,name,"),
        "{csv:.100}"
    );
    shell.done("jiku export person --format ndjson --data @city --out @person.ndjson");
    let lines = shell.read("person.ndjson");
    assert_eq!(lines.lines().count(), 300);
    shell.done("jiku export division --format geojson --data @city --out @division.json");
    let whole: Value = serde_json::from_str(&shell.read("division.json")).unwrap();
    assert!(whole["features"].as_array().unwrap().len() > 7_000);

    shell.done("jiku backup @backup --data @city");
    assert!(
        shell
            .refused("jiku backup @backup --data @city")
            .en
            .contains("not an empty folder")
    );
    shell.done("jiku restore @backup --data @restored");
    assert!(
        shell
            .refused("jiku restore @backup --data @restored")
            .en
            .contains("overwrites nothing")
    );
    assert!(
        shell
            .refused("jiku restore @files --data @other")
            .en
            .contains("no backup")
    );
    shell.done("jiku verify --data @restored");
    shell.done("jiku reindex --data @restored");
    shell.done("jiku verify --data @restored");
    shell.done("jiku export person --data @restored --out @again.csv");
    assert_eq!(shell.read("again.csv"), csv);
}

#[test]
fn a_load_is_rehearsed_and_its_page_written() {
    let shell = Shell::new();
    shell.done("jiku synth --persons 50 --out @files --json");
    shell.done("jiku init --synthetic --data @city --json");
    let load = "jiku load synth-divisions @files/divisions.csv --data @city";
    shell.done(&format!("{load} --rehearse --report @page.html"));
    shell.done(&format!("{load} --rehearse --json"));
    let page = shell.read("page.html");
    assert!(page.contains("synth-divisions") && page.contains("装载预演报告"));
    // Nothing is there as yet.
    shell.done("jiku export division --data @city --out @none.csv --json");
    assert_eq!(shell.read("none.csv").lines().count(), 1);
    shell.done(load);
    let two = "jiku load synth-roads @files/roads.csv @files/roads.csv --data @city";
    let refusal = shell.refused(&format!("{two} --rehearse --report @page.html"));
    assert!(refusal.en.contains("one by one"), "{refusal:?}");
    let parsed = Arguments::try_parse_from(["jiku", "load", "x", "y", "--report", "z"]);
    assert!(parsed.is_err(), "--report without --rehearse");
}

#[test]
fn what_cannot_be_done_is_said_and_changes_nothing() {
    let shell = Shell::new();
    assert!(
        shell
            .refused("jiku verify --data @none")
            .zh
            .contains("不是数据目录")
    );
    shell.done("jiku init --data @city");
    assert!(
        shell
            .refused("jiku init --data @city")
            .en
            .contains("already")
    );
    let refusal = shell.refused("jiku load nobody @x.csv --data @city");
    assert!(refusal.en.contains("no source 'nobody'") && refusal.en.contains("synth-persons"));
    fs::write(shell.folder.path().join("x.csv"), "a,b\n1,2\n").unwrap();
    let refusal = shell.refused("jiku load synth-persons @x.csv --data @city");
    assert!(refusal.zh.contains("合成数据"), "{refusal:?}");
    let refusal = shell.refused("jiku load nbs-provinces @gone.csv --data @city");
    assert!(refusal.en.contains("gone.csv") && refusal.en.contains("nothing was changed"));
    let refusal = shell.refused("jiku load nbs-provinces @x.csv --as-of soon --data @city");
    assert!(refusal.en.contains("--as-of soon"));
    let refusal = shell.refused("jiku export nothing --data @city");
    assert!(refusal.en.contains("no collection 'nothing'"));
    assert!(
        shell
            .refused("jiku serve --listen 0.0.0.0:80 --data @city")
            .zh
            .contains("本机")
    );
    assert!(
        shell
            .refused("jiku demo --data @city")
            .en
            .contains("no demo")
    );
    fs::create_dir(shell.folder.path().join("schemas")).unwrap();
    fs::write(shell.folder.path().join("schemas/departments.toml"), "[a\n").unwrap();
    let refusal = shell.refused("jiku sources --schemas @schemas");
    assert!(refusal.zh.contains("模式文件有误"), "{refusal:?}");
}

#[test]
fn keys_are_made_rotated_and_revoked() {
    let shell = Shell::new();
    shell.done("jiku init --data @city");
    let callers = || access::Callers::open(&shell.folder.path().join("city"), Vec::new()).unwrap();
    let names = |callers: &access::Callers| {
        let entries = callers.register().entries().unwrap();
        entries
            .iter()
            .map(|one| (one.name.clone(), one.keys.len()))
            .collect::<Vec<_>>()
    };
    assert_eq!(names(&callers()), [("administrator".to_string(), 1)]);
    shell.done("jiku keys create clerk --role district-clerk --division 110108 --department civil-affairs --expires 30d --data @city");
    shell.done("jiku keys rotate clerk --overlap 1h --data @city --json");
    assert_eq!(names(&callers())[1], ("clerk".to_string(), 2));
    shell.done("jiku keys --data @city");
    shell.done("jiku keys revoke clerk --data @city");
    let refusal = shell.refused("jiku keys revoke clerk --data @city");
    assert!(refusal.en.contains("no key 'clerk'"), "{refusal:?}");
    let refusal = shell.refused("jiku keys create clerk --role district-clerk --data @city");
    assert!(refusal.zh.contains("已被使用"), "{refusal:?}");
    let refusal = shell.refused("jiku keys create Clerk --role district-clerk --data @city");
    assert!(refusal.en.contains("is no name"), "{refusal:?}");
    let refusal =
        shell.refused("jiku keys create c2 --role district-clerk --department none --data @city");
    assert!(refusal.en.contains("no department 'none'"), "{refusal:?}");
    let refusal = shell.refused("jiku keys create c2 --role clerk --data @city");
    assert!(
        refusal
            .en
            .contains("no role 'clerk'; there are administrator,"),
        "{refusal:?}"
    );
    let refusal = shell.refused("jiku keys rotate nobody --data @city");
    assert!(refusal.en.contains("no caller 'nobody'"), "{refusal:?}");
    for wrong in [
        "--division 11010",
        "--expires yesterday",
        "--expires 2001-01-01",
    ] {
        let line = format!("jiku keys create c3 --role district-clerk {wrong}");
        assert!(
            Arguments::try_parse_from(line.split(' ')).is_err(),
            "{wrong}"
        );
    }
}

#[test]
fn a_served_directory_is_worked_on_through_the_server() {
    let shell = Shell::new();
    shell.city();
    shell.done("jiku export person --data @city --out @before.csv");
    let context = Context {
        global: shell.parsed("jiku serve --data @city --json").global,
    };
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let serving = std::thread::spawn(move || {
        let store = context.open()?;
        let stopped = async {
            // A sender that is gone stops the server too.
            let _ = stopped.await;
        };
        let given = Given {
            listen: Some(([127, 0, 0, 1], 0).into()),
            ..Given::default()
        };
        let arguments = settings::Setup {
            config: None,
            given,
        };
        let settings = arguments.settle(&context.global.data)?;
        serve::serve(&context, store, &settings, stopped, |_| Ok(()))
    });
    let address = wait_for(&shell.folder.path().join("city"));

    assert!(
        shell
            .refused("jiku reindex --data @city")
            .en
            .contains("in use")
    );
    shell.done("jiku load synth-persons @files/persons.csv --data @city");
    let refusal = shell.refused("jiku load synth-persons @files/roads.csv --data @city");
    assert!(refusal.en.contains("roads.csv"), "{refusal:?}");
    let rehearse = "jiku load synth-persons @files/persons.csv --rehearse --report @served.html";
    shell.done(&format!("{rehearse} --data @city"));
    assert!(shell.read("served.html").contains("Rehearsal of a load"));
    shell.done("jiku export person --data @city --out @during.csv");
    assert_eq!(shell.read("during.csv"), shell.read("before.csv"));
    shell.done("jiku backup @backup --data @city");
    shell.done("jiku verify --data @city");
    // The last file was no file of its source.
    assert_eq!(loads(&shell)[0]["problem"]["code"], "file-refused");
    assert_eq!(loads(&shell)[1]["outcome"], "unchanged");
    let refusal = shell.refused("jiku verify --data @city --schemas ../../schemas");
    assert!(refusal.en.contains("leave out --schemas"), "{refusal:?}");

    let agent: ureq::Agent = ureq::Agent::config_builder()
        .http_status_as_error(false)
        .build()
        .into();
    let url = format!("http://{}/admin/verify", address.address);
    assert_eq!(agent.post(&url).send("{}").unwrap().status(), 403);
    let known = agent
        .post(&url)
        .header("authorization", format!("Bearer {}", address.secret));
    assert_eq!(known.send("{\"x\"").unwrap().status(), 400);
    drop(stop);
    serving.join().unwrap().unwrap();
    assert_eq!(Address::read(&shell.folder.path().join("city")), None);
    shell.done("jiku verify --data @backup");
}

#[test]
fn commands_reach_a_server_that_speaks_tls() {
    let shell = Shell::new();
    shell.done("jiku init --data @city");
    let signed = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let folder = shell.folder.path();
    fs::write(folder.join("cert.pem"), signed.cert.pem()).unwrap();
    fs::write(folder.join("key.pem"), signed.signing_key.serialize_pem()).unwrap();
    let said = "listen = \"127.0.0.1:0\"\ntls-cert = \"../cert.pem\"\ntls-key = \"../key.pem\"\n";
    fs::write(folder.join("city/config.toml"), said).unwrap();
    let context = Context {
        global: shell.parsed("jiku serve --data @city --json").global,
    };
    shell.done("jiku config --data @city");
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let (tell, public) = std::sync::mpsc::channel();
    let serving = std::thread::spawn(move || {
        let settings = settings::Setup::default().settle(&context.global.data)?;
        serve::check(&settings)?;
        let store = context.open()?;
        let stopped = async {
            let _ = stopped.await;
        };
        serve::serve(&context, store, &settings, stopped, |address| {
            Ok(tell.send(address)?)
        })
    });
    let public = public.recv_timeout(Duration::from_secs(60)).unwrap();
    let own = wait_for(&shell.folder.path().join("city"));
    assert_ne!(own.address, public, "commands have a way of their own");
    shell.done("jiku verify --data @city");
    drop(stop);
    serving.join().unwrap().unwrap();
}

/// The loads of a data directory, newest first.
fn loads(shell: &Shell) -> Vec<Value> {
    let context = Context {
        global: shell.parsed("jiku loads --data @city --json").global,
    };
    let list = Ask::List {
        state: None,
        source: None,
        limit: 100,
    };
    let loads = perform_quietly(&context, list).unwrap();
    loads.as_array().unwrap().clone()
}

#[test]
fn loads_are_listed_and_shown() {
    let shell = Shell::new();
    shell.done("jiku init --data @city --json");
    let rows =
        "指标代码,指标名称,专题,计量单位,频度,指标解释,数据来源\nA,甲,,,年度,,\nB,乙,,,often,,\n";
    fs::write(shell.folder.path().join("a.csv"), rows).unwrap();
    let refusal = shell.refused("jiku load indicators @a.csv --data @city");
    assert!(refusal.en.contains("1 of 2 rows"), "{refusal:?}");
    shell.done("jiku load indicators @a.csv --max-rejects 1 --data @city");
    let all = loads(&shell);
    assert_eq!(all.len(), 2);
    assert_eq!(
        (&all[0]["state"], &all[1]["state"]),
        (&"published".into(), &"failed".into())
    );
    assert_eq!(all[1]["problem"]["code"], "too-many-rejects");
    let id = all[0]["id"].as_str().unwrap();
    shell.done("jiku loads --data @city --state published");
    shell.done(&format!("jiku loads show {id} --data @city"));
    shell.done(&format!(
        "jiku loads rejects {id} --out @rejects.csv --data @city"
    ));
    assert!(shell.read("rejects.csv").contains("B,乙,,,often,,"));
    let refusal = shell.refused(&format!(
        "jiku loads rejects {id} --out @rejects.csv --data @city"
    ));
    assert!(refusal.en.contains("not overwritten"), "{refusal:?}");
    let refusal = shell.refused(&format!("jiku loads publish {id} --data @city"));
    assert!(refusal.zh.contains("published"), "{refusal:?}");
    let refusal = shell.refused("jiku loads show nothing --data @city");
    assert!(refusal.en.contains("no load 'nothing'"), "{refusal:?}");
    shell.done(&format!("jiku loads undo {id} --data @city"));
    let after = loads(&shell);
    assert_eq!(
        (&after[0]["kind"], &after[0]["undoes"]),
        (&"undo".into(), &id.into())
    );
    assert_eq!(after[1]["state"], "undone");
    shell.done(&format!("jiku loads discard {id} --data @city"));
}

/// The address of a server that is starting.
fn wait_for(data: &Path) -> Address {
    let began = Instant::now();
    loop {
        if let Some(address) = Address::read(data) {
            return address;
        }
        assert!(
            began.elapsed() < Duration::from_secs(60),
            "the server did not start"
        );
        std::thread::sleep(Duration::from_millis(20));
    }
}
