//! The macroeconomic register as the store sees it.

use std::collections::HashMap;
use std::sync::Arc;

use record::{CompactString, Day, FieldNumber, Fields, Predicate, Problem, Value};
use register::rules::{get, set};
use register::{
    CheckContext, Checker, Deadline, GroupKey, Grouping, Register, StoreError, TimeScope, View,
};
use schema::{Collection, FieldType, Period};

use crate::rules::observation::{ObservationError, check_frequency, check_unit};

/// More indicators than any statistical office has.
const MOST_INDICATORS: usize = 1_000_000;

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
        view: &dyn View,
    ) -> Result<Box<dyn Checker>, StoreError> {
        let fields = ["indicator", "period", "unit", "status"].map(|name| collection.number(name));
        let [Some(indicator), Some(period), Some(unit), Some(status)] = fields else {
            return Ok(Box::new(PeriodChecker {
                collection: collection.clone(),
            }));
        };
        Ok(Box::new(ObservationChecker {
            periods: PeriodChecker {
                collection: collection.clone(),
            },
            indicators: indicators(view, context.today)?,
            today: context.today,
            indicator,
            period,
            unit,
            status,
        }))
    }

    fn compute(&self, _: &Collection, _: &mut Fields) {}
}

/// What an indicator says of its observations.
struct Indicator {
    unit: Option<CompactString>,
    frequency: Option<CompactString>,
}

/// The indicators known today, by code.
fn indicators(
    view: &dyn View,
    today: Day,
) -> Result<HashMap<CompactString, Indicator>, StoreError> {
    let grouping = Grouping {
        keys: ["code", "unit", "frequency"]
            .map(|name| GroupKey::Field(name.into()))
            .into(),
        measures: Vec::new(),
        limit: MOST_INDICATORS,
    };
    let groups = view.group(
        "indicator",
        &Predicate::All,
        TimeScope::Present(today),
        &grouping,
        Deadline::NONE,
    )?;
    Ok(groups
        .into_iter()
        .filter_map(|group| {
            let [code, unit, frequency] = group.key.try_into().ok()?;
            Some((code?, Indicator { unit, frequency }))
        })
        .collect())
}

/// Brings periods into canonical form.
struct PeriodChecker {
    collection: Arc<Collection>,
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
            set(fields, field.number, Value::text(&period.to_string()));
        }
    }
}

/// Refuses an observation that does not agree with its indicator, or that claims to be a plain figure
/// (status `A`, normal) for a period that has not begun.
struct ObservationChecker {
    periods: PeriodChecker,
    indicators: HashMap<CompactString, Indicator>,
    today: Day,
    indicator: FieldNumber,
    period: FieldNumber,
    unit: FieldNumber,
    status: FieldNumber,
}

impl Checker for ObservationChecker {
    fn check(&self, fields: &mut Fields, problems: &mut Vec<Problem>) {
        self.periods.check(fields, problems);
        let text = |number: FieldNumber| get(fields, number).and_then(Value::as_text);
        let period = text(self.period).and_then(|text| text.parse::<Period>().ok());
        if let Some(period) = period
            && text(self.status) == Some("A")
            && period.first_day() > self.today
        {
            let expected = format!("≤ {}", self.today);
            problems.push(self.problem("date-order", self.period, period, &expected));
        }
        let indicator = match get(fields, self.indicator) {
            Some(Value::Reference(reference)) => self.indicators.get(&reference.key),
            _ => None,
        };
        // An indicator that is not known yet says nothing: the reference is held.
        let Some(indicator) = indicator else { return };
        if let Err(ObservationError::Unit { expected, found }) =
            check_unit(text(self.unit), indicator.unit.as_deref())
        {
            problems.push(self.problem("unit-differs", self.unit, found, &expected));
        }
        if let Some(period) = period
            && let Err(ObservationError::Frequency { expected, .. }) =
                check_frequency(period, indicator.frequency.as_deref())
        {
            problems.push(self.problem("frequency-differs", self.period, period, &expected));
        }
    }
}

impl ObservationChecker {
    fn problem(
        &self,
        code: record::ProblemCode,
        field: FieldNumber,
        found: impl std::fmt::Display,
        expected: &str,
    ) -> Problem {
        let field = &self.periods.collection.at(field).name;
        Problem::new(code, field, found.to_string(), expected)
    }
}
