//! The condition that a stack is in, by its status. Pure.

/// The condition of a stack, from which follows what to do about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Condition {
    /// Deleted: there is no stack.
    Deleted,
    /// An operation is in progress: follow it to its end.
    InProgress,
    /// Complete: it can be updated.
    Usable,
    /// Never complete, and CloudFormation does not update such a stack: delete it, then create it again.
    Broken,
    /// An update failed, and so did its rollback: only the person can decide.
    Stuck,
}

/// The condition that a status means.
///
/// A stack in review has only a change set: it has no resources, and despite its name the status never ends by itself.
#[must_use]
pub fn condition(status: &str) -> Condition {
    match status {
        "DELETE_COMPLETE" => Condition::Deleted,
        "REVIEW_IN_PROGRESS" | "ROLLBACK_COMPLETE" | "ROLLBACK_FAILED" | "CREATE_FAILED" | "DELETE_FAILED" => {
            Condition::Broken
        }
        "UPDATE_ROLLBACK_FAILED" | "IMPORT_ROLLBACK_FAILED" => Condition::Stuck,
        status if status.ends_with("_IN_PROGRESS") => Condition::InProgress,
        // UPDATE_FAILED too: someone disabled the rollback, and the stack can be updated.
        _ => Condition::Usable,
    }
}

#[cfg(test)]
mod tests {
    use aws_sdk_cloudformation::types::StackStatus;

    use super::condition;

    #[test]
    fn every_status_of_the_model_has_a_condition() {
        let mut report = Vec::new();
        for status in StackStatus::values() {
            report.push(format!("{status}: {:?}", condition(status)));
        }
        assert_eq!(
            report,
            [
                "CREATE_COMPLETE: Usable",
                "CREATE_FAILED: Broken",
                "CREATE_IN_PROGRESS: InProgress",
                "DELETE_COMPLETE: Deleted",
                "DELETE_FAILED: Broken",
                "DELETE_IN_PROGRESS: InProgress",
                "IMPORT_COMPLETE: Usable",
                "IMPORT_IN_PROGRESS: InProgress",
                "IMPORT_ROLLBACK_COMPLETE: Usable",
                "IMPORT_ROLLBACK_FAILED: Stuck",
                "IMPORT_ROLLBACK_IN_PROGRESS: InProgress",
                "REVIEW_IN_PROGRESS: Broken",
                "ROLLBACK_COMPLETE: Broken",
                "ROLLBACK_FAILED: Broken",
                "ROLLBACK_IN_PROGRESS: InProgress",
                "UPDATE_COMPLETE: Usable",
                "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS: InProgress",
                "UPDATE_FAILED: Usable",
                "UPDATE_IN_PROGRESS: InProgress",
                "UPDATE_ROLLBACK_COMPLETE: Usable",
                "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS: InProgress",
                "UPDATE_ROLLBACK_FAILED: Stuck",
                "UPDATE_ROLLBACK_IN_PROGRESS: InProgress",
            ]
        );
    }
}
