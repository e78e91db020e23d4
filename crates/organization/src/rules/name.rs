//! The parts of a firm's name: division, brand, trade, legal form (企业名称登记管理规定, article 6).
//!
//! 北京市海淀区 | 清源 | 科技 | 有限公司. The parts help search (the brand says most) and matching
//! (the legal form is often left out); the name itself is never changed. What divisions and trades
//! there are is the caller's knowledge: both lists are data.

/// Legal forms and other closing words, longest first among those that end alike.
const LEGAL_FORMS: [&str; 24] = [
    "股份有限公司分公司",
    "有限责任公司分公司",
    "有限公司分公司",
    "农民专业合作社联合社",
    "农民专业合作社",
    "特殊普通合伙",
    "股份有限公司",
    "有限责任公司",
    "股份合作公司",
    "集团有限公司",
    "专业合作社",
    "普通合伙",
    "有限合伙",
    "有限公司",
    "集团公司",
    "个体工商户",
    "事务所",
    "总公司",
    "分公司",
    "合作社",
    "基金会",
    "公司",
    "中心",
    "厂",
];

/// A name in parts; each borrows from the name, and may be empty. A division that stands in brackets
/// (百度（中国）有限公司) stays where it is, with the brand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct NameParts<'name> {
    /// The divisions it begins with.
    pub division: &'name str,
    /// What is left: the firm's own word.
    pub brand: &'name str,
    /// The trade.
    pub trade: &'name str,
    /// The legal form, with the brackets around it where it has some.
    pub legal_form: &'name str,
}

/// Splits a name. `is_division` and `is_trade` say whether a text is the name of one; the longest
/// that leaves something of the name wins.
pub fn split<'name>(
    name: &'name str,
    is_division: impl Fn(&str) -> bool,
    is_trade: impl Fn(&str) -> bool,
) -> NameParts<'name> {
    let name = name.trim();
    let mut rest = name;
    while !is_division(rest)
        && let Some(length) = ends(rest).rev().find(|end| is_division(&rest[..*end]))
    {
        rest = &rest[length..];
    }
    let division = &name[..name.len() - rest.len()];
    let (rest, legal_form) = rest.split_at(rest.len() - legal_form_length(rest));
    let trade_start = ends(rest).find(|start| is_trade(&rest[*start..]));
    let (brand, trade) = rest.split_at(trade_start.unwrap_or(rest.len()));
    NameParts {
        division,
        brand,
        trade,
        legal_form,
    }
}

/// The byte offsets between two characters.
fn ends(text: &str) -> impl DoubleEndedIterator<Item = usize> + '_ {
    text.char_indices()
        .map(|(place, _)| place)
        .filter(|place| *place > 0)
}

/// How many bytes at the end are the legal form.
fn legal_form_length(text: &str) -> usize {
    let inner = text
        .strip_suffix(['）', ')'])
        .and_then(|open| open.rfind(['（', '(']).map(|start| (start, open)));
    if let Some((start, open)) = inner {
        let word = open[start..].trim_start_matches(['（', '(']);
        if LEGAL_FORMS.contains(&word) {
            let before = &text[..start];
            return text.len() - start + legal_form_length(before);
        }
    }
    LEGAL_FORMS
        .iter()
        .filter(|form| text.len() > form.len() && text.ends_with(**form))
        .map(|form| form.len())
        .max()
        .unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(name: &str) -> [&str; 4] {
        let divisions = ["北京", "北京市", "海淀区", "福州"];
        let trades = ["科技", "网络科技", "餐饮管理", "会计师"];
        let parts = split(
            name,
            |text| divisions.contains(&text),
            |text| trades.contains(&text),
        );
        [parts.division, parts.brand, parts.trade, parts.legal_form]
    }

    #[test]
    fn names_fall_into_parts() {
        for (name, expected) in [
            (
                "北京市海淀区清源科技有限公司",
                ["北京市海淀区", "清源", "科技", "有限公司"],
            ),
            (
                "北京清源网络科技股份有限公司",
                ["北京", "清源", "网络科技", "股份有限公司"],
            ),
            ("清源（中国）有限公司", ["", "清源（中国）", "", "有限公司"]),
            (
                "福州信达会计师事务所（普通合伙）",
                ["福州", "信达", "会计师", "事务所（普通合伙）"],
            ),
            ("老王餐饮管理", ["", "老王", "餐饮管理", ""]),
            ("北京市", ["", "北京市", "", ""]),
            ("", ["", "", "", ""]),
        ] {
            assert_eq!(parts(name), expected, "{name}");
            assert_eq!(parts(name).concat(), name);
        }
    }
}
