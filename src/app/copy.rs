//! Copying: what of a memo goes to the terminal's clipboard.

use chrono::{DateTime, Utc};

use crate::schedule::{Body, Name};

use super::message::{Copied, Effect, Request};
use super::modal::Modal;
use super::model::App;
use super::view::View;

/// One thing on offer, and what it is called.
pub type Offer = (&'static str, Copied);

impl App {
    /// Something is selected that can be copied.
    #[must_use]
    pub fn can_copy(&self) -> bool {
        match self.view {
            View::Pending => self.selected_line().is_some(),
            View::History => self.has_history_selected(),
            View::Calendar | View::Hours => false,
        }
    }

    fn offers(&self) -> Vec<Offer> {
        let receipt = match self.view {
            View::Pending | View::Calendar | View::Hours => self.selected_arrived(),
            View::History => self.current().history.selected(),
        };
        if let Some(receipt) = receipt {
            let id = receipt.id.map(|id| ("its id", Copied::Text(id.to_string())));
            return [("the memo", Copied::Text(receipt.text.clone()))].into_iter().chain(id).collect();
        }
        let Some(row) = self.selected_row() else { return Vec::new() };
        let arn = Copied::Arn(Name::clone(&row.name));
        match &row.body {
            Body::Memo(memo) => vec![
                ("the memo", Copied::Text(memo.text.clone())),
                ("its id", Copied::Text(memo.id.to_string())),
                ("the ARN of its schedule", arn),
                ("the aws command that schedules it", Copied::Command(Box::new(memo.clone()))),
            ],
            Body::Foreign(_) => vec![("its name", Copied::Text(row.name.to_string())), ("its ARN", arn)],
        }
    }

    pub(super) fn ask_what_to_copy(&mut self) {
        let offers = self.offers();
        if !offers.is_empty() {
            self.modal = Some(Modal::Copy { offers, selected: 0 });
        }
    }

    /// One of the things on offer was picked, counted from 0, or the highlighted one.
    pub(super) fn copy(&mut self, index: Option<usize>, now: DateTime<Utc>) -> Vec<Effect> {
        let Some(Modal::Copy { offers, selected }) = &self.modal else { return Vec::new() };
        let Some((_, what)) = offers.get(index.unwrap_or(*selected)).cloned() else { return Vec::new() };
        self.modal = None;
        match what {
            Copied::Text(text) => self.clip(text, now),
            what => self.here().map(|here| Effect::Request(here.id.clone(), Request::Copy(what))).into_iter().collect(),
        }
    }

    pub(super) fn clip(&mut self, text: String, now: DateTime<Utc>) -> Vec<Effect> {
        let line = text.lines().next().unwrap_or_default();
        let short: String = line.chars().take(60).collect();
        let more = if short.len() < text.len() { "…" } else { "" };
        // A terminal does not say whether it did what it was asked to.
        self.banners.say(format!("Copied, where the terminal allows it: {short}{more}"), now);
        vec![Effect::Copy(text)]
    }
}
