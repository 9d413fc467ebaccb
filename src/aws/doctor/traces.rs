//! What a delivery leaves behind: the log that proves it, and the queue of what could not be delivered.

use aws_sdk_sqs::types::QueueAttributeName;
use chrono::TimeDelta;

use super::finding::{Finding, check};
use crate::aws::client::Scheduler;
use crate::aws::error::{Operation, RequestKind};
use crate::failure::{Failure, FailureKind};

impl Scheduler {
    /// The log: read as receipts are, a single line of it.
    pub(super) async fn check_log(&self) -> Finding {
        let context = self.context();
        let Some(group) = &context.log_group else {
            return Finding::unknown(
                check::LOG,
                "No log of deliveries is known, so that none can be proved.",
                "Name one as log_group in the settings, if the target writes one.",
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
                    "Name the one that the function writes to as log_group in the settings. If the function has never \
                     run, its log begins with the first delivery: `tickler doctor --deliver` makes one.",
                )
            }
        }
    }

    /// The queue: how many memos lie in it.
    pub(super) async fn check_queue(&self) -> Finding {
        let context = self.context();
        let Some(arn) = &context.dead_letter_arn else {
            return Finding::unknown(
                check::QUEUE,
                "No queue is named for what cannot be delivered: such a memo leaves no trace but a line in the log, if any.",
                "Name one as dead_letter_arn in the settings, or make one with `tickler init`.",
            );
        };
        match self.depth().await {
            Ok(Some(number)) => lying_there(number),
            Ok(None) => {
                Finding::unknown(check::QUEUE, format!("The queue {arn} does not say how many memos lie in it."), "")
            }
            // There is nothing in the question that could be refused but the queue.
            Err(failure) if matches!(failure.kind, FailureKind::NotFound | FailureKind::Invalid) => Finding::wrong(
                check::QUEUE,
                format!("{} It was the queue {arn} that was asked.", failure.what),
                "Name one that is there as dead_letter_arn in the settings, or make one with `tickler init`.",
            ),
            Err(failure) => Finding::failed(check::QUEUE, failure),
        }
    }

    /// About how many letters lie in the queue.
    async fn depth(&self) -> Result<Option<u64>, Failure> {
        let count = QueueAttributeName::ApproximateNumberOfMessages;
        let Some(queue) = self.queue() else { return Ok(None) };
        let request = queue.client.get_queue_attributes().queue_url(&queue.url).attribute_names(count.clone());
        match request.send().await {
            Ok(answer) => Ok(answer.attributes().and_then(|all| all.get(&count)?.parse().ok())),
            Err(error) => Err(self.failure(&self.queue_operation("sqs:GetQueueAttributes", RequestKind::Read), &error)),
        }
    }
}

fn lying_there(number: u64) -> Finding {
    let advice = "Open tickler: it shows each with its error, to be scheduled again or put away.";
    match number {
        0 => Finding::ok(check::QUEUE, "Nothing lies in it: nothing failed for good."),
        1 => Finding::wrong(check::QUEUE, "One memo lies in it that could not be delivered.", advice),
        some => Finding::wrong(check::QUEUE, format!("{some} memos lie in it that could not be delivered."), advice),
    }
}
