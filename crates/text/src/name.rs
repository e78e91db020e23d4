//! What a name is made of: where people begin to say it, and what of a firm's name tells it apart.
//!
//! 北京市海淀区中关村科技有限公司 is called 中关村科技: division, brackets and legal form are left out.
//! 王小明 is also called 小明.

mod places;

#[cfg(test)]
mod tests;

use crate::units::is_han;

/// Whose name it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// A person's: surname and given name.
    Person,
    /// An organization's: division, name proper, trade, legal form.
    Organization,
    /// That of a place, a road, a division, or a thing.
    Place,
    /// It is an address: divisions, road, numbers.
    Address,
}

impl Form {
    /// The name of the form in the schema files.
    pub fn of(name: &str) -> Option<Form> {
        match name {
            "person" => Some(Form::Person),
            "organization" => Some(Form::Organization),
            "place" => Some(Form::Place),
            "address" => Some(Form::Address),
            _ => None,
        }
    }
}

/// Surnames of two characters.
const COMPOUND: &str = "欧阳 太史 端木 上官 司马 东方 独孤 南宫 万俟 闻人 夏侯 诸葛 尉迟 公羊 赫连 澹台 皇甫 宗政 濮阳 公冶 太叔 申屠 公孙 慕容 仲孙 钟离 长孙 宇文 司徒 鲜于 司空 闾丘 子车 亓官 司寇 巫马 公西 颛孙 壤驷 公良 漆雕 乐正 宰父 谷梁 拓跋 夹谷 轩辕 令狐 段干 百里 呼延 东郭 南门 羊舌 微生 梁丘 左丘 东门 西门 第五";

/// The surnames of nineteen in twenty people, the most frequent first.
const SURNAMES: &str = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩邓冯曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范汪廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫段雷龙黎史陶贺毛郝顾龚邵万覃武钱戴严莫孔向常汤康易乔牛洪施伍陈闻温翟殷柳单鲁齐庄颜倪季章涂岳霍柯耿鲍詹关卫祝欧尚甘华焦左冉柴舒樊纪梅童凌毕盛聂穆包解仇区费靳阮席裴凤辛朴";

/// Whether a text in search form may well be the name of a person: two to four Han characters, the first
/// of them a surname; or a given name after a compound one.
pub fn may_be_person(text: &str) -> bool {
    let length = text.chars().count();
    if !text.chars().all(is_han) || !(2..=4).contains(&length) {
        return false;
    }
    let compound = COMPOUND
        .split(' ')
        .any(|one| text.starts_with(one) && length > 2);
    let single = length < 4 && text.starts_with(|c| SURNAMES.contains(c));
    compound || single
}

/// Ends of names of organizations that say their legal form, the longer before the shorter.
const LEGAL_FORMS: [&str; 16] = [
    "集团股份有限公司",
    "集团有限责任公司",
    "股份有限公司",
    "有限责任公司",
    "集团有限公司",
    "股份合作公司",
    "有限公司",
    "股份公司",
    "集团公司",
    "总公司",
    "公司",
    "集团",
    "专业合作社",
    "合作社",
    "普通合伙",
    "有限合伙",
];

/// Brackets that open, and those that close, in search form.
const OPEN: [char; 5] = ['(', '[', '{', '【', '〔'];
const CLOSED: [char; 5] = [')', ']', '}', '】', '〕'];

/// Whether a character counts when names are compared: letters, digits and Han characters do, signs
/// and white space do not.
pub fn counts(c: char) -> bool {
    is_han(c) || c.is_alphanumeric()
}

/// The places among the counted `characters` of a name at which people begin to say it, ascending, 0
/// the first. `text` is the name in search form.
pub(crate) fn starts(form: Form, text: &str, characters: &[char], starts: &mut Vec<usize>) {
    starts.clear();
    starts.push(0);
    match form {
        Form::Address => {}
        Form::Person => {
            starts.push(given_name(characters));
            // 买买提 of 阿依古丽·买买提.
            let dots = text.match_indices('·').map(|(at, _)| at);
            starts.extend(dots.map(|at| counted(&text[..at])));
        }
        // After each place: 北京重庆小面 is called 重庆小面, too.
        Form::Organization | Form::Place => {
            for_each_place(text, |end| starts.push(counted(&text[..end])));
        }
    }
    starts.retain(|start| *start < characters.len());
    starts.sort_unstable();
    starts.dedup();
}

/// Where the given name begins, if it has two characters or more; else 0.
fn given_name(characters: &[char]) -> usize {
    let is_chinese = (3..=4).contains(&characters.len()) && characters.iter().all(|c| is_han(*c));
    if !is_chinese {
        return 0;
    }
    let surname: String = characters[..2].iter().collect();
    let is_compound = characters.len() == 4 || COMPOUND.split(' ').any(|one| one == surname);
    let given = if is_compound { 2 } else { 1 };
    if characters.len() - given >= 2 {
        given
    } else {
        0
    }
}

/// What tells an organization apart, of its name in search form: no division and no bracket before it,
/// no legal form after it, no brackets inside. At least two characters; else the whole name.
pub fn core(text: &str) -> String {
    let rest = &text[before_core(text)..];
    let open = without_brackets(rest);
    let mut core = open.as_str();
    for form in LEGAL_FORMS {
        if let Some(shorter) = core.strip_suffix(form)
            && counted(shorter) >= 2
        {
            core = shorter;
            break;
        }
    }
    if counted(core) >= 2 && !LEGAL_FORMS.contains(&core) {
        core.to_string()
    } else {
        text.to_string()
    }
}

fn counted(text: &str) -> usize {
    text.chars().filter(|c| counts(*c)).count()
}

/// The text without what stands in brackets, and without them.
fn without_brackets(text: &str) -> String {
    let mut depth = 0usize;
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if OPEN.contains(&c) {
            depth += 1;
        } else if CLOSED.contains(&c) {
            depth = depth.saturating_sub(1);
        } else if depth == 0 {
            out.push(c);
        }
    }
    out
}

/// How many bytes of a name in search form stand before what tells it apart: names of places and
/// divisions, and brackets. At least two characters are left.
pub fn before_core(text: &str) -> usize {
    let mut last = 0;
    for_each_place(text, |end| last = end);
    last
}

/// Calls `each` with the end of each place and bracket before what tells a name apart.
fn for_each_place(text: &str, mut each: impl FnMut(usize)) {
    let mut at = 0;
    // Province, city, county, town, and brackets between.
    for _ in 0..6 {
        let rest = &text[at..];
        let Some(length) = bracket(rest).or_else(|| places::leading(rest)) else {
            break;
        };
        if counted(&rest[length..]) < 2 {
            break;
        }
        at += length;
        each(at);
    }
}

/// The length of the bracket with which a text begins.
fn bracket(text: &str) -> Option<usize> {
    text.starts_with(OPEN)
        .then(|| text.find(CLOSED))
        .flatten()
        .map(|at| at + text[at..].chars().next().map_or(0, char::len_utf8))
}

/// How many bytes of a text in search form name divisions, from its beginning: 北京市海淀区 of
/// 北京市海淀区学院路. All of it may.
pub fn leading_divisions(text: &str) -> usize {
    divisions(text).map(str::len).sum()
}

/// The names of divisions that a text in search form begins with, from the widest: 北京市, 海淀区.
pub fn divisions(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let (division, after) = rest.split_at(places::leading(rest)?);
        rest = after;
        Some(division)
    })
}
