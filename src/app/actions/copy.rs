//! Copying to the clipboard of the terminal.

use chrono::{DateTime, Utc};

use crate::app::message::Copied;
use crate::app::message::{Effect, Request};
use crate::app::modal::Modal;
use crate::app::modal::Offer;
use crate::app::model::App;
use crate::app::view::View;
use crate::schedule::{Body, Name};

impl App {
    /// Something of the selection can be copied.
    pub(in crate::app) fn can_copy(&self) -> bool {
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
            let id = receipt.id.map(|id| ("id", Copied::Text(id.to_string())));
            return [("memo", Copied::Text(receipt.text.clone()))].into_iter().chain(id).collect();
        }
        let Some(row) = self.selected_row() else { return Vec::new() };
        let arn = Copied::Arn(Name::clone(&row.name));
        match &row.body {
            Body::Memo(memo) => vec![
                ("memo", Copied::Text(memo.text.clone())),
                ("id", Copied::Text(memo.id.to_string())),
                ("ARN of its schedule", arn),
                ("aws command that schedules it", Copied::Command(Box::new(memo.clone()))),
            ],
            Body::Foreign(_) => vec![("name", Copied::Text(row.name.to_string())), ("ARN", arn)],
        }
    }

    pub(super) fn ask_what_to_copy(&mut self) {
        let offers = self.offers();
        if !offers.is_empty() {
            self.modal = Some(Modal::Copy { offers, selected: 0 });
        }
    }

    /// Copies the offer with this index, or the highlighted one.
    pub(super) fn copy(&mut self, index: Option<usize>, now: DateTime<Utc>) -> Vec<Effect> {
        let Some(Modal::Copy { offers, selected }) = &self.modal else { return Vec::new() };
        let Some((_, what)) = offers.get(index.unwrap_or(*selected)).cloned() else { return Vec::new() };
        self.modal = None;
        match what {
            Copied::Text(text) => self.clip(text, now),
            what @ (Copied::Arn(_) | Copied::Command(_)) => {
                self.here().map(|here| Effect::Request(here.id.clone(), Request::Copy(what))).into_iter().collect()
            }
        }
    }

    /// Copies a text to the clipboard of the terminal.
    pub(in crate::app) fn clip(&mut self, text: String, now: DateTime<Utc>) -> Vec<Effect> {
        // A terminal does not report whether it copied.
        self.banners.say(format!("Copied, if the terminal allows it: {}", beginning(&text)), now);
        vec![Effect::Copy(text)]
    }

    /// Says whether tmux took a copy.
    pub(in crate::app) fn given_to_tmux(&mut self, text: &str, result: Result<(), String>, now: DateTime<Utc>) {
        match result {
            Ok(()) => {
                let text = beginning(text);
                self.banners.say(
                    format!("Copied to tmux's buffer, and to the clipboard if the terminal allows it: {text}"),
                    now,
                );
            }
            Err(why) => self.banners.warn(format!("tmux did not take the copy: {why}.")),
        }
    }
}

/// The beginning of a text, for a message.
fn beginning(text: &str) -> String {
    let line = text.lines().next().unwrap_or_default();
    let short: String = line.chars().take(60).collect();
    let more = if short.len() < text.len() { "…" } else { "" };
    format!("{short}{more}")
}
