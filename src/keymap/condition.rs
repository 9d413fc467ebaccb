//! Conditions: when a key is available. The table names them, the program's state evaluates them.

use super::context::KeyContext;

/// When a binding is available.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// Always.
    Always,
    /// A delivery that arrived is selected.
    DeliverySelected,
    /// A delivery that arrived or failed is selected.
    ArrivalSelected,
    /// More than one delivery has arrived.
    SeveralArrived,
    /// The selected line has details: a schedule, or a failed delivery.
    HasDetails,
    /// A memo is selected.
    MemoSelected,
    /// A memo is selected, and no change of it is being sent.
    CanEdit,
    /// The selection can be snoozed.
    CanSnooze,
    /// The selection can be cancelled.
    CanCancel,
    /// The selected memo can be delivered now.
    CanRun,
    /// Something of the selection can be copied.
    CanCopy,
    /// A change can be undone.
    CanUndo,
    /// An undone change can be made again.
    CanRedo,
    /// A batch or a long read is running.
    CanStop,
    /// Memos are marked, and `Esc` is not needed to dismiss a banner.
    CanUnmark,
    /// The list has a filter.
    HasFilter,
    /// The list is sorted by due time.
    SortedByDue,
    /// A line of the history is selected.
    ReceiptSelected,
    /// A memo is due in the selected hour.
    HourHasMemos,
    /// There is more than one context.
    HasContexts,
    /// The Zone field offers suggestions.
    OffersZones,
    /// The cursor is in the Memo field of a new memo, whose text may state a time.
    MayStateTime,
    /// The form has content.
    FormHasText,
    /// The open question may be answered with yes: nobody has typed a sentence over it.
    CanAgree,
    /// The question also takes a typed answer.
    AcceptsWords,
    /// A banner is shown.
    HasBanner,
}

/// What the keymap asks of the program's state.
pub trait KeyState {
    /// The context that has the keys.
    fn key_context(&self) -> KeyContext;

    /// Whether a condition holds now.
    fn holds(&self, when: When) -> bool;

    /// Whether the current context is read-only.
    fn is_read_only(&self) -> bool;
}
