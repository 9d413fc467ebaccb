//! The whole program against an account that ministack emulates: `tickler init` sets it up, tickler uses it, and a person
//! sees what happens to a memo. The program is the real binary, in a terminal where a person would have one.
//!
//! [`crate::ministack`] lists what ministack does not cover. The test memo of `init` is left out, because it takes up to a
//! full minute of real time.

mod delivery;
mod failures;
mod permissions;
mod person;
mod setup;

use serde_json::Value;

use crate::ministack::Server;
use crate::ministack::account::{Account, Outputs, STACK};
use person::Person;

/// An account with the stack, and the administrator who set it up with `tickler init`.
async fn set_up(server: Server) -> (Account, Outputs, Person) {
    let account = Account::new(server);
    let person = Person::with_account(&account);
    person.tickler(&person::INIT);
    let outputs = account.outputs(STACK).await;
    (account, outputs, person)
}

/// The text of a field.
fn text<'a>(value: &'a Value, field: &str) -> &'a str {
    value[field].as_str().unwrap_or_else(|| panic!("{field} is no text in {value:#}"))
}
