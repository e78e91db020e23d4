//! The macroeconomic register as the store sees it.

use std::sync::Arc;

use record::{Fields, Problem, Value};
use register::rules::{get, set};
use register::{CheckContext, Checker, Register, StoreError, View};
use schema::{Collection, FieldType, Period};

/// The macroeconomic register.
#[derive(Clone, Copy, Debug, Default)]
pub struct MacroeconomyRegister;

impl Register for MacroeconomyRegister {
    fn name(&self) -> &'static str {
        "macroeconomy"
    }

    fn checker(
        &self,
        collection: &Arc<Collection>,
        context: CheckContext,
        _: &dyn View,
    ) -> Result<Box<dyn Checker>, StoreError> {
        let today = context.today;
        Ok(Box::new(PeriodChecker {
            collection: collection.clone(),
            today,
        }))
    }

    fn compute(&self, _: &Collection, _: &mut Fields) {}
}

/// Brings periods into canonical form, and refuses an observation that claims to be a plain figure
/// (status `A`, normal) for a period that has not begun.
struct PeriodChecker {
    collection: Arc<Collection>,
    today: record::Day,
}

impl Checker for PeriodChecker {
    fn check(&self, fields: &mut Fields, problems: &mut Vec<Problem>) {
        for field in &self.collection.fields {
            if !matches!(field.kind, FieldType::Period) {
                continue;
            }
            let Some(Value::Text(text)) = get(fields, field.number) else {
                continue;
            };
            let Ok(period) = text.parse::<Period>() else {
                let expected = "2019 | 2019-Q1 | 2019-03";
                problems.push(Problem::new("period-form", &field.name, text, expected));
                continue;
            };
            let status = self
                .collection
                .number("status")
                .and_then(|number| get(fields, number));
            if status.and_then(Value::as_text) == Some("A") && period.first_day() > self.today {
                let today = self.today.to_string();
                problems.push(Problem::new(
                    "date-order",
                    &field.name,
                    text,
                    &format!("≤ {today}"),
                ));
            }
            set(fields, field.number, Value::text(&period.to_string()));
        }
    }
}
