//! The whole program against an account that ministack plays: what `tickler init` has set up is what the program then
//! uses, and a person sees what has become of a memo. The program is the binary itself, in a terminal where a person
//! would have one.
//!
//! What ministack does not do is not shown here: see [`crate::ministack`]. The test memo of `init` is left out, since
//! its time is a full minute of the machine's clock.

mod delivery;
mod failures;
mod permissions;
mod person;
mod setup;

use serde_json::Value;

use crate::ministack::Server;
use crate::ministack::account::{Account, Outputs, STACK};
use person::Person;

/// An account with the stack, and the administrator who has set it up with `tickler init`.
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
