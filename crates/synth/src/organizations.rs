//! Organizations of one village after the other.

use std::collections::BTreeMap;
use std::path::Path;

use crate::city::City;
use crate::dates::{Day, civil, day};
use crate::dirt::{Dirt, Layout, Problem};
use crate::error::SynthError;
use crate::files::SYNTHETIC;
use crate::numbers::{CREDIT_ALPHABET, CreditCode, CreditCodes, credit_check};
use crate::people::People;
use crate::random::Random;
use crate::spatial::{AddressKey, Site, push_address_code};
use crate::table::{Encoding, Row, Table};

const ORGANIZATION_LAYOUT: Layout = Layout {
    problems: &[
        Problem::CreditCodeCheck,
        Problem::OrganizationCodeCheck,
        Problem::CodeUnknown,
        Problem::NoSuchDay,
        Problem::MissingValue,
        Problem::UnclosedQuote,
        Problem::ColumnCount,
        Problem::Undecodable,
        Problem::DuplicateKey,
    ],
    name: 1,
};
const CREDIT_CODE: usize = 0;
const FOUNDED: usize = 8;
const STATUS: usize = 9;

/// A kind of organization: its pair of GB 32100 and the pair's name.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    Enterprise,
    SoleProprietor,
    Cooperative,
    PublicInstitution,
    Association,
    PrivateInstitution,
}

impl Form {
    fn draw(rural: bool, random: &mut Random) -> Self {
        match random.below(1_000) {
            0..680 => Form::Enterprise,
            680..960 => Form::SoleProprietor,
            960..975 if rural => Form::Cooperative,
            960..975 => Form::Enterprise,
            975..985 => Form::PublicInstitution,
            985..993 => Form::Association,
            _ => Form::PrivateInstitution,
        }
    }

    fn pair(self) -> ([u8; 2], &'static str) {
        match self {
            Form::Enterprise => (*b"91", "企业"),
            Form::SoleProprietor => (*b"92", "个体工商户"),
            Form::Cooperative => (*b"93", "农民专业合作社"),
            Form::PublicInstitution => (*b"12", "事业单位"),
            Form::Association => (*b"51", "社会团体"),
            Form::PrivateInstitution => (*b"52", "民办非企业单位"),
        }
    }

    fn registrar(self) -> &'static str {
        match self {
            Form::Enterprise | Form::SoleProprietor | Form::Cooperative => "市场监督管理局",
            Form::PublicInstitution => "事业单位登记管理局",
            Form::Association | Form::PrivateInstitution => "民政局",
        }
    }

    /// What non-commercial organizations do: ending of the name, industry class, scope.
    fn purposes(self) -> &'static [(&'static str, &'static str, &'static str)] {
        match self {
            Form::PublicInstitution => &[
                ("社区卫生服务中心", "8421", "基本医疗,公共卫生服务"),
                ("小学", "8321", "小学教育"),
                ("幼儿园", "8310", "学前教育"),
                ("中学", "8331", "初中教育"),
                ("医院", "8411", "综合医疗,预防保健"),
            ],
            Form::Association => &[
                ("志愿服务协会", "9529", "志愿服务,公益活动"),
                ("书画协会", "9529", "书画交流,展览"),
                ("摄影协会", "9529", "摄影交流,展览"),
                ("太极拳协会", "9529", "健身指导,交流活动"),
                ("养老互助协会", "9529", "养老互助,信息服务"),
            ],
            _ => &[
                ("养老服务中心", "8514", "养老服务,日间照料"),
                ("社会工作服务中心", "8529", "社会工作服务,社区活动"),
                ("民办幼儿园", "8310", "学前教育"),
                ("职业技能培训学校", "8391", "职业技能培训"),
            ],
        }
    }
}

/// A name with what it says about the trade.
struct Business {
    industry: &'static str,
    scope: &'static str,
}

/// The file of organizations, and the counters that keep codes and names apart.
pub(crate) struct Organizations {
    pub(crate) table: Table,
    codes: CreditCodes,
    /// Names given for each trade.
    by_trade: Vec<u64>,
    /// Names given for each purpose in the village under way.
    in_village: BTreeMap<&'static str, u64>,
    name: String,
}

impl Organizations {
    /// Creates the file.
    ///
    /// # Errors
    ///
    /// [`SynthError::Write`].
    pub(crate) fn create(folder: &Path, city: &City) -> Result<Self, SynthError> {
        let headers = [
            "统一社会信用代码",
            "名称",
            "机构类型",
            "行业代码",
            "经济类型",
            "注册资本(万元)",
            "币种",
            "法定代表人身份号码",
            "成立日期",
            "登记状态",
            "状态日期",
            "登记机关",
            "住所地址编码",
            "经营地址编码",
            "经营范围",
            "从业人数",
            "数据性质",
        ];
        Ok(Organizations {
            table: Table::create(folder, "organizations.csv", Encoding::Gb18030, &headers)?,
            codes: CreditCodes::default(),
            by_trade: vec![0; city.trades.len()],
            in_village: BTreeMap::new(),
            name: String::new(),
        })
    }

    /// Writes a village's organizations.
    ///
    /// # Errors
    ///
    /// [`SynthError::Write`].
    pub(crate) fn write(
        &mut self,
        city: &City,
        site: Site<'_>,
        people: &People,
        dirt: &mut Dirt,
        random: &mut Random,
    ) -> Result<(), SynthError> {
        self.in_village.clear();
        for number in 0..site.size.organizations {
            let premises = site.size.premises;
            let address = if premises > 0 {
                site.size.homes + number % premises
            } else {
                random.below(site.size.addresses())
            };
            let code = self.organization(city, site, people, address, random);
            let spoil = |table: &mut Table, problem, random: &mut Random| {
                spoil_organization(table, problem, code, random);
            };
            dirt.finish_row(&mut self.table, &ORGANIZATION_LAYOUT, spoil)?;
        }
        Ok(())
    }

    /// Puts an organization into the row; returns its code.
    fn organization(
        &mut self,
        city: &City,
        site: Site<'_>,
        people: &People,
        address: u32,
        random: &mut Random,
    ) -> CreditCode {
        let form = Form::draw(site.village.is_rural(), random);
        let business = self.call(city, site, form, random);
        let (pair, form_name) = form.pair();
        let code = self.codes.next(pair, site.district_number);
        let row = self.table.row.clear();
        row.push_ascii(&code).end().push(&self.name).end_quoted();
        row.field(form_name)
            .field(business.industry)
            .field(economic_type(form, random));
        let capital = capital(form, random);
        push_thousands(row, capital).end_quoted();
        row.field("人民币");
        if let Some(adult) = people.adults.draw(random) {
            row.push_ascii(&adult);
        }
        row.end();
        let last = day(2024, 12, 31);
        let founded = last - (random.unit() * random.unit() * 13_000.0) as Day;
        row.push_chinese_date(founded).end();
        let status = match random.below(100) {
            0..88 => "存续",
            88..97 => "注销",
            _ => "吊销",
        };
        let since = if status == "存续" {
            founded
        } else {
            random.between(founded, last)
        };
        row.field(status).push_chinese_date(since).end();
        row.push("北京市")
            .push(site.district.name)
            .push(form.registrar())
            .end();
        let registered: AddressKey = (site.village.code, address);
        let other = if random.chance(0.15) {
            people.homes.draw(random)
        } else {
            None
        };
        push_address_code(row, registered).end();
        push_address_code(row, other.unwrap_or(registered)).end();
        row.push(business.scope).end_quoted();
        let employees = match form {
            Form::SoleProprietor => 1 + random.below(5),
            _ => {
                1 + (60.0 * random.unit().powi(4) * random.unit() * 20.0) as u32 + random.below(12)
            }
        };
        row.push_number(employees.into(), 1).end().field(SYNTHETIC);
        code
    }

    /// Finds a name that no other organization has, unless villages share theirs.
    fn call(&mut self, city: &City, site: Site<'_>, form: Form, random: &mut Random) -> Business {
        self.name.clear();
        let name = &mut self.name;
        let (village, district) = (site.village, site.district);
        let trade = match form {
            Form::Enterprise => city.trade_choice.draw(random),
            Form::SoleProprietor => *random.pick(&city.shop_trades),
            Form::Cooperative => 0,
            Form::PublicInstitution | Form::Association | Form::PrivateInstitution => {
                let (ending, industry, scope) = *random.pick(form.purposes());
                for part in ["北京市", district.name, village.stem] {
                    name.push_str(part);
                }
                let given = self.in_village.entry(ending).or_default();
                *given += 1;
                if *given > 1 {
                    name.push_str(&format!("第{given}"));
                }
                name.push_str(ending);
                return Business { industry, scope };
            }
        };
        // Brands take turns within a trade; every round adds another character. The step is coprime to 3,000.
        let count = self.by_trade[trade];
        self.by_trade[trade] += 1;
        let brands = city.brands.len() as u64;
        let place = (count * 1_009 + trade as u64 * 37) % brands;
        let rounds = count / brands;
        name.push_str("北京");
        if form != Form::Enterprise {
            name.push_str(district.name);
        }
        name.push_str(city.brands[place as usize]);
        if rounds > 0 {
            let further = city.given.len() as u64;
            name.push_str(city.given[((rounds - 1) % further) as usize]);
        }
        if form == Form::Cooperative {
            name.push_str("种植专业合作社");
            return Business {
                industry: "0141",
                scope: "蔬菜种植,农产品销售",
            };
        }
        let trade = &city.trades[trade];
        name.push_str(trade.word);
        name.push_str(match (form, random.below(20)) {
            (Form::SoleProprietor, 0..8) => "店",
            (Form::SoleProprietor, 8..14) => "商店",
            (Form::SoleProprietor, _) => "经营部",
            (_, 0) => "股份有限公司",
            (_, 1..3) => "有限责任公司",
            (_, _) => "有限公司",
        });
        Business {
            industry: trade.industry,
            scope: trade.scope,
        }
    }
}

fn economic_type(form: Form, random: &mut Random) -> &'static str {
    match (form, random.below(100)) {
        (Form::Enterprise, 0..70) => "173",
        (Form::Enterprise, 70..85) => "159",
        (Form::Enterprise, 85..90) => "160",
        (Form::Enterprise, 90..93) => "171",
        (Form::Enterprise, 93..95) => "151",
        (Form::Enterprise, 95..97) => "230",
        (Form::Enterprise, 97) => "310",
        (Form::Enterprise, _) => "330",
        (Form::SoleProprietor, _) => "175",
        (Form::Cooperative, _) => "190",
        (Form::PublicInstitution, _) => "110",
        _ => "900",
    }
}

/// Registered capital in hundredths of 10,000 yuan.
fn capital(form: Form, random: &mut Random) -> u64 {
    match form {
        Form::SoleProprietor => u64::from(1 + random.below(20)) * 100,
        Form::Enterprise | Form::Cooperative => *random.pick(&[
            300, 1_000, 5_000, 10_000, 10_000, 20_000, 50_000, 100_000, 100_000, 500_000, 1_234_550,
        ]),
        _ => u64::from(3 + random.below(98)) * 100,
    }
}

/// Adds an amount with thousands separators, such as `12,345.50`.
fn push_thousands(row: &mut Row, hundredths: u64) -> &mut Row {
    let whole = hundredths / 100;
    if whole >= 1_000 {
        row.push_number(whole / 1_000, 1)
            .push(",")
            .push_number(whole % 1_000, 3);
    } else {
        row.push_number(whole, 1);
    }
    row.push(".").push_number(hundredths % 100, 2)
}

fn spoil_organization(table: &mut Table, problem: Problem, code: CreditCode, random: &mut Random) {
    let row = &mut table.row;
    let mut code = code;
    match problem {
        Problem::CreditCodeCheck => {
            let place = CREDIT_ALPHABET
                .iter()
                .position(|&known| known == code[17])
                .unwrap_or(0);
            code[17] = CREDIT_ALPHABET[(place + 1 + random.index(29)) % 31];
            row.replace(CREDIT_CODE, &code);
        }
        Problem::OrganizationCodeCheck => {
            let digit = if code[16] == b'X' { 0 } else { code[16] - b'0' };
            code[16] = b'0' + (digit + 1 + random.below(8) as u8) % 10;
            code[17] = credit_check(&code[..17]);
            row.replace(CREDIT_CODE, &code);
        }
        Problem::CodeUnknown => row.replace(STATUS, "飞升".as_bytes()),
        Problem::NoSuchDay => {
            let year = civil(day(2024, 1, 1) - random.between(0, 9_000)).0;
            row.replace(FOUNDED, format!("{year}年2月30日").as_bytes());
        }
        Problem::DuplicateKey => {
            row.replace(ORGANIZATION_LAYOUT.name, "重复登记的另一家单位".as_bytes())
        }
        _ => {}
    }
}
