//! What the settings call the places and the actions. A name that was given once is never given up: it stands in
//! people's files.

use super::{Action, Binding, Edit, KeyContext, all};

impl KeyContext {
    /// Its section in the settings, `[keys.SECTION]`.
    #[must_use]
    pub fn section(self) -> &'static str {
        match self {
            Self::Anywhere => "everywhere",
            Self::Pending => "pending",
            Self::History => "history",
            Self::Calendar => "calendar",
            Self::Hours => "hours",
            Self::Filter => "filter",
            Self::Form => "form",
            Self::Details => "details",
            Self::Confirm => "question",
            Self::Choose => "choice",
            Self::Words => "in-words",
            Self::Palette => "palette",
            Self::Help => "help",
        }
    }

    /// What can be done there, of all that can be given another key; each once.
    pub fn lines(self) -> impl Iterator<Item = (&'static str, &'static Binding)> {
        let of = move |action: Action| all().filter(move |line| (line.context, line.action) == (self, action));
        let firsts = all().filter(move |line| of(line.action).next().is_some_and(|first| std::ptr::eq(first, *line)));
        // What has several lines is described by the first that says something.
        let told = move |first: &'static Binding| of(first.action).find(|line| !line.long.is_empty()).unwrap_or(first);
        firsts.filter_map(move |first| Some((first.action.name()?, told(first))))
    }
}

impl Action {
    /// What the settings call it; `None` where its keys cannot be other ones.
    #[must_use]
    pub fn name(self) -> Option<&'static str> {
        Some(match self {
            Self::New => "add",
            Self::Change => "edit",
            Self::Duplicate => "duplicate",
            Self::Copy => "copy",
            Self::Palette => "show-palette",
            Self::Open => "open",
            Self::Snooze => "snooze",
            Self::Cancel => "cancel",
            Self::PutAway => "put-away",
            Self::PutAwayAll => "put-away-all",
            Self::Filter => "type-filter",
            Self::ClearFilter => "clear-filter",
            Self::KeepFilter => "keep-filter",
            Self::Mark => "mark",
            Self::MarkRange => "mark-range",
            Self::MarkAll => "mark-all",
            Self::Unmark => "unmark",
            Self::Sort => "sort",
            Self::TurnAround => "turn-around",
            Self::ByDay => "by-day",
            Self::Run => "run-now",
            Self::Undo => "undo",
            Self::Redo => "redo",
            Self::Refresh => "refresh",
            Self::Stop => "stop",
            Self::Down => "next-line",
            Self::Up => "previous-line",
            Self::First => "first-line",
            Self::Last => "last-line",
            Self::PageDown => "page-down",
            Self::PageUp => "page-up",
            Self::ShowPending => "show-pending",
            Self::ShowHistory => "show-history",
            Self::ShowCalendar => "show-calendar",
            Self::ShowHours => "show-hours",
            Self::OpenHour => "open-hour",
            Self::NextView => "next-view",
            Self::PreviousView => "previous-view",
            Self::OpenDay => "open-day",
            Self::Left => "left",
            Self::Right => "right",
            Self::Contexts => "contexts",
            Self::Help => "show-help",
            Self::Back => "back",
            Self::Dismiss => "dismiss",
            Self::NextField => "next-field",
            Self::PreviousField => "previous-field",
            Self::Advance => "advance",
            Self::Submit => "schedule",
            Self::NextZone => "next-zone",
            Self::PreviousZone => "previous-zone",
            Self::Empty => "empty-form",
            Self::KeepWords => "keep-words",
            Self::Edit(edit) => return edit.name(),
            Self::Yes => "yes",
            Self::No => "no",
            Self::Words => "answer-in-words",
            Self::Take => "take",
            // The key says which.
            Self::Pick => return None,
            Self::Redraw => "redraw",
            Self::Suspend => "suspend",
            Self::Quit => "quit",
        })
    }
}

impl Edit {
    fn name(self) -> Option<&'static str> {
        Some(match self {
            // The key says what.
            Self::Insert(_) => return None,
            Self::NewLine => "new-line",
            Self::DeleteBack => "delete-back",
            Self::DeleteForward => "delete-forward",
            Self::DeleteWordBack => "delete-word-back",
            Self::DeleteWordForward => "delete-word-forward",
            Self::DeleteToStart => "delete-to-start",
            Self::DeleteToEnd => "delete-to-end",
            Self::Yank => "yank",
            Self::Undo => "undo-text",
            Self::Redo => "redo-text",
            Self::Back => "character-back",
            Self::Forward => "character-forward",
            Self::WordBack => "word-back",
            Self::WordForward => "word-forward",
            Self::LineStart => "line-start",
            Self::LineEnd => "line-end",
            Self::LineUp => "line-up",
            Self::LineDown => "line-down",
        })
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::super::{Action, KeyContext, all};

    #[test]
    fn no_two_actions_share_a_name_and_none_is_called_like_a_place() {
        let mut actions: HashMap<&str, Action> = HashMap::new();
        for line in all() {
            let Some(name) = line.action.name() else { continue };
            assert_eq!(*actions.entry(name).or_insert(line.action), line.action, "{name}");
            assert!(name.chars().all(|letter| letter.is_ascii_lowercase() || letter == '-'), "{name}");
        }
        // `[keys]` holds the names of both.
        for context in KeyContext::ALL {
            assert!(!actions.contains_key(context.section()), "{}", context.section());
        }
    }

    #[test]
    fn each_place_stands_in_the_list_of_places() {
        for line in all() {
            assert_eq!(
                KeyContext::ALL.iter().filter(|context| **context == line.context).count(),
                1,
                "{:?}",
                line.context
            );
        }
    }

    #[test]
    fn lines_of_one_action_in_one_place_have_the_same_keys() {
        for line in all() {
            let same = all().filter(|other| (other.context, other.action) == (line.context, line.action));
            for other in same {
                assert_eq!(other.keys, line.keys, "{:?} in {:?}", line.action, line.context);
            }
        }
    }
}
