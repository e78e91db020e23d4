//! The register of legal entities as the store sees it: which rules apply to which fields.

use std::sync::Arc;

use record::{FieldNumber, Fields, Problem, Value, prose};
use register::rules::{get, set};
use register::{CheckContext, Checker, Register, StoreError, View};
use schema::Collection;

use crate::rules::{business_number, credit_code, lei};

/// The register of legal entities.
#[derive(Clone, Copy, Debug, Default)]
pub struct OrganizationRegister;

impl Register for OrganizationRegister {
    fn name(&self) -> &'static str {
        "organization"
    }

    fn checker(
        &self,
        collection: &Arc<Collection>,
        _: CheckContext,
        _: &dyn View,
    ) -> Result<Box<dyn Checker>, StoreError> {
        let rules = collection
            .fields
            .iter()
            .filter_map(|field| {
                let rule = match field.rule.as_deref()? {
                    "credit-code" => Rule::CreditCode,
                    "business-number" => Rule::BusinessNumber,
                    "lei" => Rule::Lei,
                    _ => return None,
                };
                Some((field.number, rule))
            })
            .collect();
        Ok(Box::new(OrganizationChecker {
            collection: collection.clone(),
            rules,
        }))
    }

    fn compute(&self, collection: &Collection, fields: &mut Fields) {
        let Some(key) = collection.key.first() else {
            return;
        };
        let Some(Value::Text(text)) = get(fields, *key) else {
            return;
        };
        let Ok(code) = credit_code::parse(text) else {
            return;
        };
        for field in &collection.fields {
            let value = match field.computed.as_deref() {
                Some("organization-code") => Some(code.organization_code().canonical()),
                Some("legal-form") => code.category().map(|category| category.pair),
                _ => None,
            };
            if let Some(value) = value {
                set(fields, field.number, Value::text(value));
            }
        }
    }
}

#[derive(Clone, Copy)]
enum Rule {
    CreditCode,
    BusinessNumber,
    Lei,
}

struct OrganizationChecker {
    collection: Arc<Collection>,
    rules: Vec<(FieldNumber, Rule)>,
}

impl Checker for OrganizationChecker {
    fn check(&self, fields: &mut Fields, problems: &mut Vec<Problem>) {
        for (number, rule) in &self.rules {
            let Some(Value::Text(text)) = get(fields, *number) else {
                continue;
            };
            let name = &self.collection.at(*number).name;
            let canonical = match rule {
                Rule::CreditCode => credit_code::parse(text)
                    .map(|code| code.canonical().to_string())
                    .map_err(|error| credit_code_problem(&error, name, text)),
                Rule::BusinessNumber => business_number::parse(text)
                    .map(|number| number.canonical().to_string())
                    .map_err(|error| business_number_problem(&error, name, text)),
                Rule::Lei => lei::parse(text)
                    .map(|lei| lei.canonical().to_string())
                    .map_err(|error| lei_problem(&error, name, text)),
            };
            match canonical {
                Ok(canonical) => set(fields, *number, Value::text(&canonical)),
                Err(problem) => problems.push(problem),
            }
        }
        self.check_dates(fields, problems);
    }
}

impl OrganizationChecker {
    /// What happened to an organization did not happen before it was founded.
    fn check_dates(&self, fields: &Fields, problems: &mut Vec<Problem>) {
        let date = |name: &str| match get(fields, self.collection.number(name)?)? {
            Value::Date(date) => Some(*date),
            _ => None,
        };
        if let (Some(founded), Some(status)) = (date("founded"), date("statusDate"))
            && status.end_day() <= founded.first_day()
        {
            problems.push(Problem::new(
                "date-order",
                "statusDate",
                status.to_string(),
                format!("{founded} –"),
            ));
        }
    }
}

fn business_number_problem(
    error: &business_number::BusinessNumberError,
    field: &str,
    text: &str,
) -> Problem {
    use business_number::BusinessNumberError as Error;
    let expected = match error {
        Error::Form => prose!("15 位数字", "15 digits"),
        Error::Check { expected, .. } => {
            prose!("末位校验位为 {expected}", "the check digit {expected}")
        }
    };
    Problem::new("business-number-check", field, text, expected)
}

fn lei_problem(error: &lei::LeiError, field: &str, text: &str) -> Problem {
    let expected = match error {
        lei::LeiError::Form => prose!(
            "18 位数字或大写字母加 2 位数字",
            "18 digits or capitals, then 2 digits"
        ),
        lei::LeiError::Check { expected, .. } => prose!(
            "末两位校验位为 {expected:02}",
            "the check digits {expected:02}"
        ),
    };
    Problem::new("lei-check", field, text, expected)
}

fn credit_code_problem(error: &credit_code::CreditCodeError, field: &str, text: &str) -> Problem {
    use credit_code::CreditCodeError as Error;
    match error {
        Error::Length => {
            let expected = prose!("应为 18 位", "expected 18 characters");
            Problem::new("credit-code-form", field, text, expected)
        }
        Error::Character { place } => {
            let found = prose!(
                "第 {place} 位的字符不能用在那里",
                "character {place} may not stand there"
            );
            Problem::new("credit-code-form", field, text, found)
        }
        Error::Check { expected, .. } => {
            Problem::new("credit-code-check", field, text, expected.to_string())
        }
        Error::OrganizationCheck { expected, .. } => {
            Problem::new("organization-code-check", field, text, expected.to_string())
        }
        Error::Category {
            department,
            category,
        } => Problem::new(
            "credit-code-pair",
            field,
            format!("{department}{category}"),
            "GB 32100",
        ),
    }
}
