//! A demo's keys: one for each role, printed and kept in a file of the data directory.
//!
//! They open a synthetic city only, and are made where they are kept: a demo may be stopped, and started
//! again with the same keys.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::Path;

use access::Callers;
use access::callers::register::{Entry, Register};
use anyhow::Context as _;
use jiff::Timestamp;

use crate::commands::keys::{self, ADMINISTRATOR, plain};
use crate::served::private_file;

/// The file: role → key.
pub const FILE: &str = "demo-keys.json";

/// Role, label, department and division of each caller of a demo.
const ROLES: [(&str, &str, Option<&str>, Option<&str>); 6] = [
    (ADMINISTRATOR, "演示：管理员", None, None),
    (
        "steward",
        "演示：公安局数据专员",
        Some("public-security"),
        None,
    ),
    (
        "district-clerk",
        "演示：海淀区窗口人员",
        Some("civil-affairs"),
        Some("110108"),
    ),
    (
        "analyst",
        "演示：市场监督管理局分析人员",
        Some("market-regulation"),
        None,
    ),
    ("statistics", "演示：统计人员", Some("statistics"), None),
    ("auditor", "演示：审计人员", None, None),
];

/// The keys of a demo, by role; those that are missing, or no longer taken, are made anew.
pub fn keys(data: &Path) -> anyhow::Result<BTreeMap<String, String>> {
    let path = data.join(FILE);
    let text = fs::read_to_string(&path).ok();
    let kept = text.and_then(|text| serde_json::from_str(&text).ok());
    let kept: BTreeMap<String, String> = kept.unwrap_or_default();
    let register = Register::open(data).map_err(keys::told)?;
    let register = &register;
    let callers = Callers::open(data, Vec::new())?;
    let mut all = BTreeMap::new();
    for (role, label, department, division) in ROLES {
        let taken = |key: &&String| callers.bearer(format!("Bearer {key}").as_bytes()).is_ok();
        let key = match kept.get(role).filter(taken) {
            Some(key) => key.clone(),
            None => {
                let entry = Entry {
                    label: label.to_string(),
                    department: department.map(str::to_string),
                    division: division.map(str::to_string),
                    demo: true,
                    ..plain(&format!("demo-{role}"), role)
                };
                make(register, entry)?
            }
        };
        all.insert(role.to_string(), key);
    }
    if all != kept {
        write(&path, &all).with_context(|| path.display().to_string())?;
    }
    Ok(all)
}

/// Makes a caller, or gives one that is there a new key in place of the one that was lost.
fn make(register: &Register, entry: Entry) -> anyhow::Result<String> {
    let name = entry.name.clone();
    let is_there = register.entries().map_err(keys::told)?;
    let is_there = is_there.iter().any(|one| one.name == name);
    let minted = if is_there {
        Some(register.rotate(&name, Timestamp::now(), None))
    } else {
        register.create(entry, None).transpose()
    };
    let minted = minted.transpose().map_err(keys::told)?;
    Ok(minted.map(|minted| minted.text).unwrap_or_default())
}

fn write(path: &Path, all: &BTreeMap<String, String>) -> anyhow::Result<()> {
    let beside = path.with_extension("json.new");
    let _ = fs::remove_file(&beside);
    let mut file = private_file(&beside)?;
    file.write_all(serde_json::to_string_pretty(all)?.as_bytes())?;
    file.write_all(b"\n")?;
    file.sync_all()?;
    Ok(fs::rename(&beside, path)?)
}
