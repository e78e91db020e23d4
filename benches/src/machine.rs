//! Where it ran: processors, memory, load; and the memory of processes.

use std::fs;

use serde::Serialize;

/// Above this load at the start, something else is running, and the figures say little.
const BUSY: f64 = 0.5;

/// The machine.
#[derive(Clone, Debug, Serialize)]
pub struct Machine {
    /// The processors' name.
    pub processor: String,
    /// Processors this process may use.
    pub cores: usize,
    /// Bytes of memory.
    pub memory_bytes: u64,
    /// Mean runnable tasks in the minute before the run.
    pub load: f64,
}

impl Machine {
    /// As it is now.
    pub fn read() -> Machine {
        let processors = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
        let processor = processors
            .lines()
            .find_map(|line| line.strip_prefix("model name")?.split_once(": "))
            .map_or("unknown", |(_, name)| name);
        let load = fs::read_to_string("/proc/loadavg").unwrap_or_default();
        Machine {
            processor: processor.to_string(),
            cores: std::thread::available_parallelism().map_or(1, usize::from),
            memory_bytes: kilobytes("/proc/meminfo", "MemTotal:") * 1024,
            load: load
                .split(' ')
                .next()
                .and_then(|load| load.parse().ok())
                .unwrap_or(0.0),
        }
    }

    /// Whether something else ran just before.
    pub fn is_busy(&self) -> bool {
        self.load > BUSY
    }
}

/// The most memory this process ever held, in bytes.
pub fn peak_bytes() -> u64 {
    kilobytes("/proc/self/status", "VmHWM:") * 1024
}

/// The memory a process holds, mapped files that are in memory included, in bytes.
pub fn resident_bytes(process: u32) -> u64 {
    kilobytes(&format!("/proc/{process}/status"), "VmRSS:") * 1024
}

/// The memory that a process and its children hold, shared pages counted once, in bytes.
pub fn family_bytes(parent: u32) -> u64 {
    let processes = fs::read_dir("/proc").into_iter().flatten().flatten();
    let numbers = processes.filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok());
    numbers
        .filter(|number| *number == parent || parent_of(*number) == Some(parent))
        .map(|number| kilobytes(&format!("/proc/{number}/smaps_rollup"), "Pss:") * 1024)
        .sum()
}

fn parent_of(process: u32) -> Option<u32> {
    let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    status
        .lines()
        .find_map(|line| line.strip_prefix("PPid:"))?
        .trim()
        .parse()
        .ok()
}

fn kilobytes(file: &str, name: &str) -> u64 {
    let text = fs::read_to_string(file).unwrap_or_default();
    let number = text.lines().find_map(|line| line.strip_prefix(name));
    number
        .and_then(|rest| rest.split_whitespace().next()?.parse().ok())
        .unwrap_or(0)
}
