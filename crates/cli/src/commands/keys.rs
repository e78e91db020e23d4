//! `jiku keys`: who may ask, by which key.
//!
//! The register of callers is a file of the data directory: a running server sees within a second what
//! is changed here.

use access::Rules;
use access::callers::key::Minted;
use access::callers::register::{Entry, Register, RegisterError};
use clap::{Args, Subcommand};
use jiff::{SignedDuration, Timestamp};
use schema::Catalog;
use serde_json::{Value, json};

use crate::context::Context;
use crate::refusal::refusal;

/// The role that may do everything, and the name of the first caller.
pub const ADMINISTRATOR: &str = "administrator";
/// How many requests a minute a new caller may send, where nothing else is said.
const PER_MINUTE: u32 = 6_000;

/// Arguments of `jiku keys`.
#[derive(Debug, Args)]
pub struct Arguments {
    /// What to do; without it, list 操作；不写则列出
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// What may be done.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// List callers and their keys 列出调用方及其密钥
    List,
    /// Make a caller and its key, which is shown once 新建调用方，密钥只显示一次
    Create(Create),
    /// Give a caller a new key; the old one works on for a while 更换密钥，旧密钥在过渡期内有效
    Rotate {
        /// The caller 调用方
        name: String,
        /// How long the old keys are still taken 过渡期
        #[arg(long, default_value = "7d", value_parser = span)]
        overlap: SignedDuration,
        /// When the new key ends: a day, or a span such as 365d 新密钥有效期
        #[arg(long, value_parser = end)]
        expires: Option<Timestamp>,
    },
    /// Revoke a key, or all keys of a caller 吊销
    Revoke {
        /// A key's id, or a caller's name 密钥编号或调用方
        what: String,
    },
}

/// Arguments of `jiku keys create`.
#[derive(Debug, Args)]
pub struct Create {
    /// Its name in the audit trail: small letters, digits, hyphens 调用方标识
    pub name: String,
    /// What people call it 名称
    #[arg(long, default_value = "")]
    pub label: String,
    /// A role, of schemas/access; may be repeated 角色，可重复
    #[arg(long = "role", required = true)]
    pub roles: Vec<String>,
    /// Its department 部门
    #[arg(long)]
    pub department: Option<String>,
    /// The division whose records it is for 行政区划代码
    #[arg(long, value_parser = division)]
    pub division: Option<String>,
    /// When its key ends: a day, or a span such as 365d 有效期
    #[arg(long, value_parser = end)]
    pub expires: Option<Timestamp>,
    /// Requests a minute; 0 for as many as it likes 每分钟请求数，0 为不限
    #[arg(long, default_value_t = PER_MINUTE)]
    pub per_minute: u32,
    /// Requests a day 每日请求数
    #[arg(long)]
    pub per_day: Option<u64>,
    /// It shows a certificate with this subject in place of a key; may be repeated 客户端证书主题
    #[arg(long = "certificate", value_name = "SUBJECT")]
    pub certificates: Vec<String>,
}

/// Runs it.
pub fn run(context: &Context, arguments: Arguments) -> anyhow::Result<()> {
    // A register is made only in what is a data directory.
    context.directory()?;
    let register = open(context)?;
    match arguments.command.unwrap_or(Command::List) {
        Command::List => list(context, &register),
        Command::Create(wanted) => create(context, &register, wanted),
        Command::Rotate {
            name,
            overlap,
            expires,
        } => {
            let until = Timestamp::now().saturating_add(overlap)?;
            let minted = register.rotate(&name, until, expires).map_err(told)?;
            show(context, &name, &minted)
        }
        Command::Revoke { what } => {
            let revoked = register.revoke(&what).map_err(told)?;
            context.answer(&json!({ "revoked": revoked }), |_| {
                println!("已吊销 revoked: {what} ({revoked})");
            })
        }
    }
}

/// The register of the data directory.
pub fn open(context: &Context) -> anyhow::Result<Register> {
    Register::open(&context.global.data).map_err(told)
}

/// Makes the first administrator, where nobody is known yet.
pub fn first(register: &Register) -> anyhow::Result<Option<Minted>> {
    if !register.entries().map_err(told)?.is_empty() {
        return Ok(None);
    }
    let entry = Entry {
        label: "管理员 administrator".to_string(),
        ..plain(ADMINISTRATOR, ADMINISTRATOR)
    };
    register.create(entry, None).map_err(told)
}

/// Prints the first administrator's key.
pub fn tell_first(minted: &Minted) {
    println!("管理员密钥，只显示这一次，请妥善保存：");
    println!(
        "The administrator's key, shown this once, keep it safe:\n\n    {}\n",
        minted.text
    );
}

/// A caller with one role and nothing else said.
pub fn plain(name: &str, role: &str) -> Entry {
    Entry {
        name: name.to_string(),
        label: String::new(),
        department: None,
        roles: vec![role.to_string()],
        division: None,
        demo: false,
        per_minute: None,
        per_day: None,
        keys: Vec::new(),
        certificates: Vec::new(),
    }
}

fn create(context: &Context, register: &Register, wanted: Create) -> anyhow::Result<()> {
    let catalog = context.catalog()?;
    if let Some(department) = &wanted.department {
        check_department(&catalog, department)?;
    }
    check_roles(&catalog, &wanted.roles)?;
    let entry = Entry {
        label: wanted.label,
        department: wanted.department,
        roles: wanted.roles,
        division: wanted.division,
        per_minute: Some(wanted.per_minute).filter(|most| *most > 0),
        per_day: wanted.per_day,
        certificates: wanted.certificates,
        ..plain(&wanted.name, "")
    };
    match register.create(entry, wanted.expires).map_err(told)? {
        Some(minted) => show(context, &wanted.name, &minted),
        None => context.answer(&json!({ "caller": wanted.name }), |_| {
            println!(
                "已登记，凭证书访问 made, lets in by certificate: {}",
                wanted.name
            );
        }),
    }
}

/// Who has a role that there is not could do nothing, and would not know why.
fn check_roles(catalog: &Catalog, roles: &[String]) -> anyhow::Result<()> {
    let known = Rules::of(catalog)?.roles;
    let names = || {
        known
            .keys()
            .map(String::as_str)
            .collect::<Vec<_>>()
            .join(", ")
    };
    match roles.iter().find(|role| !known.contains_key(*role)) {
        None => Ok(()),
        Some(role) => Err(refusal(
            format!("没有名为“{role}”的角色，现有：{}", names()),
            format!("there is no role '{role}'; there are {}", names()),
        )),
    }
}

fn check_department(catalog: &Catalog, name: &str) -> anyhow::Result<()> {
    if catalog.departments.contains_key(name) {
        return Ok(());
    }
    let names: Vec<&str> = catalog.departments.keys().map(String::as_str).collect();
    let names = names.join(", ");
    Err(refusal(
        format!("没有名为“{name}”的部门，现有：{names}"),
        format!("there is no department '{name}': there are {names}"),
    ))
}

/// Shows a new key, which nothing can show again.
fn show(context: &Context, name: &str, minted: &Minted) -> anyhow::Result<()> {
    let answer = json!({ "caller": name, "id": minted.id, "key": minted.text });
    context.answer(&answer, |_| {
        println!("{name} 的新密钥，只显示这一次（编号 {}）：", minted.id);
        println!(
            "the new key of {name}, shown this once (id {}):\n",
            minted.id
        );
        println!("    {}", minted.text);
    })
}

fn list(context: &Context, register: &Register) -> anyhow::Result<()> {
    let entries = register.entries().map_err(told)?;
    let now = Timestamp::now();
    let shown: Vec<Value> = entries.iter().map(|entry| shown(entry, now)).collect();
    context.answer(&json!({ "callers": shown }), |_| {
        for entry in &entries {
            println!(
                "{}  {}  [{}] {} {}",
                entry.name,
                entry.label,
                entry.roles.join(" "),
                entry.department.as_deref().unwrap_or("-"),
                entry.division.as_deref().unwrap_or("-"),
            );
            for key in &entry.keys {
                let state = match (key.revoked, key.expires) {
                    (Some(at), _) => format!("已吊销 revoked {at:.0}"),
                    (None, Some(end)) if end <= now => format!("已过期 expired {end:.0}"),
                    (None, Some(end)) => format!("有效至 in force until {end:.0}"),
                    (None, None) => "有效 in force".to_string(),
                };
                println!("    {}  {:.0}  {state}", key.id, key.created);
            }
            for subject in &entry.certificates {
                println!("    证书 certificate  {subject}");
            }
        }
    })
}

/// An entry without what its keys are checked by.
fn shown(entry: &Entry, now: Timestamp) -> Value {
    let keys = entry.keys.iter().map(|key| {
        json!({
            "id": key.id,
            "created": key.created,
            "expires": key.expires,
            "revoked": key.revoked,
            "inForce": key.is_in_force(now),
        })
    });
    json!({
        "name": entry.name,
        "label": entry.label,
        "department": entry.department,
        "roles": entry.roles,
        "division": entry.division,
        "demo": entry.demo,
        "perMinute": entry.per_minute,
        "perDay": entry.per_day,
        "keys": keys.collect::<Vec<Value>>(),
        "certificates": entry.certificates,
    })
}

/// What the register says, in both languages.
pub fn told(error: RegisterError) -> anyhow::Error {
    let zh = match &error {
        RegisterError::Taken(name) => format!("名称“{name}”已被使用或曾被使用，请换一个"),
        RegisterError::Name(name) => {
            format!("“{name}”不能作名称：应为 1 到 64 个小写字母、数字或连字符")
        }
        RegisterError::NoCaller(name) => format!("没有名为“{name}”的调用方"),
        RegisterError::NoKey(what) => format!("没有有效的密钥“{what}”"),
        RegisterError::Files { .. } | RegisterError::Damaged { .. } => {
            format!("不能读写调用方登记：{error}")
        }
    };
    refusal(zh, error.to_string())
}

/// A division's code: of a province, prefecture, county, township or community.
fn division(text: &str) -> Result<String, String> {
    let is_code = text.bytes().all(|byte| byte.is_ascii_digit());
    if is_code && matches!(text.len(), 2 | 4 | 6 | 9 | 12) {
        return Ok(text.to_string());
    }
    Err("应为 2、4、6、9 或 12 位区划代码 expected a code of 2, 4, 6, 9 or 12 digits".to_string())
}

/// A span such as 7d, 12h or 30m.
fn span(text: &str) -> Result<SignedDuration, String> {
    let wrong = || "应为时长，如 7d、12h、30m expected a span, such as 7d, 12h or 30m".to_string();
    let (count, unit) = text
        .split_at_checked(text.len().saturating_sub(1))
        .ok_or_else(wrong)?;
    let count: u32 = count.parse().map_err(|_| wrong())?;
    let seconds = match unit {
        "d" => 86_400,
        "h" => 3_600,
        "m" => 60,
        _ => return Err(wrong()),
    };
    Ok(SignedDuration::from_secs(i64::from(count) * seconds))
}

/// When a key ends: at the beginning of a day of China's civil time, or after a span.
fn end(text: &str) -> Result<Timestamp, String> {
    let wrong = || {
        "应为日期或时长，如 2030-01-01、365d expected a day or a span, such as 2030-01-01 or 365d"
            .to_string()
    };
    let now = Timestamp::now();
    let end = match text.parse::<jiff::civil::Date>() {
        Ok(day) => {
            let zone = jiff::tz::TimeZone::fixed(jiff::tz::offset(8));
            day.to_zoned(zone).map_err(|_| wrong())?.timestamp()
        }
        Err(_) => {
            let span = span(text).map_err(|_| wrong())?;
            now.checked_add(span).map_err(|_| wrong())?
        }
    };
    if end <= now {
        return Err("已经过去 is over already".to_string());
    }
    Ok(end)
}
