//! What the status of a stack calls for. Pure: a word in, a verdict out.

/// What is to be done about a stack.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It was deleted: there is none.
    Gone,
    /// Something goes on: watch it to its end.
    Watch,
    /// It is whole: update it.
    Update,
    /// It never came to be whole, and CloudFormation does not change such a stack: delete it, and create it again.
    Replace,
    /// An update failed, and so did its way back: only the person can say how it goes on.
    Stuck,
}

/// What a status calls for.
///
/// The words are CloudFormation's. A stack in review is one of which only a change set was made: it has no resource,
/// and its status, though it says so, never comes to an end by itself.
#[must_use]
pub fn verdict(status: &str) -> Verdict {
    match status {
        "DELETE_COMPLETE" => Verdict::Gone,
        "REVIEW_IN_PROGRESS" | "ROLLBACK_COMPLETE" | "ROLLBACK_FAILED" | "CREATE_FAILED" | "DELETE_FAILED" => {
            Verdict::Replace
        }
        "UPDATE_ROLLBACK_FAILED" | "IMPORT_ROLLBACK_FAILED" => Verdict::Stuck,
        status if status.ends_with("_IN_PROGRESS") => Verdict::Watch,
        // UPDATE_FAILED too: somebody asked that a failed update be left as it was, and it may be updated.
        _ => Verdict::Update,
    }
}

#[cfg(test)]
mod tests {
    use aws_sdk_cloudformation::types::StackStatus;

    use super::verdict;

    #[test]
    fn every_status_of_the_model_has_its_verdict() {
        let mut report = Vec::new();
        for status in StackStatus::values() {
            report.push(format!("{status}: {:?}", verdict(status)));
        }
        assert_eq!(
            report,
            [
                "CREATE_COMPLETE: Update",
                "CREATE_FAILED: Replace",
                "CREATE_IN_PROGRESS: Watch",
                "DELETE_COMPLETE: Gone",
                "DELETE_FAILED: Replace",
                "DELETE_IN_PROGRESS: Watch",
                "IMPORT_COMPLETE: Update",
                "IMPORT_IN_PROGRESS: Watch",
                "IMPORT_ROLLBACK_COMPLETE: Update",
                "IMPORT_ROLLBACK_FAILED: Stuck",
                "IMPORT_ROLLBACK_IN_PROGRESS: Watch",
                "REVIEW_IN_PROGRESS: Replace",
                "ROLLBACK_COMPLETE: Replace",
                "ROLLBACK_FAILED: Replace",
                "ROLLBACK_IN_PROGRESS: Watch",
                "UPDATE_COMPLETE: Update",
                "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS: Watch",
                "UPDATE_FAILED: Update",
                "UPDATE_IN_PROGRESS: Watch",
                "UPDATE_ROLLBACK_COMPLETE: Update",
                "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS: Watch",
                "UPDATE_ROLLBACK_FAILED: Stuck",
                "UPDATE_ROLLBACK_IN_PROGRESS: Watch",
            ]
        );
    }
}
