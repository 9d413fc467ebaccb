//! Checks the delivery log and the dead-letter queue.

use aws_sdk_sqs::types::QueueAttributeName;
use chrono::TimeDelta;

use super::finding::{Finding, check};
use crate::aws::client::Scheduler;
use crate::aws::error::{Operation, RequestKind};
use crate::failure::{Failure, FailureKind};

impl Scheduler {
    /// Checks the log, by reading one line of it.
    pub(super) async fn check_log(&self) -> Finding {
        let context = self.context();
        let Some(group) = &context.log_group else {
            return Finding::unknown(
                check::LOG,
                "No delivery log is known, so no delivery can be proved.",
                "Set log_group in the settings if the target writes a log.",
            );
        };
        let since = self.0.session.clock.now() - TimeDelta::hours(1);
        let request = self.0.logs.filter_log_events().log_group_name(group).limit(1);
        match request.start_time(since.timestamp_millis()).send().await {
            Ok(_) => Finding::ok(check::LOG, format!("The log {group} can be read.")),
            Err(error) => {
                let operation = Operation {
                    failed: "The delivery log could not be read",
                    action: "logs:FilterLogEvents",
                    resource: context.log_group_arn(group),
                    kind: RequestKind::Read,
                };
                let failure = self.failure(&operation, &error);
                if failure.kind != FailureKind::NotFound {
                    return Finding::failed(check::LOG, failure);
                }
                Finding::wrong(
                    check::LOG,
                    format!("There is no log group {group}."),
                    "Set log_group in the settings to the log group that the function writes to. If the function has \
                     never run, the first delivery creates it: run `tickler doctor --deliver`.",
                )
            }
        }
    }

    /// Checks the queue, and how many memos are in it.
    pub(super) async fn check_queue(&self) -> Finding {
        let context = self.context();
        let Some(arn) = &context.dead_letter_arn else {
            return Finding::unknown(
                check::QUEUE,
                "No dead-letter queue is set: a memo that cannot be delivered leaves at most a line in the log.",
                "Set dead_letter_arn in the settings, or create a queue with `tickler init`.",
            );
        };
        match self.letter_count().await {
            Ok(Some(number)) => queued(number),
            Ok(None) => {
                Finding::unknown(check::QUEUE, format!("The queue {arn} does not report how many memos are in it."), "")
            }
            // Nothing but the queue's name in this request can be invalid.
            Err(failure) if matches!(failure.kind, FailureKind::NotFound | FailureKind::Invalid) => Finding::wrong(
                check::QUEUE,
                format!("{} The queue is {arn}.", failure.what),
                "Set dead_letter_arn in the settings to a queue that exists, or create one with `tickler init`.",
            ),
            Err(failure) => Finding::failed(check::QUEUE, failure),
        }
    }

    /// The approximate number of letters in the queue.
    async fn letter_count(&self) -> Result<Option<u64>, Failure> {
        let count = QueueAttributeName::ApproximateNumberOfMessages;
        let Some(queue) = self.queue() else { return Ok(None) };
        let request = queue.client.get_queue_attributes().queue_url(&queue.url).attribute_names(count.clone());
        match request.send().await {
            Ok(answer) => Ok(answer.attributes().and_then(|all| all.get(&count)?.parse().ok())),
            Err(error) => Err(self.failure(&self.queue_operation("sqs:GetQueueAttributes", RequestKind::Read), &error)),
        }
    }
}

fn queued(number: u64) -> Finding {
    let advice = "Open tickler to see each error, and snooze the memo or mark it as done.";
    match number {
        0 => Finding::ok(check::QUEUE, "The queue is empty: no delivery failed for good."),
        1 => Finding::wrong(check::QUEUE, "1 memo in the queue could not be delivered.", advice),
        some => Finding::wrong(check::QUEUE, format!("{some} memos in the queue could not be delivered."), advice),
    }
}
