//! What the stack consists of, in words that a person understands who has never read its template.

/// A resource of the template.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part {
    /// Its name in the template.
    pub logical_id: &'static str,
    /// What it is.
    pub what: &'static str,
    /// What it is for.
    pub purpose: &'static str,
}

/// All of them, in the order in which they are told.
pub const PARTS: [Part; 10] = [
    Part { logical_id: "Group", what: "schedule group", purpose: "where the memos wait" },
    Part {
        logical_id: "ExecuteMemo",
        what: "function executeMemo",
        purpose: "delivers a memo, and writes a line about it",
    },
    Part {
        logical_id: "ExecuteMemoRetries",
        what: "retries of the function",
        purpose: "twice more, for an hour at most",
    },
    Part { logical_id: "Topic", what: "topic", purpose: "where memos are published; whoever subscribes gets them" },
    Part { logical_id: "MailSubscription", what: "mail subscription", purpose: "gets the memos by mail" },
    Part { logical_id: "Log", what: "delivery log", purpose: "proves what was delivered" },
    Part {
        logical_id: "DeadLetters",
        what: "dead-letter queue",
        purpose: "keeps for 14 days what could not be delivered",
    },
    Part {
        logical_id: "SchedulerRole",
        what: "role of the scheduler",
        purpose: "may call that function, and nothing else",
    },
    Part {
        logical_id: "FunctionRole",
        what: "role of the function",
        purpose: "may write the log, and publish to the topic",
    },
    Part { logical_id: "UserPolicy", what: "policy for users", purpose: "the least that using tickler takes" },
];

/// What a resource is, by its name in the template.
pub(super) fn what(logical_id: &str) -> Option<&'static str> {
    PARTS.iter().find(|part| part.logical_id == logical_id).map(|part| part.what)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::PARTS;
    use crate::aws::stack::model::{OURS, Outputs, TEMPLATE};

    /// The names in a section of the template: what is indented by two blanks.
    fn names(section: &str) -> BTreeSet<&'static str> {
        let lines = TEMPLATE.lines().skip_while(|line| line.trim_end() != format!("{section}:")).skip(1);
        lines
            .take_while(|line| line.is_empty() || line.starts_with([' ', '#']))
            .filter_map(|line| line.strip_prefix("  ")?.strip_suffix(':'))
            .filter(|name| !name.starts_with([' ', '#']))
            .collect()
    }

    #[test]
    fn every_resource_of_the_template_is_told() {
        let told: BTreeSet<_> = PARTS.iter().map(|part| part.logical_id).collect();
        assert_eq!(told, names("Resources"));
    }

    #[test]
    fn what_is_read_of_the_template_is_in_it() {
        assert_eq!(names("Parameters"), ["Email", "RetentionDays"].into());
        for output in ["GroupName", "FunctionArn", "SchedulerRoleArn", "QueueArn", "LogGroupName", "PolicyArn"] {
            assert!(names("Outputs").contains(output), "there is no output {output}");
        }
        let group = Outputs::group_of("${AWS::StackName}");
        assert!(TEMPLATE.contains(&format!("Name: !Sub {group}\n")), "the group has another name than {group}");
        let (_, description) = TEMPLATE.split_once("Description: >-").unwrap();
        assert!(description.trim_start().starts_with(OURS));
    }
}
