//! The population register as the store sees it: which rules apply to which fields.

use std::collections::HashMap;
use std::sync::Arc;

use record::{CompactString, Day, FieldNumber, Fields, Problem, Value, prose};
use register::rules::{get, set};
use register::{CheckContext, Checker, Register, StoreError, View};
use schema::Collection;

use crate::rules::identity_number::{IdentityNumber, IdentityNumberError, parse};
use crate::rules::life::{
    check_birth, check_birth_against_number, check_death, check_sex_against_number,
};

/// The code list of all region codes there ever were.
const REGIONS: &str = "region-history";
/// The rule of fields that hold a resident identity number.
const IDENTITY_NUMBER: &str = "resident-identity-number";

/// The population register.
#[derive(Clone, Copy, Debug, Default)]
pub struct PersonRegister;

impl Register for PersonRegister {
    fn name(&self) -> &'static str {
        "person"
    }

    fn checker(
        &self,
        collection: &Arc<Collection>,
        context: CheckContext,
        _: &dyn View,
    ) -> Result<Box<dyn Checker>, StoreError> {
        let numbers = collection
            .fields
            .iter()
            .filter(|field| field.rule.as_deref() == Some(IDENTITY_NUMBER))
            .map(|field| field.number)
            .collect();
        let list = context.catalog.codelist(REGIONS).ok_or_else(|| {
            StoreError::Refused(format!("the schemas lack the code list '{REGIONS}'"))
        })?;
        let last_years = list
            .entries
            .iter()
            .map(|entry| (entry.code.clone(), entry.valid_to.map(|date| date.year())))
            .collect();
        Ok(Box::new(PersonChecker {
            collection: collection.clone(),
            numbers,
            last_years,
            today: context.today,
            synthetic: context.synthetic,
        }))
    }

    fn compute(&self, _: &Collection, _: &mut Fields) {}
}

struct PersonChecker {
    collection: Arc<Collection>,
    numbers: Vec<FieldNumber>,
    /// The year in which a region code ended, where it did.
    last_years: HashMap<CompactString, Option<i16>>,
    today: Day,
    synthetic: bool,
}

impl Checker for PersonChecker {
    fn check(&self, fields: &mut Fields, problems: &mut Vec<Problem>) {
        for field in &self.numbers {
            let Some(Value::Text(text)) = get(fields, *field) else {
                continue;
            };
            match self.identity_number(text) {
                Ok(number) => {
                    self.check_agreement(&number, fields, problems);
                    set(fields, *field, Value::text(number.canonical()));
                }
                Err(error) => problems.push(problem(&error, &self.collection.at(*field).name)),
            }
        }
        self.check_life(fields, problems);
    }
}

impl PersonChecker {
    fn identity_number(&self, text: &str) -> Result<IdentityNumber, IdentityNumberError> {
        let number = parse(text)?;
        number.check_region(
            &|code: &str, on: Day| self.was_valid(code, on),
            self.synthetic,
        )?;
        Ok(number)
    }

    /// Whether a region existed in the day's year or later; its end is known to the year only.
    fn was_valid(&self, code: &str, on: Day) -> bool {
        match (self.last_years.get(code), on.calendar()) {
            (None, _) => false,
            (Some(Some(last)), Some((year, _, _))) => year <= *last,
            (Some(_), _) => true,
        }
    }

    fn field<'f>(&self, fields: &'f Fields, name: &str) -> Option<&'f Value> {
        get(fields, self.collection.number(name)?)
    }

    fn check_agreement(
        &self,
        number: &IdentityNumber,
        fields: &Fields,
        problems: &mut Vec<Problem>,
    ) {
        if let Some(Value::Date(birth)) = self.field(fields, "birthDate")
            && check_birth_against_number(*birth, number).is_err()
        {
            problems.push(Problem::new(
                "identity-number-birth-date",
                "birthDate",
                birth.to_string(),
                number.birth_date().to_string(),
            ));
        }
        if let Some(Value::Text(sex)) = self.field(fields, "sex")
            && check_sex_against_number(sex, number).is_err()
        {
            problems.push(Problem::new(
                "identity-number-sex",
                "sex",
                sex,
                number.sex().code(),
            ));
        }
    }

    fn check_life(&self, fields: &Fields, problems: &mut Vec<Problem>) {
        let date = |name: &str| match self.field(fields, name) {
            Some(Value::Date(date)) => Some(*date),
            _ => None,
        };
        let (birth, death) = (date("birthDate"), date("deathDate"));
        let today = self.today.to_string();
        if let Some(birth) = birth
            && check_birth(birth, self.today).is_err()
        {
            problems.push(Problem::new(
                "date-order",
                "birthDate",
                birth.to_string(),
                &today,
            ));
        }
        if let Some(death) = death
            && check_death(birth, death, self.today).is_err()
        {
            let bounds = match birth {
                Some(birth) => format!("{birth} – {today}"),
                None => format!("– {today}"),
            };
            problems.push(Problem::new(
                "date-order",
                "deathDate",
                death.to_string(),
                &bounds,
            ));
        }
    }
}

/// The problem of a number that is refused. The number itself is not repeated: it is personal data.
fn problem(error: &IdentityNumberError, field: &str) -> Problem {
    let (code, value, expected) = match error {
        IdentityNumberError::Form | IdentityNumberError::Century(_) => {
            ("identity-number-form", String::new(), "".into())
        }
        IdentityNumberError::Check { expected, found } => (
            "identity-number-check",
            found.to_string(),
            expected.to_string().into(),
        ),
        IdentityNumberError::BirthDate(date) => (
            "identity-number-birth-date",
            date.to_string(),
            prose!(
                "日历上存在、不早于 1800 年的日期",
                "a day of the calendar, not before 1800"
            ),
        ),
        IdentityNumberError::Region(region) => {
            ("identity-number-region", region.to_string(), "".into())
        }
        IdentityNumberError::SyntheticRegion(region) => {
            ("synthetic-refused", region.to_string(), "".into())
        }
    };
    Problem::new(code, field, &value, expected)
}
