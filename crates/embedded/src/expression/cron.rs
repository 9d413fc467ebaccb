//! `cron(minutes hours day-of-month month day-of-week year)`: parses and checks the fields.
//!
//! Does not compute the times that a cron matches.

/// A cron expression that the service accepts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cron {
    fields: Vec<String>,
}

/// The values of one field. Source: the user guide's table of fields and wildcards.
struct Field {
    low: u16,
    high: u16,
    /// Names for numbers; the first is `low`.
    names: &'static [&'static str],
    kind: Kind,
}

#[derive(PartialEq)]
enum Kind {
    Plain,
    DayOfMonth,
    DayOfWeek,
}

const MONTHS: &[&str] = &["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
const DAYS: &[&str] = &["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

const FIELDS: [Field; 6] = [
    Field { low: 0, high: 59, names: &[], kind: Kind::Plain },
    Field { low: 0, high: 23, names: &[], kind: Kind::Plain },
    Field { low: 1, high: 31, names: &[], kind: Kind::DayOfMonth },
    Field { low: 1, high: 12, names: MONTHS, kind: Kind::Plain },
    Field { low: 1, high: 7, names: DAYS, kind: Kind::DayOfWeek },
    Field { low: 1970, high: 2199, names: &[], kind: Kind::Plain },
];
const DAY_OF_MONTH: usize = 2;
const DAY_OF_WEEK: usize = 4;

impl Cron {
    /// Parses the text between the parentheses; `None` if it is not a cron.
    ///
    /// The year is optional, as recorded.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let fields: Vec<String> = text.split_ascii_whitespace().map(str::to_ascii_uppercase).collect();
        let count_fits = fields.len() == 5 || fields.len() == 6;
        // Exactly one of the two days must be `?`: otherwise they could contradict each other.
        let days_fit = || (fields[DAY_OF_MONTH] == "?") != (fields[DAY_OF_WEEK] == "?");
        let all_fit = || fields.iter().zip(&FIELDS).all(|(text, field)| field.accepts(text));
        (count_fits && days_fit() && all_fit()).then_some(Cron { fields })
    }

    /// The five or six fields, in upper case.
    #[must_use]
    pub fn fields(&self) -> &[String] {
        &self.fields
    }
}

impl Field {
    fn accepts(&self, text: &str) -> bool {
        if text == "?" {
            return self.kind != Kind::Plain;
        }
        text.split(',').all(|item| self.accepts_item(item) || self.accepts_special(item))
    }

    /// `*`, `5`, `1-5`, each with an optional step: `*/15`, `5/10`, `1-5/2`.
    fn accepts_item(&self, item: &str) -> bool {
        let (range, step) = match item.split_once('/') {
            Some((range, step)) => (range, Some(step)),
            None => (item, None),
        };
        let step_fits = step.is_none_or(|step| number(step).is_some_and(|step| step > 0 && step <= self.high));
        let range_fits = match range.split_once('-') {
            _ if range == "*" => true,
            Some((from, to)) => self.value(from).zip(self.value(to)).is_some_and(|(from, to)| from <= to),
            None => self.value(range).is_some(),
        };
        step_fits && range_fits
    }

    /// The last day, the weekday nearest to a day, the last or the n-th weekday of a month.
    fn accepts_special(&self, item: &str) -> bool {
        match self.kind {
            Kind::Plain => false,
            Kind::DayOfMonth => {
                matches!(item, "L" | "LW") || item.strip_suffix('W').is_some_and(|day| self.value(day).is_some())
            }
            Kind::DayOfWeek => {
                let nth =
                    |(day, nth): (&str, &str)| self.value(day).is_some() && matches!(nth, "1" | "2" | "3" | "4" | "5");
                item == "L"
                    || item.strip_suffix('L').is_some_and(|day| self.value(day).is_some())
                    || item.split_once('#').is_some_and(nth)
            }
        }
    }

    /// A number in range, or a name.
    fn value(&self, text: &str) -> Option<u16> {
        let named = self.names.iter().zip(self.low..).find(|(name, _)| **name == text);
        named.map(|(_, value)| value).or_else(|| number(text).filter(|value| (self.low..=self.high).contains(value)))
    }
}

/// Digits only, without a sign.
fn number(text: &str) -> Option<u16> {
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_field_accepts_its_own_wildcards() {
        for (text, accepted) in [
            ("0 10 * * ? *", true),
            ("15 12 * * ? *", true),
            ("0/5 8-17 ? * MON-FRI *", true),
            ("5,35 14 * * ? *", true),
            ("10 2 ? * 6L 2022-2023", true),
            ("0 9 ? * 2#1 *", true),
            ("0 9 ? * mon#5 *", true),
            ("0 9 ? * L *", true),
            ("0 9 LW jan,jul ? *", true),
            ("0-30/10 9 1-15/2 * ? 2199", true),
            ("0 9 1 13 ? *", false),
            ("0 9 0 * ? *", false),
            ("0 9 32 * ? *", false),
            ("0 9 1 * 1 *", false),
            ("0 9 ? * ? *", false),
            ("? 9 1 * ? *", false),
            ("L 9 1 * ? *", false),
            ("0 9 ? * 8 *", false),
            ("0 9 ? * 2#6 *", false),
            ("0 9 ? * 2W *", false),
            ("0 9 2#1 * ? *", false),
            ("0 9 1 * ? 1969", false),
            ("0 9 1 * ? 2200", false),
            ("*/0 9 1 * ? *", false),
            ("+5 9 1 * ? *", false),
            ("1, 9 1 * ? *", false),
            ("5-1 9 1 * ? *", false),
            ("99999 9 1 * ? *", false),
        ] {
            assert_eq!(Cron::parse(text).is_some(), accepted, "{text}");
        }
    }

    #[test]
    fn the_fields_are_kept_in_upper_case() {
        assert_eq!(Cron::parse("0 9 ? * fri *").unwrap().fields(), ["0", "9", "?", "*", "FRI", "*"]);
    }
}
