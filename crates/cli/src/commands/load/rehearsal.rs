//! A rehearsal, printed for people.

use load::rehearsal::report::Rows;
use load::{Outcome, Rehearsal};

/// Findings of one kind that are printed; the page has more.
const SHOWN: usize = 3;

/// Prints a rehearsal.
pub fn print(rehearsal: &Rehearsal) {
    let report = &rehearsal.report;
    let outcome = match report.outcome {
        Outcome::Refused => "不会发布：拒收过多 would be refused",
        Outcome::Unchanged => "无变化 nothing new",
        _ => "可以发布 can be published",
    };
    println!(
        "{} → {} ({}): 预演 rehearsed, {outcome}",
        report.file, report.collection, report.source
    );
    let Rows {
        read,
        inserted,
        changed,
        corrected,
        unchanged,
        rejected,
    } = rehearsal.rows;
    println!(
        "  读取 read {read} = 新增 inserted {inserted} + 变更 changed {changed} + 更正 corrected {corrected} \
         + 不变 unchanged {unchanged} + 拒收 rejected {rejected}"
    );
    counts(rehearsal);
    changes(rehearsal);
    for one in &rehearsal.rejected {
        println!("  拒收 rejected {} {}: {}", one.code, one.field, one.count);
        for line in one.lines.iter().take(SHOWN) {
            println!("    {}: {} / {}", line.line, line.text.zh, line.text.en);
        }
    }
    doubts(rehearsal);
    for one in &rehearsal.divisions {
        let name = one.name.as_deref().unwrap_or_default();
        println!("  {} {name}: {} → {}", one.code, one.before, one.after);
    }
    if let Some(path) = &report.rejects {
        println!("  拒收文件 reject file: {}", path.display());
    }
    println!(
        "  {}, {:.1} s；数据没有任何改动 nothing was changed (#{})",
        report.encoding, report.seconds, rehearsal.against
    );
}

fn counts(rehearsal: &Rehearsal) {
    let report = &rehearsal.report;
    let collisions = &rehearsal.collisions;
    let others = [
        (report.quarantined, "其中隔离 of the rejected set aside"),
        (report.skipped, "跳过 skipped"),
        (
            rehearsal.missing.count,
            "缺少，将终止 missing, would be ended",
        ),
        (report.held, "待解析引用 references held"),
        (collisions.refused, "文件内主键矛盾 keys that contradict"),
        (collisions.repeated, "文件内重复的行 rows repeated"),
    ];
    for (count, label) in others {
        if count > 0 {
            println!("  {label}: {count}");
        }
    }
    if report.ends_withheld {
        println!(
            "  有的拒收行无法确定属于谁，因此不会终止文件中缺少的记录 \
             nothing the file lacks would be ended: of some refused rows nobody can tell whom they are about"
        );
    }
}

fn changes(rehearsal: &Rehearsal) {
    for one in &rehearsal.fields {
        println!(
            "  {} {}: 变更 changed {}, 更正 corrected {}",
            one.label.zh, one.field, one.changed, one.corrected
        );
        for example in one.examples.iter().take(SHOWN) {
            let value = |value: &Option<String>| value.clone().unwrap_or_else(|| "–".to_owned());
            let from = example.from.as_deref().unwrap_or("..");
            println!(
                "    {}: {} {} → {} ({from})",
                example.subject.line,
                example.subject.title,
                value(&example.before),
                value(&example.after)
            );
        }
    }
}

fn doubts(rehearsal: &Rehearsal) {
    for one in &rehearsal.references {
        println!(
            "  找不到所指 {} → {} do not resolve: {} / {}",
            one.field, one.target, one.count, one.all
        );
    }
    for one in &rehearsal.suspects {
        if one.in_file + one.in_register > 0 {
            println!(
                "  疑似重复 suspected duplicates ({}): 文件内 in the file {}, 与库中 against the register {}{}",
                one.label.zh,
                one.in_file,
                one.in_register,
                if one.capped { "+" } else { "" }
            );
        }
    }
    if let Some(coordinates) = &rehearsal.coordinates {
        if coordinates.outside > 0 {
            println!(
                "  坐标在所属区划外 coordinates off their division: {} / {}",
                coordinates.outside, coordinates.checked
            );
        }
        if let Some(hypothesis) = &coordinates.hypothesis {
            println!("  {}\n  {}", hypothesis.text.zh, hypothesis.text.en);
        }
    }
}
