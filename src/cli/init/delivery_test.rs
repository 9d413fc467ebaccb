//! The test at the end of `init`: a memo that is due in a minute, and its line in the delivery log. `doctor` runs the
//! same one.

use std::cell::{Cell, RefCell};

use uuid::Uuid;
use when::Tz;

use crate::aws::{CheckState, ProofProgress, Scheduler, prove_delivery};
use crate::cli::prompt::{Prompt, Stop};
use crate::failure::{Failure, FailureKind};
use crate::memo::MemoId;

/// Schedules a memo, and waits until the log has its delivery.
pub(super) async fn run(scheduler: &Scheduler, prompt: &mut dyn Prompt) -> Result<(), Stop> {
    let id = MemoId::from_random(Uuid::new_v4().into_bytes());
    let announced = Cell::new(false);
    let prompt = RefCell::new(prompt);
    let announce = |ProofProgress { due, until, .. }: ProofProgress| {
        if !announced.replace(true) {
            prompt.borrow_mut().print(&format!(
                "A test memo is due at {} UTC. Waiting for its delivery until {} UTC at the latest …",
                due.format("%H:%M"),
                until.format("%H:%M")
            ));
        }
    };
    let finding = prove_delivery(scheduler, id, Tz::UTC, announce).await;
    match finding.state {
        CheckState::Ok => {
            prompt.borrow_mut().print(&format!("  ✓ {} The setup is complete.", finding.found));
            Ok(())
        }
        CheckState::Wrong | CheckState::Unknown => Err(Stop::Failed(Failure::new(
            FailureKind::NotFound,
            format!("The setup is complete, but the test did not prove that memos arrive. {}", finding.found),
            format!("{} `tickler doctor` checks the rest.", finding.advice),
        ))),
    }
}
