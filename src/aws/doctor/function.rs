//! Checks the function: whether the person may invoke it, whether it runs, and whether it has mail subscribers.

use aws_sdk_lambda::primitives::Blob;
use aws_sdk_lambda::types::InvocationType;
use serde::Deserialize;

use super::finding::{Finding, check};
use crate::aws::client::Scheduler;
use crate::aws::error::{Operation, RequestKind};
use crate::aws::run::why_it_failed;
use crate::failure::{Failure, FailureKind};

/// Makes executeMemo report its state instead of delivering.
const CHECK_REQUEST: &str = r#"{"check":true}"#;

/// The response of executeMemo to a check.
#[derive(Deserialize)]
struct Response {
    /// The version of its log lines. Another function's response does not have it.
    #[serde(rename = "tickler")]
    _version: u32,
    subscriptions: Subscriptions,
}

/// The subscriptions of the topic.
#[derive(Deserialize)]
struct Subscriptions {
    confirmed: u64,
    pending: u64,
}

impl Scheduler {
    /// Checks the function and its mail subscriptions.
    pub(super) async fn check_function(&self) -> [Finding; 2] {
        let context = self.context();
        let mail_skipped = |because| Finding::skipped(check::MAIL, because);
        let Some(function) = context.target_arn.function_name() else {
            let found = format!("The target {} is not a Lambda function, so it cannot be checked.", context.target_arn);
            let finding = Finding::unknown(check::FUNCTION, found, "Check the target itself.");
            return [finding, mail_skipped("the target is not a function")];
        };
        if context.read_only {
            // Another function would do whatever it does when it is invoked.
            let found = format!("The function {function} was not invoked, because the context is read-only.");
            let finding = Finding::unknown(check::FUNCTION, found, "Run `tickler doctor` without read-only.");
            return [finding, mail_skipped("the function was not invoked")];
        }
        match self.check_response().await {
            Ok(Ok(Response { subscriptions, .. })) => {
                let found = format!("The function {function} can be invoked, and responds.");
                [Finding::ok(check::FUNCTION, found), subscriptions.finding()]
            }
            Ok(Err(_)) => {
                let found = format!(
                    "The function {function} can be invoked, but does not respond as tickler's own function does."
                );
                let advice =
                    "If it delivers in its own way, that is fine. `tickler init` creates one that can be checked.";
                [Finding::unknown(check::FUNCTION, found, advice), mail_skipped("the function does not report it")]
            }
            Err(finding) => [finding, mail_skipped("the function does not respond")],
        }
    }

    /// First checks the permission to invoke, then invokes. The inner error is a response that is not understood.
    async fn check_response(&self) -> Result<Result<Response, serde_json::Error>, Finding> {
        self.invoke(InvocationType::DryRun, None).await?;
        let response = self.invoke(InvocationType::RequestResponse, Some(Blob::new(CHECK_REQUEST))).await?;
        let payload = response.payload().map(AsRef::as_ref).unwrap_or_default();
        if response.function_error().is_none() {
            return Ok(serde_json::from_slice(payload));
        }
        let log = self.context().log_group.as_deref().unwrap_or_default();
        Err(Finding::wrong(
            check::FUNCTION,
            format!("The function fails: {}.", why_it_failed(payload)),
            format!("Check its log {log}. `tickler init` restores the function."),
        ))
    }

    async fn invoke(
        &self,
        how: InvocationType,
        payload: Option<Blob>,
    ) -> Result<aws_sdk_lambda::operation::invoke::InvokeOutput, Finding> {
        let arn = &self.context().target_arn;
        let request = self.0.lambda.invoke().function_name(arn).invocation_type(how).set_payload(payload);
        request.send().await.map_err(|error| {
            let operation = Operation {
                failed: "The function could not be checked",
                action: "lambda:InvokeFunction",
                resource: arn.to_string(),
                kind: RequestKind::Read,
            };
            let failure = self.failure(&operation, &error);
            let missing = failure.kind == FailureKind::NotFound;
            let advice =
                "Set target_arn in the settings to the function that delivers, or create one with `tickler init`.";
            let failure = if missing { Failure { advice: advice.to_owned(), ..failure } } else { failure };
            Finding::failed(check::FUNCTION, failure)
        })
    }
}

impl Subscriptions {
    fn finding(&self) -> Finding {
        let confirm = "Follow the link in the mail from AWS Notifications; it may be in the junk folder. \
                       `tickler init --email ADDRESS` sends another.";
        let pending = self.pending;
        match (self.confirmed, self.pending) {
            (0, 0) => Finding::unknown(
                check::MAIL,
                "There is no mail subscription: deliveries are only in the log.",
                "`tickler init --email ADDRESS` mails each memo.",
            ),
            (0, _) => Finding::wrong(check::MAIL, format!("No subscription is confirmed; {pending} pending."), confirm),
            (1, 0) => Finding::ok(check::MAIL, "1 subscription is confirmed."),
            (some, 0) => Finding::ok(check::MAIL, format!("{some} subscriptions are confirmed.")),
            (some, _) => Finding::unknown(check::MAIL, format!("{some} confirmed, {pending} pending."), confirm),
        }
    }
}
