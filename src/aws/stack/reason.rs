//! The reason that a service gave for a failure, without CloudFormation's wrappings. Pure.

/// The service's own words, on one line. CloudFormation has wrapped them in two ways over the years.
pub(super) fn words(reason: &str) -> String {
    let inner = match reason.split_once("Resource handler returned message: \"") {
        Some((_, rest)) => rest.rsplit_once("\" (").map_or(rest, |(inner, _)| inner),
        None => reason,
    };
    let inner =
        ["(Service: ", "(RequestToken: "].iter().fold(inner, |text, mark| text.split(mark).next().unwrap_or(text));
    let line = inner.split_whitespace().collect::<Vec<_>>().join(" ");
    line.trim_end_matches('.').to_owned()
}
