//! The resources of the stack, in plain words.

/// A resource of the template.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part {
    /// Its logical id.
    pub logical_id: &'static str,
    /// Its name in plain words.
    pub what: &'static str,
    /// Its purpose.
    pub purpose: &'static str,
}

/// All resources, in the order in which they are shown.
pub const PARTS: [Part; 10] = [
    Part { logical_id: "Group", what: "schedule group", purpose: "holds the schedules of pending memos" },
    Part { logical_id: "ExecuteMemo", what: "function executeMemo", purpose: "delivers a memo and logs it" },
    Part { logical_id: "ExecuteMemoRetries", what: "function retries", purpose: "two more tries, within an hour" },
    Part { logical_id: "Topic", what: "topic", purpose: "publishes each memo to its subscribers" },
    Part { logical_id: "MailSubscription", what: "mail subscription", purpose: "mails each memo" },
    Part { logical_id: "Log", what: "delivery log", purpose: "proves each delivery" },
    Part { logical_id: "DeadLetters", what: "dead-letter queue", purpose: "keeps failed deliveries for 14 days" },
    Part {
        logical_id: "SchedulerRole",
        what: "scheduler role",
        purpose: "may only invoke the function and send to the queue",
    },
    Part {
        logical_id: "FunctionRole",
        what: "function role",
        purpose: "may only publish to the topic, write to the log and send to the queue",
    },
    Part { logical_id: "UserPolicy", what: "user policy", purpose: "the least permissions that using tickler needs" },
];

/// The plain name of a resource, by its logical id.
pub(super) fn plain_name(logical_id: &str) -> Option<&'static str> {
    PARTS.iter().find(|part| part.logical_id == logical_id).map(|part| part.what)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::PARTS;
    use crate::aws::stack::model::{OURS, Outputs, TEMPLATE};

    /// The names in a section of the template, which are indented by two spaces.
    fn names(section: &str) -> BTreeSet<&'static str> {
        let lines = TEMPLATE.lines().skip_while(|line| line.trim_end() != format!("{section}:")).skip(1);
        lines
            .take_while(|line| line.is_empty() || line.starts_with([' ', '#']))
            .filter_map(|line| line.strip_prefix("  ")?.strip_suffix(':'))
            .filter(|name| !name.starts_with([' ', '#']))
            .collect()
    }

    #[test]
    fn every_resource_of_the_template_is_a_part() {
        let parts: BTreeSet<_> = PARTS.iter().map(|part| part.logical_id).collect();
        assert_eq!(parts, names("Resources"));
    }

    #[test]
    fn the_template_has_every_name_that_is_read() {
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
