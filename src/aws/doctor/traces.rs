//! What a delivery leaves behind: the log that proves it, and the queue of what could not be delivered.

use aws_sdk_sqs::operation::get_queue_attributes::GetQueueAttributesError;
use aws_sdk_sqs::types::QueueAttributeName;
use chrono::TimeDelta;

use super::{Finding, name};
use crate::aws::Scheduler;
use crate::aws::error::{Asked, Sort};
use crate::failure::FailureKind;

impl Scheduler {
    /// The log: read as receipts are, a single line of it.
    pub(super) async fn look_at_log(&self) -> Finding {
        let place = self.place();
        let Some(group) = &place.log_group else {
            return Finding::unknown(
                name::LOG,
                "No log of deliveries is known, so that none can be proved.",
                "Name one as log_group in the settings, if the target writes one.",
            );
        };
        let since = self.0.session.clock.now() - TimeDelta::hours(1);
        let request = self.0.logs.filter_log_events().log_group_name(group).limit(1);
        match request.start_time(since.timestamp_millis()).send().await {
            Ok(_) => Finding::ok(name::LOG, format!("The log {group} can be read.")),
            Err(error) => {
                let asked = Asked {
                    what: "The delivery log could not be read",
                    action: "logs:FilterLogEvents",
                    on: place.log_group_arn(group),
                    sort: Sort::Read,
                };
                let failure = self.failure(&asked, &error);
                if failure.kind != FailureKind::NotFound {
                    return Finding::failed(name::LOG, failure);
                }
                Finding::wrong(
                    name::LOG,
                    format!("There is no log group {group}."),
                    "Name the one that the function writes to as log_group in the settings. If the function has never \
                     run, its log begins with the first delivery: `tickler doctor --deliver` makes one.",
                )
            }
        }
    }

    /// The queue: how many memos lie in it.
    pub(super) async fn look_at_queue(&self) -> Finding {
        let place = self.place();
        let Some(arn) = &place.dead_letter_arn else {
            return Finding::unknown(
                name::QUEUE,
                "No queue is named for what cannot be delivered: such a memo leaves no trace but a line in the log, if any.",
                "Name one as dead_letter_arn in the settings, or make one with `tickler init`.",
            );
        };
        let count = QueueAttributeName::ApproximateNumberOfMessages;
        let client = aws_sdk_sqs::Client::new(&self.0.session.quick());
        let request = client.get_queue_attributes().queue_url(queue_url(arn)).attribute_names(count.clone());
        match request.send().await {
            Ok(answer) => {
                let number = answer.attributes().and_then(|all| all.get(&count)?.parse::<u64>().ok());
                depth(arn, number)
            }
            Err(error) => {
                let asked = Asked {
                    what: "The queue could not be looked at",
                    action: "sqs:GetQueueAttributes",
                    on: arn.clone(),
                    sort: Sort::Read,
                };
                let missing = error.as_service_error().is_some_and(GetQueueAttributesError::is_queue_does_not_exist);
                if !missing {
                    return Finding::failed(name::QUEUE, self.failure(&asked, &error));
                }
                Finding::wrong(
                    name::QUEUE,
                    format!("There is no queue {arn}: what cannot be delivered is lost."),
                    "Name another as dead_letter_arn in the settings, or make one with `tickler init`.",
                )
            }
        }
    }
}

fn depth(arn: &str, number: Option<u64>) -> Finding {
    let advice = "Open tickler: it shows each with its error, to be scheduled again or dismissed.";
    match number {
        Some(0) => Finding::ok(name::QUEUE, "Nothing lies in it: nothing failed for good."),
        Some(1) => Finding::wrong(name::QUEUE, "One memo lies in it that could not be delivered.", advice),
        Some(some) => {
            Finding::wrong(name::QUEUE, format!("{some} memos lie in it that could not be delivered."), advice)
        }
        None => Finding::unknown(name::QUEUE, format!("The queue {arn} does not say how many lie in it."), ""),
    }
}

/// The address of a queue, which says what its ARN says in another order.
fn queue_url(arn: &str) -> String {
    let parts: Vec<&str> = arn.splitn(6, ':').collect();
    let part = |index: usize| parts.get(index).copied().unwrap_or_default();
    let domain = if part(1) == "aws-cn" { "amazonaws.com.cn" } else { "amazonaws.com" };
    format!("https://sqs.{}.{domain}/{}/{}", part(3), part(4), part(5))
}

#[cfg(test)]
mod tests {
    use super::queue_url;

    #[test]
    fn a_queue_has_the_address_that_its_arn_says() {
        assert_eq!(
            queue_url("arn:aws:sqs:eu-west-1:123456789012:dead"),
            "https://sqs.eu-west-1.amazonaws.com/123456789012/dead"
        );
        assert_eq!(
            queue_url("arn:aws-cn:sqs:cn-north-1:123456789012:dead"),
            "https://sqs.cn-north-1.amazonaws.com.cn/123456789012/dead"
        );
    }
}
