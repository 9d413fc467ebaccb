//! The function that delivers: whether the person may call it, whether it runs, and whether anybody would be told.

use aws_sdk_lambda::primitives::Blob;
use aws_sdk_lambda::types::InvocationType;
use serde::Deserialize;

use super::finding::{Finding, check};
use crate::aws::client::Scheduler;
use crate::aws::error::{Operation, RequestKind};
use crate::aws::run::why_it_failed;
use crate::failure::{Failure, FailureKind};

/// What makes executeMemo say how it is, instead of delivering.
const QUESTION: &str = r#"{"check":true}"#;

/// What executeMemo answers to it.
#[derive(Deserialize)]
struct Answer {
    /// The version of what it writes; whatever answers without is somebody else's function.
    #[serde(rename = "tickler")]
    _version: u32,
    subscriptions: Subscriptions,
}

/// Who gets what is published.
#[derive(Deserialize)]
struct Subscriptions {
    confirmed: u64,
    pending: u64,
}

impl Scheduler {
    /// The function, and who is told by it.
    pub(super) async fn check_function(&self) -> [Finding; 2] {
        let context = self.context();
        let not_asked = |because| Finding::skipped(check::MAIL, because);
        let Some(function) = context.target_arn.function_name() else {
            let found =
                format!("The target {} is no Lambda function, so it cannot be asked how it is.", context.target_arn);
            let finding = Finding::unknown(check::FUNCTION, found, "Look at the target itself.");
            return [finding, not_asked("the target is no function")];
        };
        if context.read_only {
            // Whatever function stands there, it does something when it is called.
            let found = format!("The function {function} was not called, because nothing is to be changed here.");
            let finding = Finding::unknown(check::FUNCTION, found, "Run `tickler doctor` without read-only.");
            return [finding, not_asked("the function was not called")];
        }
        match self.ask_function().await {
            Ok(Ok(Answer { subscriptions, .. })) => {
                let found = format!("The function {function} may be called, and answers.");
                [Finding::ok(check::FUNCTION, found), subscriptions.finding()]
            }
            Ok(Err(_)) => {
                let found =
                    format!("The function {function} may be called, but does not answer as tickler's own does.");
                let advice = "If it delivers in its own way, all is well. `tickler init` makes one that can be asked.";
                [Finding::unknown(check::FUNCTION, found, advice), not_asked("the function does not say")]
            }
            Err(finding) => [finding, not_asked("the function does not answer")],
        }
    }

    /// First whether one may call it, then what it says; what is not understood of that is the inner error.
    async fn ask_function(&self) -> Result<Result<Answer, serde_json::Error>, Finding> {
        self.invoke(InvocationType::DryRun, None).await?;
        let answer = self.invoke(InvocationType::RequestResponse, Some(Blob::new(QUESTION))).await?;
        let payload = answer.payload().map(AsRef::as_ref).unwrap_or_default();
        if answer.function_error().is_none() {
            return Ok(serde_json::from_slice(payload));
        }
        let log = self.context().log_group.as_deref().unwrap_or("of the function");
        Err(Finding::wrong(
            check::FUNCTION,
            format!("The function fails: {}.", why_it_failed(payload)),
            format!("Look at its log {log}. `tickler init` puts a function back as it has to be."),
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
                failed: "The function could not be asked",
                action: "lambda:InvokeFunction",
                resource: arn.to_string(),
                kind: RequestKind::Read,
            };
            let failure = self.failure(&operation, &error);
            let missing = failure.kind == FailureKind::NotFound;
            let advice =
                "Name the function that delivers as target_arn in the settings, or make one with `tickler init`.";
            let failure = if missing { Failure { advice: advice.to_owned(), ..failure } } else { failure };
            Finding::failed(check::FUNCTION, failure)
        })
    }
}

impl Subscriptions {
    fn finding(&self) -> Finding {
        let waiting = if self.pending == 1 { "1 has".to_owned() } else { format!("{} have", self.pending) };
        let confirm = "Confirm by the link in the mail from AWS Notifications; it may be among the junk. \
                       `tickler init --email ADDRESS` sends another.";
        match (self.confirmed, self.pending) {
            (0, 0) => Finding::unknown(
                check::MAIL,
                "Nobody is told by mail: what is delivered is in the log alone.",
                "`tickler init --email ADDRESS` sends each memo there.",
            ),
            (0, _) => Finding::wrong(check::MAIL, format!("Nobody is told yet: {waiting} yet to confirm."), confirm),
            (1, 0) => Finding::ok(check::MAIL, "One subscriber is told."),
            (some, 0) => Finding::ok(check::MAIL, format!("{some} subscribers are told.")),
            (some, _) => Finding::unknown(check::MAIL, format!("Told: {some}; {waiting} yet to confirm."), confirm),
        }
    }
}
