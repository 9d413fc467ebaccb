//! Round trips, and foreign schedules.

use aws_sdk_scheduler::types::Target;
use chrono::TimeDelta;
use proptest::prelude::*;
use proptest::sample::select;

use super::*;

/// Zones with gaps of an hour and of half an hour, a skipped day, and offsets that are not whole hours.
const ZONES: [Tz; 7] = [
    Tz::UTC,
    Tz::Europe__Paris,
    Tz::America__New_York,
    Tz::Australia__Lord_Howe,
    Tz::Asia__Kathmandu,
    Tz::Pacific__Apia,
    Tz::America__Argentina__Buenos_Aires,
];

fn a_memo() -> impl Strategy<Value = Memo> {
    // Every second of several years, so that times occur which happen twice.
    (any::<[u8; 16]>(), any::<String>(), 1_700_000_000_i64..1_900_000_000, select(&ZONES[..])).prop_map(
        |(id, text, seconds, zone)| Memo {
            id: MemoId::from_random(id),
            text,
            due: Moment::at(DateTime::from_timestamp(seconds, 0).unwrap(), zone),
        },
    )
}

/// The schedule as the service returns it.
fn returned(encoded: &Encoded) -> GetScheduleOutput {
    let target = Target::builder().arn("arn").role_arn("role").input(&encoded.input).build().unwrap();
    GetScheduleOutput::builder()
        .name(&encoded.name)
        .schedule_expression(&encoded.expression)
        .schedule_expression_timezone(encoded.zone)
        .description(&encoded.description)
        .last_modification_date(aws_smithy_types::DateTime::from_secs(1))
        .target(target)
        .build()
}

proptest! {
    #[test]
    fn a_memo_survives_a_round_trip(memo in a_memo()) {
        let schedule = decode(&returned(&encode(&memo)));
        prop_assert_eq!(schedule.memo(), Some(&memo));
        prop_assert_eq!(&*schedule.name, memo.id.to_string());
    }

    #[test]
    fn both_instants_of_a_time_that_happens_twice_survive(id in any::<[u8; 16]>(), minute in 0_i64..120) {
        let start: DateTime<Utc> = "2027-10-31T00:00:00Z".parse().unwrap();
        let due = Moment::at(start + TimeDelta::minutes(minute), Tz::Europe__Paris);
        let memo = Memo { id: MemoId::from_random(id), text: "tea".to_owned(), due };
        prop_assert!(due.happens_twice());
        prop_assert_eq!(encode(&memo).zone, "UTC");
        let schedule = decode(&returned(&encode(&memo)));
        prop_assert_eq!(schedule.memo(), Some(&memo));
    }

    #[test]
    fn the_service_finds_no_context_attribute_in_the_memo_itself(mut memo in a_memo(), word in "[a-z-]{1,20}") {
        memo.text = format!("{}<aws.scheduler.{word}>", memo.text);
        let input = encode(&memo).input;
        prop_assert_eq!(input.matches('<').count(), 3);
        prop_assert_eq!(input_size(&memo), input.len());
    }

    #[test]
    fn a_description_is_one_line_within_the_limit(memo in a_memo(), long in "\\PC{0,600}") {
        let encoded = encode(&Memo { text: long + &memo.text, ..memo });
        prop_assert!(encoded.description.chars().count() <= DESCRIPTION_LIMIT);
        prop_assert!(!encoded.description.chars().any(char::is_control));
    }

    #[test]
    fn any_schedule_can_be_decoded(
        name in any::<Option<String>>(),
        expression in prop_oneof![Just("at(2026-11-24T18:00:00)".to_owned()), any::<String>()],
        zone in prop_oneof![Just("Europe/Paris".to_owned()), any::<String>()],
        input in prop_oneof![Just(r#"{"v":1,"memo":"tea"}"#.to_owned()), any::<String>()],
    ) {
        let target = Target::builder().arn("arn").role_arn("role").input(input).build().unwrap();
        let answer = GetScheduleOutput::builder()
            .set_name(name)
            .schedule_expression(expression)
            .schedule_expression_timezone(zone)
            .target(target)
            .build();
        prop_assert!(decode(&answer).memo().is_none());
        details(&answer);
    }
}

/// A memo's schedule with one change by someone else.
fn changed(change: impl FnOnce(&mut Encoded)) -> Schedule {
    let due = Moment::at("2026-11-24T17:00:00Z".parse().unwrap(), Tz::Europe__Paris);
    let mut encoded = encode(&Memo { id: MemoId::from_random([7; 16]), text: "tea".to_owned(), due });
    change(&mut encoded);
    decode(&returned(&encoded))
}

#[test]
fn a_foreign_schedule_is_shown_as_it_is() {
    let cron = changed(|encoded| encoded.expression = "cron(0 18 ? * MON-FRI *)".to_owned());
    let Body::Foreign(cron) = cron.body else { panic!("a cron is not a memo") };
    assert_eq!((cron.expression.as_str(), cron.due, cron.about.as_str()), ("cron(0 18 ? * MON-FRI *)", None, "tea"));

    let other_name = changed(|encoded| encoded.name = "backup".to_owned());
    let Body::Foreign(other_name) = other_name.body else { panic!("the name is not the id") };
    assert_eq!(other_name.due, Some("2026-11-24T17:00:00Z".parse().unwrap()));

    for input in [r#"{"v":2,"#, r#"{"w":1,"#] {
        let newer = changed(|encoded| encoded.input = encoded.input.replace(r#"{"v":1,"#, input));
        assert!(newer.memo().is_none(), "{input} has another version");
    }
    let unnamed = changed(|encoded| {
        encoded.description = " ".to_owned();
        encoded.input = "\n plain words\nmore".to_owned();
    });
    let Body::Foreign(unnamed) = unnamed.body else { panic!("plain words are not a memo") };
    assert_eq!(unnamed.about, "plain words");
}

#[test]
fn a_memo_that_was_moved_elsewhere_has_its_new_time_in_its_own_zone() {
    let moved = changed(|encoded| {
        encoded.expression = "AT(2026-11-25T08:00)".to_owned();
        encoded.zone = "America/New_York";
    });
    let due = moved.memo().unwrap().due;
    assert_eq!(due, Moment::at("2026-11-25T13:00:00Z".parse().unwrap(), Tz::Europe__Paris));
}

#[test]
fn a_skipped_or_doubled_time_is_a_guess() {
    let skipped = changed(|encoded| encoded.expression = "at(2027-03-28T02:30:00)".to_owned());
    let due = skipped.memo().unwrap().due;
    assert_eq!((due.instant, due.guess), ("2027-03-28T01:30:00Z".parse().unwrap(), Some(Guess::NoOneMoment)));
    let twice = changed(|encoded| encoded.expression = "at(2027-10-31T02:30:00)".to_owned());
    let due = twice.memo().unwrap().due;
    assert_eq!((due.instant, due.guess), ("2027-10-31T00:30:00Z".parse().unwrap(), Some(Guess::NoOneMoment)));
}

#[test]
fn unknown_fields_of_the_input_are_ignored() {
    let added = changed(|encoded| encoded.input = encoded.input.replace(r#"{"v":1,"#, r#"{"colour":"red","v":1,"#));
    assert_eq!(added.memo().unwrap().text, "tea");
}
