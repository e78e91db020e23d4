//! PostgreSQL's own server for the run: a fresh cluster in the temporary folder, on a free port.

use std::fs;
use std::net::TcpListener;
use std::os::unix::fs::{MetadataExt as _, chown};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Context as _, ensure};
use postgres::{Client, NoTls};

/// Where Debian's `postgresql-15` puts its programs.
pub const PROGRAMS: &str = "/usr/lib/postgresql/15/bin";
/// The extensions that are needed, as Debian installs them.
const EXTENSIONS: &str = "/usr/share/postgresql/15/extension";

/// What differs from the defaults. Durability is untouched: `fsync` and `synchronous_commit` stay on.
pub const SETTINGS: [(&str, &str); 6] = [
    ("fsync", "on"),
    ("shared_buffers", "1GB"),
    ("maintenance_work_mem", "512MB"),
    ("work_mem", "64MB"),
    ("max_wal_size", "8GB"),
    ("autovacuum", "off"),
];

/// A running server.
pub struct Cluster {
    programs: PathBuf,
    folder: PathBuf,
    port: u16,
}

/// Why PostgreSQL cannot be measured here, if it cannot.
pub fn missing(programs: &Path) -> Option<String> {
    let debian = "(Debian: apt-get install postgresql-15 postgresql-15-postgis-3)";
    if !programs.join("initdb").exists() {
        return Some(format!(
            "PostgreSQL 15 is not installed in {} {debian}",
            programs.display()
        ));
    }
    let lacks = |name: &str| {
        !Path::new(EXTENSIONS)
            .join(format!("{name}.control"))
            .exists()
    };
    let lacking = ["postgis", "pg_trgm"].into_iter().find(|name| lacks(name));
    let is_debian = programs == Path::new(PROGRAMS);
    lacking
        .filter(|_| is_debian)
        .map(|name| format!("PostgreSQL lacks the extension {name} {debian}"))
}

impl Cluster {
    /// Makes and starts one in a folder that does not exist yet.
    pub fn start(programs: &Path, folder: &Path) -> anyhow::Result<Cluster> {
        fs::create_dir(folder)?;
        if is_root() {
            let user = |flag: &str| -> anyhow::Result<u32> {
                let output = Command::new("id").args([flag, "postgres"]).output()?;
                let text = String::from_utf8_lossy(&output.stdout);
                text.trim()
                    .parse()
                    .context("the user postgres, as which the server runs")
            };
            chown(folder, Some(user("-u")?), Some(user("-g")?))?;
        }
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let cluster = Cluster {
            programs: programs.to_path_buf(),
            folder: folder.to_path_buf(),
            port,
        };
        let data = cluster.data();
        let arguments = [
            "-D",
            &data,
            "-U",
            "postgres",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--locale=C.UTF-8",
        ];
        run(program(programs, folder, "initdb").args(arguments))?;
        cluster.launch()?;
        Ok(cluster)
    }

    fn data(&self) -> String {
        data(&self.folder).display().to_string()
    }

    fn launch(&self) -> anyhow::Result<()> {
        let mut options = format!(
            "-p {} -c listen_addresses=127.0.0.1 -c unix_socket_directories={}",
            self.port,
            self.folder.display()
        );
        for (name, value) in SETTINGS {
            options.push_str(&format!(" -c {name}={value}"));
        }
        let log = self.folder.join("log").display().to_string();
        let arguments = [
            "-D",
            &self.data(),
            "-w",
            "-l",
            &log,
            "-o",
            &options,
            "start",
        ];
        let started = run(program(&self.programs, &self.folder, "pg_ctl").args(arguments));
        started.with_context(|| fs::read_to_string(&log).unwrap_or_default())
    }

    /// Stops it in good order and starts it again: seconds until it answers.
    pub fn restart(&self) -> anyhow::Result<f64> {
        let arguments = ["-D", &self.data(), "-m", "fast", "-w", "stop"];
        run(program(&self.programs, &self.folder, "pg_ctl").args(arguments))?;
        let begun = Instant::now();
        self.launch()?;
        self.connect()?.simple_query("SELECT 1")?;
        Ok(begun.elapsed().as_secs_f64())
    }

    /// A new connection, over TCP as Jiku's.
    pub fn connect(&self) -> anyhow::Result<Client> {
        let address = format!(
            "host=127.0.0.1 port={} user=postgres dbname=postgres",
            self.port
        );
        Ok(Client::connect(&address, NoTls)?)
    }

    /// The number of its first process.
    pub fn process(&self) -> anyhow::Result<u32> {
        let text = fs::read_to_string(data(&self.folder).join("postmaster.pid"))?;
        Ok(text.lines().next().unwrap_or_default().trim().parse()?)
    }

    /// Programs and extensions, by their own word.
    pub fn version(&self) -> anyhow::Result<String> {
        let words =
            "SELECT split_part(version(), ' (', 1) || ', PostGIS ' || postgis_lib_version()";
        Ok(self.connect()?.query_one(words, &[])?.get(0))
    }
}

/// Stops the server of a folder at once, if one runs there.
pub fn stop(programs: &Path, folder: &Path) {
    let data = data(folder);
    if data.join("postmaster.pid").exists() {
        let data = data.display().to_string();
        let _ = run(program(programs, folder, "pg_ctl").args([
            "-D",
            &data,
            "-m",
            "immediate",
            "-w",
            "stop",
        ]));
    }
}

fn data(folder: &Path) -> PathBuf {
    folder.join("data")
}

/// One of PostgreSQL's programs; none of them runs as root.
fn program(programs: &Path, folder: &Path, name: &str) -> Command {
    let path = programs.join(name);
    let mut command = if is_root() {
        let mut command = Command::new("runuser");
        command.args(["-u", "postgres", "--"]).arg(path);
        command
    } else {
        Command::new(path)
    };
    command.current_dir(folder).stdin(Stdio::null());
    command
}

fn is_root() -> bool {
    fs::metadata("/proc/self").is_ok_and(|own| own.uid() == 0)
}

fn run(command: &mut Command) -> anyhow::Result<()> {
    // To a file or nothing: a server keeps a pipe open, and waiting for its end would not end.
    let status = command
        .stdout(Stdio::null())
        .stderr(Stdio::inherit())
        .status();
    let status = status.with_context(|| format!("{command:?}"))?;
    ensure!(status.success(), "{command:?}: {status}");
    Ok(())
}
